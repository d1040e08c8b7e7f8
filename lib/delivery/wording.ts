/** The wording of the text in each language, in characters that a single cheap segment can carry. */

import type { WordKind } from "../std/words";

/** The sentences of a text. The code comes first where the language lets it, so that a lock screen shows it. */
export interface TextWords {
  /** The first sentence, with code and name. */
  names: (code: string, appName: string) => string;
  /** What the code confirms, where the purpose describes it: `what` is in quotes, which nothing in it ends. */
  confirms: (what: string) => string;
  /** How long the code is good; left out in its last minute. */
  expires: (minutes: number) => string;
  /** That nobody else is to be told. */
  warns: string;
  /** Says that the language has no letters in GSM-7: its texts hold 70 characters. @default "GSM-7" */
  encoding?: "UCS-2" | undefined;
}

/** What each of them has to be. */
export const TEXT_KINDS: Record<keyof TextWords, WordKind> = {
  names: { told: "code, appName", samples: [["123456", "Acme"]], isKept: true },
  confirms: { told: "what", samples: [['"pay 50.00 USD to Alice"']], isKept: true },
  expires: { told: "minutes", samples: [[1], [2], [5], [10]], isKept: true },
  warns: "text",
  encoding: { oneOf: ["UCS-2"], isOptional: true },
};

// Arabic is none of them: in UCS-2 each text would take two segments or more. Every letter but those of Japanese is in
// GSM-7: one that isn't (ó, í, ã, ç, ê, ą, ë) would treble the price. So "clave" and "PIN" stand where "código" would.
/** What a text says in each language; English first, for those who read none of them. */
export const TEXT_WORDS = {
  en: {
    names: (code, appName) => `${code} is your ${appName} security code.`,
    confirms: (what) => `It confirms: ${what}.`,
    expires: (minutes) => `It expires in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`,
    warns: "Do not share it with anyone.",
  },
  es: {
    names: (code, appName) => stop(`${code} es tu clave de seguridad de ${appName}`),
    confirms: (what) => `Confirma: ${what}.`,
    expires: (minutes) => `Caduca en ${minutes} ${minutes === 1 ? "minuto" : "minutos"}.`,
    warns: "No la compartas con nadie.",
  },
  fr: {
    names: (code, appName) => stop(`${code} est votre code de sécurité ${appName}`),
    confirms: (what) => `Il confirme : ${what}.`,
    expires: (minutes) => `Il expire dans ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`,
    warns: "Ne le donnez à personne.",
  },
  de: {
    names: (code, appName) => stop(`${code} ist Ihr Sicherheitscode für ${appName}`),
    confirms: (what) => `Er bestätigt: ${what}.`,
    expires: (minutes) => `Er läuft in ${minutes} ${minutes === 1 ? "Minute" : "Minuten"} ab.`,
    warns: "Geben Sie ihn nicht weiter.",
  },
  pt: {
    names: (code, appName) => stop(`${code} é o seu PIN de acesso ${appName}`),
    confirms: (what) => `Confirma: ${what}.`,
    expires: (minutes) => `Expira em ${minutes} ${minutes === 1 ? "minuto" : "minutos"}.`,
    warns: "Nunca o revele a ninguém.",
  },
  it: {
    names: (code, appName) => stop(`${code} è il codice di sicurezza per ${appName}`),
    confirms: (what) => `Conferma: ${what}.`,
    expires: (minutes) => `Scade tra ${minutes} ${minutes === 1 ? "minuto" : "minuti"}.`,
    warns: "Non lo comunichi a nessuno.",
  },
  nl: {
    names: (code, appName) => stop(`${code} is uw beveiligingscode voor ${appName}`),
    confirms: (what) => `De code bevestigt: ${what}.`,
    expires: (minutes) => `Deze is ${minutes} ${minutes === 1 ? "minuut" : "minuten"} geldig.`,
    warns: "Deel de code met niemand.",
  },
  // "Min" has the same form in each case and number, and no letter that GSM-7 lacks.
  pl: {
    names: (code, appName) => stop(`${code} to kod autoryzacyjny ${appName}`),
    confirms: (what) => `Potwierdza: ${what}.`,
    expires: (minutes) => `Wygasa za ${minutes} min.`,
    warns: "Nie podawaj go nikomu.",
  },
  // As short as it is polite, for 70 characters have to hold the name and the host as well. The blank behind the
  // code lets phones see where it ends.
  ja: {
    names: (code, appName) => `${code} は${appName}の認証コードです。`,
    confirms: (what) => `承認内容：${what}。`,
    expires: (minutes) => `${minutes}分間有効です。`,
    warns: "共有しないでください。",
    encoding: "UCS-2",
  },
} satisfies Record<string, TextWords>;

/** Ends a sentence, save where a name such as "Acme Inc." has ended it. */
function stop(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
