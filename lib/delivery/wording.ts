/** The wording of the text in each language, in characters that a single cheap segment can carry. */

import { chooseLanguage, type LanguageWishes } from "../std/language";

/** A language that texts are written in. Arabic is none: in UCS-2 each text would take two segments or more. */
export type Locale = "en" | "es" | "fr" | "de" | "pt";

/** The sentences of a text. `names` comes first and begins with the code, so that a lock screen shows it. */
export interface Wording {
  names: (code: string, appName: string) => string;
  expires: (minutes: number) => string;
  warns: string;
}

// Every letter is in the GSM-7 alphabet: one that isn't (ó, í, ã, ç, ê) would treble the price. So
// "clave" and "PIN" stand where "código" would.
const WORDINGS: Readonly<Record<Locale, Wording>> = {
  en: {
    names: (code, appName) => `${code} is your ${appName} security code.`,
    expires: (minutes) => `It expires in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`,
    warns: "Do not share it with anyone.",
  },
  es: {
    names: (code, appName) => stop(`${code} es tu clave de seguridad de ${appName}`),
    expires: (minutes) => `Caduca en ${minutes} ${minutes === 1 ? "minuto" : "minutos"}.`,
    warns: "No la compartas con nadie.",
  },
  fr: {
    names: (code, appName) => stop(`${code} est votre code de sécurité ${appName}`),
    expires: (minutes) => `Il expire dans ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`,
    warns: "Ne le donnez à personne.",
  },
  de: {
    names: (code, appName) => stop(`${code} ist Ihr Sicherheitscode für ${appName}`),
    expires: (minutes) => `Er läuft in ${minutes} ${minutes === 1 ? "Minute" : "Minuten"} ab.`,
    warns: "Geben Sie ihn nicht weiter.",
  },
  pt: {
    names: (code, appName) => stop(`${code} é o seu PIN de acesso ${appName}`),
    expires: (minutes) => `Expira em ${minutes} ${minutes === 1 ? "minuto" : "minutos"}.`,
    warns: "Nunca o revele a ninguém.",
  },
};

/** Ends a sentence, save where a name such as "Acme Inc." has ended it. */
function stop(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** All languages that texts are written in. */
export const LOCALES = Object.keys(WORDINGS) as [Locale, ...Locale[]];

/** The wording in a language. */
export function wordingOf(locale: Locale): Wording {
  return WORDINGS[locale];
}

/** The language of a text for somebody, chosen as the pages choose theirs; English where none will do. */
export function chooseTextLocale(wishes: LanguageWishes): Locale {
  return chooseLanguage(LOCALES, wishes);
}
