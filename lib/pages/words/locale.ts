/** The languages that the pages speak, and times in them. */

import { ar } from "./ar";
import { de } from "./de";
import { en } from "./en";
import { es } from "./es";
import { fr } from "./fr";
import { it } from "./it";
import { ja } from "./ja";
import { nl } from "./nl";
import { pl } from "./pl";
import { pt } from "./pt";
import type { PageLanguage, PageWords } from "../../options/page-words";

/** What the pages say in each language; English first, for those who read none of them. */
export const PAGE_WORDS = {
  en,
  es,
  fr,
  de,
  pt,
  it,
  nl,
  pl,
  ja,
  ar,
} satisfies Record<PageLanguage, PageWords>;

/** A length of time for people to read. The script writes it the same way. */
export function timeOf(seconds: number, locale: string): string {
  return seconds < 90
    ? inWords(seconds, "second", locale)
    : inWords(Math.ceil(seconds / 60), "minute", locale);
}

const UNITS = { day: 86_400, hour: 3600, minute: 60 };

/** A length of time as it was set, in the largest unit that it is whole in. */
export function spanOf(seconds: number, locale: string): string {
  const [unit, size] = Object.entries(UNITS).find(([, each]) => seconds % each === 0) ?? [];
  return inWords(seconds / (size ?? 1), unit ?? "second", locale);
}

function inWords(amount: number, unit: string, locale: string): string {
  // The digits of the code are those of the text, so those of times are no others.
  const tag = `${locale}-u-nu-latn`;
  return new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "long" }).format(amount);
}
