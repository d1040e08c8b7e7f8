/** Which language somebody reads, of those that the pages speak. */

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
export const PAGE_LOCALES = Object.keys(WORDS) as readonly PageLocale[];

/** The words of a language. */
export function wordsOf(locale: PageLocale): Words {
  return WORDS[locale];
}

/** The language of the user's tag, else the best of the browser's (RFC 9110 12.5.4), else English. */
export function choosePageLocale(
  tag: string | undefined,
  acceptLanguage: string | undefined,
): PageLocale {
  const own = localeOf(tag ?? "");
  if (own !== undefined) return own;
  const ranked = (acceptLanguage ?? "")
    .slice(0, 500)
    .split(",")
    .map((range) => {
      const [name = "", ...parameters] = range.split(";");
      const quality = /^\s*q=([\d.]+)\s*$/.exec(parameters.join(";"))?.[1];
      return { locale: localeOf(name.trim()), quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return ranked.find(({ locale }) => locale !== undefined)?.locale ?? "en";
}

function localeOf(tag: string): PageLocale | undefined {
  const language = /^[a-z]{2,3}(?=[-_]|$)/i.exec(tag)?.[0].toLowerCase();
  return PAGE_LOCALES.find((locale) => locale === language);
}

/** A length of time for people to read. The script writes it the same way. */
export function timeOf(seconds: number, locale: PageLocale): string {
  const [amount, unit] = seconds < 90 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
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
