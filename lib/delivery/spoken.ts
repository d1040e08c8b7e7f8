/** What a call says in each language, digits apart, and the keys that it asks for first. */

import { randomInt } from "node:crypto";
import type { WordKind } from "../std/words";
import type { Spoken } from "./sender";
import type { TEXT_WORDS } from "./wording";

/** The sentences of a call. */
export interface CallWords {
  /** BCP 47 tag of the voice, such as `en-US`. */
  voice: string;
  /** Says who calls. */
  greets: (name: string) => string;
  /** Asks for the first key. */
  asks: (key: string) => string;
  /** Asks for each further one. */
  asksNext: (key: string) => string;
  /** Says what the code confirms, where the purpose describes it. */
  confirms: (what: string) => string;
  /** Says the code. */
  tells: (digits: string) => string;
  /** That nobody else is to be told. */
  warns: string;
}

/** What each of them has to be. */
export const CALL_KINDS: Record<keyof CallWords, WordKind> = {
  voice: "text",
  greets: { told: "name", samples: [["Acme"]], isKept: true },
  asks: { told: "key", samples: [["7"]], isKept: true },
  asksNext: { told: "key", samples: [["7"]], isKept: true },
  confirms: { told: "what", samples: [["pay 50.00 USD to Alice"]], isKept: true },
  tells: { told: "digits", samples: [["1, 2, 3, 4, 5, 6"]], isKept: true },
  warns: "text",
};

/** What a call says in each language that texts are written in. */
export const CALL_WORDS: Readonly<Record<keyof typeof TEXT_WORDS, CallWords>> = {
  en: {
    voice: "en-US",
    greets: (name) => `Hello. This is a call from ${name} with your security code.`,
    asks: (key) => `To hear it, press ${key}.`,
    asksNext: (key) => `Now press ${key}.`,
    confirms: (what) => `It confirms: ${what}.`,
    tells: (digits) => `Your security code is: ${digits}.`,
    warns: "Do not share it with anyone.",
  },
  es: {
    voice: "es-US",
    greets: (name) => `Hola. Te llamamos de ${name} con tu clave de seguridad.`,
    asks: (key) => `Para escucharla, marca el ${key}.`,
    asksNext: (key) => `Ahora marca el ${key}.`,
    confirms: (what) => `Confirma: ${what}.`,
    tells: (digits) => `Tu clave de seguridad es: ${digits}.`,
    warns: "No la compartas con nadie.",
  },
  fr: {
    voice: "fr-FR",
    greets: (name) => `Bonjour. ${name} vous appelle pour vous donner votre code de sécurité.`,
    asks: (key) => `Pour l’entendre, appuyez sur le ${key}.`,
    asksNext: (key) => `Appuyez maintenant sur le ${key}.`,
    confirms: (what) => `Il confirme : ${what}.`,
    tells: (digits) => `Votre code de sécurité est : ${digits}.`,
    warns: "Ne le donnez à personne.",
  },
  de: {
    voice: "de-DE",
    greets: (name) => `Guten Tag. Hier ist ${name} mit Ihrem Sicherheitscode.`,
    asks: (key) => `Um ihn zu hören, drücken Sie die ${key}.`,
    asksNext: (key) => `Drücken Sie nun die ${key}.`,
    confirms: (what) => `Er bestätigt: ${what}.`,
    tells: (digits) => `Ihr Sicherheitscode lautet: ${digits}.`,
    warns: "Geben Sie ihn nicht weiter.",
  },
  pt: {
    voice: "pt-BR",
    greets: (name) => `Olá. Esta é uma chamada de ${name} com o seu PIN de acesso.`,
    asks: (key) => `Para o ouvir, pressione a tecla ${key}.`,
    asksNext: (key) => `Agora pressione a tecla ${key}.`,
    confirms: (what) => `Confirma: ${what}.`,
    tells: (digits) => `O seu PIN de acesso é: ${digits}.`,
    warns: "Nunca o revele a ninguém.",
  },
  it: {
    voice: "it-IT",
    greets: (name) => `Buongiorno. Questa è una chiamata di ${name} con il codice di sicurezza.`,
    asks: (key) => `Per ascoltarlo, prema ${key}.`,
    asksNext: (key) => `Ora prema ${key}.`,
    confirms: (what) => `Conferma: ${what}.`,
    tells: (digits) => `Il codice di sicurezza è: ${digits}.`,
    warns: "Non lo comunichi a nessuno.",
  },
  nl: {
    voice: "nl-NL",
    greets: (name) => `Goedendag. Dit is een oproep van ${name} met uw beveiligingscode.`,
    asks: (key) => `Om de code te horen, drukt u op ${key}.`,
    asksNext: (key) => `Druk nu op ${key}.`,
    confirms: (what) => `De code bevestigt: ${what}.`,
    tells: (digits) => `Uw beveiligingscode is: ${digits}.`,
    warns: "Deel de code met niemand.",
  },
  pl: {
    voice: "pl-PL",
    greets: (name) => `Dzień dobry. To połączenie od ${name} z kodem autoryzacyjnym.`,
    asks: (key) => `Aby go usłyszeć, proszę nacisnąć ${key}.`,
    asksNext: (key) => `Teraz proszę nacisnąć ${key}.`,
    confirms: (what) => `Potwierdza: ${what}.`,
    tells: (digits) => `Kod autoryzacyjny to: ${digits}.`,
    warns: "Proszę nie podawać go nikomu.",
  },
  ja: {
    voice: "ja-JP",
    greets: (name) => `こちらは${name}です。認証コードをお伝えします。`,
    asks: (key) => `お聞きになるには、${key}を押してください。`,
    asksNext: (key) => `次に、${key}を押してください。`,
    confirms: (what) => `承認内容：${what}。`,
    tells: (digits) => `認証コードは、${digits}です。`,
    warns: "他人に教えないでください。",
  },
};

/** What a call says. */
export interface CallContent {
  /** The app's, the purpose behind it. */
  name: string;
  code: string;
  /** What the code confirms; empty or absent where the purpose does not say it. */
  description?: string;
  words: CallWords;
}

/** What a call says that brings `code`. What it confirms comes with it: no voicemail is told of that either. */
export function speak({ name, code, description = "", words }: CallContent): Spoken {
  const { voice, greets, asks, asksNext, confirms, tells, warns } = words;
  const [first, second] = drawKeys();
  const what = description === "" ? "" : `${confirms(description)} `;
  return {
    language: voice,
    greeting: greets(name),
    keys: [
      { key: first, asks: asks(first) },
      { key: second, asks: asksNext(second) },
    ],
    code: what + tells(Array.from(code).join(", ")),
    warning: warns,
  };
}

/**
 * Two keys, no two alike. A voicemail's greeting can be a recording of key tones, and whoever has guessed its
 * PIN records it: one key that is always the same would tell them the code.
 */
function drawKeys(): [string, string] {
  const first = randomInt(10);
  const second = (first + 1 + randomInt(9)) % 10;
  return [String(first), String(second)];
}
