/** What the pages say, in each language, and which language somebody reads. */

import type { Html, Part } from "./html";
import { ar } from "./words/ar";
import { de } from "./words/de";
import { en } from "./words/en";
import { es } from "./words/es";
import { fr } from "./words/fr";
import { pt } from "./words/pt";

/** All words of one language: the compiler misses none. What is handed in as `Html` is marked up already. */
export interface Words {
  dir: "ltr" | "rtl";
  askTitle: string;
  codeTitle: string;
  signInTitle: string;
  noNumberTitle: string;
  troubleTitle: string;
  /** Above the code where a verified session is asked again. */
  stepUp: string;
  /** `end` is the end of the number. */
  willText: (end: Html) => Html;
  send: string;
  sentTo: (end: Html) => Html;
  goodFor: (time: Part) => Html;
  label: string;
  hint: (digits: number) => string;
  submit: string;
  missingTitle: string;
  missing: string;
  resend: string;
  wait: (time: Html) => Html;
  canResend: string;
  lostTitle: string;
  lost: (appName: string) => string;
  support: string;
  logOut: string;
  problem: string;
  /** Stands before a title and a mistake. */
  error: string;
  signIn: string;
  noNumber: string;
  isSent: string;
  isPending: string;
  isFilledIn: string;
  codeEmpty: string;
  codeShort: (digits: number) => string;
  codeLong: (digits: number) => string;
  codeNotNumbers: (digits: number) => string;
  codeWrong: string;
  triesLeft: (tries: number) => string;
  codeExpired: string;
  codeSpent: string;
  staleForm: string;
  tooManyAttempts: (time: Part) => Html;
  tooManyRequests: (time: Part) => Html;
  invalidNumber: string;
  countryNotAllowed: string;
  cannotTextNumber: string;
  sendRefused: string;
  factorDisabled: string;
  deliveryFailed: string;
  unavailable: string;
  numberTitle: string;
  changeNumberTitle: string;
  numberUse: (appName: string) => string;
  numberLabel: string;
  numberHint: string;
  numberWrong: string;
  otherNumber: string;
  numberSavedTitle: string;
  numberSaved: (end: Html) => Html;
  endSessions: string;
  alternativesTitle: string;
  smsRisk: string;
}

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
