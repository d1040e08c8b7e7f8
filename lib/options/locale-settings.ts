/** The option `locales` as the inside reads it: each word checked, and what a new language lacks named. */

import { CALL_KINDS, CALL_WORDS, type CallWords } from "../delivery/spoken";
import { TEXT_KINDS, TEXT_WORDS, type TextWords } from "../delivery/wording";
import type { Changes, SomeOf } from "../std/language";
import { refuse, refuseUnknown } from "../std/option-checks";
import { guardWords, readWords } from "../std/words";
import type { PageLanguage, PageWords } from "./page-words";

type TextLanguage = keyof typeof TEXT_WORDS;
type Served = TextLanguage | PageLanguage;

type LettersOf<S extends string> = S extends `${infer L}${infer Rest}`
  ? L | LettersOf<Rest>
  : never;
type Letter = LettersOf<"abcdefghijklmnopqrstuvwxyz">;

/** Words of one language: every one of what is new, and of what is there already those that change. */
export interface LocaleWords<L extends string = string> {
  /** What texts say. */
  text?: (L extends TextLanguage ? SomeOf<TextWords> : TextWords) | undefined;
  /** What calls say; who reads a language without it is called in the next that they ask for. */
  call?: (L extends TextLanguage ? SomeOf<CallWords> : CallWords) | undefined;
  /** What the pages say. */
  pages?: (L extends PageLanguage ? SomeOf<PageWords> : PageWords) | undefined;
}

/** Languages by the two letters of ISO 639-1, such as `it`. `false` leaves out one that is there. */
export type Locales = {
  [L in Served]?: LocaleWords<L> | (L extends "en" ? never : false) | undefined;
} & {
  [L in Exclude<`${Letter}${Letter}`, Served>]?: LocaleWords<L> | undefined;
};

/** What an app has words of its own for. Those of the pages are checked where the pages' own are. */
export interface LocaleSettings {
  text: Changes<TextWords>;
  call: Changes<CallWords>;
  pages: Readonly<Record<string, unknown>>;
}

/** Checks the option `locales`. */
export function readLocales(value: unknown): LocaleSettings {
  const own: Own = { text: {}, call: {}, pages: {} };
  if (value === undefined) return own;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse("locales", "to be languages with their words, such as `{ it: { text, pages } }`", value);
  }
  for (const [tag, words] of Object.entries(value) as [string, unknown][]) {
    if (!/^[a-z]{2,3}$/.test(tag)) refuseTag(tag);
    if (words === false) leaveOut(own, tag);
    else if (words !== undefined) addTo(own, tag, words);
  }
  return own;
}

type Own = { [Half in keyof LocaleSettings]: Record<string, LocaleSettings[Half][string]> };

function leaveOut({ text, call, pages }: Own, tag: string): void {
  if (tag === "en") {
    refuse("locales.en", "to stay: it is for those who read no other language", false);
  }
  for (const half of [text, call, pages]) half[tag] = false;
}

function addTo(own: Own, tag: string, words: unknown): void {
  const option = `locales.${tag}`;
  refuseUnknown(`\`${option}\``, words, { text: true, call: true, pages: true });
  const { text, call, pages } = words;
  if ([text, call, pages].every((half) => half === undefined)) {
    refuse(option, "to have `text`, `call` or `pages`", words);
  }
  if (text !== undefined) {
    const isNew = !Object.hasOwn(TEXT_WORDS, tag);
    own.text[tag] = readWords<TextWords>(`${option}.text`, text, { kinds: TEXT_KINDS, isNew });
  }
  if (call !== undefined) {
    const base = new Map(Object.entries(CALL_WORDS)).get(tag);
    const parts = { kinds: CALL_KINDS, isNew: base === undefined };
    const read = readWords<CallWords>(`${option}.call`, call, parts);
    own.call[tag] = guardWords(read, base ?? CALL_WORDS.en, `${option}.call`);
  }
  if (pages !== undefined) own.pages[tag] = pages;
}

function refuseTag(tag: string): never {
  const [, language = ""] = /^([a-z]{2,3})[-_]/i.exec(tag) ?? [];
  const hint =
    language === ""
      ? ""
      : ` Name it \`${language.toLowerCase()}\`: regions are served by their language.`;
  return refuse(
    "locales",
    "to name languages by the two letters of ISO 639-1, such as `it`",
    tag,
    hint,
  );
}
