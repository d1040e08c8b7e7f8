/** Which language somebody reads, of those that the pages speak. */

import { chooseLanguage, type LanguageWishes } from "../../std/language";
import { ar } from "./ar";
import { de } from "./de";
import { en } from "./en";
import { es } from "./es";
import { fr } from "./fr";
import { pt } from "./pt";
import type { Words } from "./words";

/** A language that the pages speak. */
export type PageLocale = keyof typeof WORDS;

const WORDS = { en, es, fr, de, pt, ar } satisfies Record<string, Words>;

/** All languages that the pages speak. */
export const PAGE_LOCALES = Object.keys(WORDS) as [PageLocale, ...PageLocale[]];

/** The words of a language. */
export function wordsOf(locale: PageLocale): Words {
  return WORDS[locale];
}

/** The language of a page for somebody, chosen as the text's is; English where none will do. */
export function choosePageLocale(wishes: LanguageWishes): PageLocale {
  return chooseLanguage(PAGE_LOCALES, wishes);
}

/** A length of time for people to read. The script writes it the same way. */
export function timeOf(seconds: number, locale: PageLocale): string {
  return seconds < 90
    ? inWords(seconds, "second", locale)
    : inWords(Math.ceil(seconds / 60), "minute", locale);
}

const UNITS = { day: 86_400, hour: 3600, minute: 60 };

/** A length of time as it was set, in the largest unit that it is whole in. */
export function spanOf(seconds: number, locale: PageLocale): string {
  const [unit, size] = Object.entries(UNITS).find(([, each]) => seconds % each === 0) ?? [];
  return inWords(seconds / (size ?? 1), unit ?? "second", locale);
}

function inWords(amount: number, unit: string, locale: PageLocale): string {
  return new Intl.NumberFormat(tagOf(locale), {
    style: "unit",
    unit,
    unitDisplay: "long",
  }).format(amount);
}

// The digits of the code are those of the text, so those of times are no others.
function tagOf(locale: PageLocale): string {
  return `${locale}-u-nu-latn`;
}
