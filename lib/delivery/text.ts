/** Composes the text that carries a one-time code. */

import { wordingOf, type Locale } from "./wording";

/** What a text says. `appName` and `host` as `readAppName` and `readOrigin` give them. */
export interface TextContent {
  appName: string;
  code: string;
  /** Whole minutes for which the code stays good; with less than one, the text promises nothing. */
  minutes: number;
  /** What the proof is for; absent or empty for the plain second factor. */
  purpose?: string;
  locale: Locale;
  /** The one host that a browser may fill the code in for. Never take it from a request. */
  host?: string | undefined;
}

/**
 * The whole text: the code first, its digits together; the app's name; its life; a warning. With
 * `host`, the last line binds the code to that host (WICG sms-one-time-codes), so that no browser
 * offers it on a page that imitates the app.
 */
export function composeText(content: TextContent): string {
  const { appName, code, minutes, locale, host, purpose = "" } = content;
  const { names, expires, warns } = wordingOf(locale);
  // Two codes may be open at once: the text says which this is.
  const name = purpose === "" ? appName : `${appName} (${purpose})`;
  const life = minutes < 1 ? "" : ` ${expires(minutes)}`;
  const sentences = `${names(code, name)}${life} ${warns}`;
  return host === undefined ? sentences : `${sentences}\n\n@${host} #${code}`;
}
