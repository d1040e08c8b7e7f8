/** What a page is drawn with, and what drawing one gives. */

import type { PageLink } from "../../options/options";
import type { Html } from "../../std/html";
import type { PageWords } from "../../options/page-words";

/** What a page is drawn with. */
export interface View {
  words: PageWords;
  /** BCP 47 tag. */
  locale: string;
  appName: string;
  codeLength: number;
  /** Whether codes may travel by call. */
  isCallable: boolean;
  /** What each class and id begins with. */
  prefix: string;
  /** Hidden fields of each form of the pages. */
  hidden: Html;
  /** Hidden fields of forms that go to the app. */
  appHidden: Html;
  /** Where codes and requests for texts are posted. */
  actions: { code: string; text: string };
  /** The same for the number page, and its own address. */
  numberActions: { number: string; code: string; text: string };
  /** Where a recovery code is typed in the place of a code; absent where none will do. */
  recoveryPath: string | undefined;
  /** Where another number is named behind a recovery code; absent where one will do by itself. */
  newNumberPath: string | undefined;
  /** Where a recovery code is posted, and what asks for new ones. */
  recoveryActions: { code: string; make: string };
  logOutPath: string | undefined;
  supportUrl: string | undefined;
  /** The app is asked where they are drawn. */
  alternatives: () => readonly PageLink[];
  endSessionsPath: string | undefined;
}

/** A page without its frame. */
export interface Page {
  title: string;
  body: Html;
  /** Whether it tells of a mistake. */
  hasMistake: boolean;
  /** Where the browser goes on to by itself. */
  goesTo?: string;
}
