/** An app's own words of a language: checked once, and never without a text where one fails after all. */

import { shownError } from "./harmless";
import type { SomeOf } from "./language";
import { refuse, refuseUnknown } from "./option-checks";
import { isFirst, warn } from "./warning";

/** What a word has to be: a text, one of some values, or a function that gives a text for what it is told. */
export type WordKind =
  | "text"
  | { oneOf: readonly string[]; isOptional?: true }
  | {
      /** Names it in a sentence. */
      told: string;
      /** What it is tried with. */
      samples: readonly (readonly (string | number)[])[];
      /** Whether what it is told has to stand in the text. */
      isKept?: boolean;
    };

/** Checks the words that an app has for a language: all of them where it is new, else those that are given. */
export function readWords<W>(
  option: string,
  value: unknown,
  { kinds, isNew }: { kinds: Readonly<Record<keyof W & string, WordKind>>; isNew: boolean },
): SomeOf<W> {
  const names = Object.keys(kinds) as (keyof W & string)[];
  const known = Object.fromEntries(names.map((name) => [name, true as const]));
  refuseUnknown(`\`${option}\``, value, known);
  const given = names.filter((name) => value[name] !== undefined);
  const missing = names.filter((name) => !given.includes(name) && !isOptional(kinds[name]));
  if (isNew && missing.length > 0) refuseMissing(option, missing);
  for (const name of given) checkWord(`${option}.${name}`, value[name], kinds[name]);
  return Object.fromEntries(given.map((name) => [name, value[name]])) as SomeOf<W>;
}

const MOST_NAMED = 5;

function refuseMissing(option: string, missing: readonly string[]): never {
  const named = missing.slice(0, MOST_NAMED).map((name) => `\`${name}\``);
  const others = missing.length - named.length;
  const list = [...named, ...(others > 0 ? [`${others} more`] : [])].join(", ");
  throw new TypeError(
    `Expected \`${option}\` to have every word, since the language is new; missing: ${list}.`,
  );
}

function isOptional(kind: WordKind): boolean {
  return typeof kind === "object" && "isOptional" in kind;
}

function checkWord(option: string, word: unknown, kind: WordKind): void {
  if (kind === "text") {
    if (!isText(word)) refuse(option, "to be a text that is not empty", word);
    return;
  }
  if ("oneOf" in kind) {
    const values = kind.oneOf.map((each) => JSON.stringify(each)).join(" or ");
    if (typeof word !== "string" || !kind.oneOf.includes(word))
      refuse(option, `to be ${values}`, word);
    return;
  }
  if (typeof word !== "function") {
    refuse(option, `to be a function that is told \`${kind.told}\` and gives a text`, word);
  }
  for (const sample of kind.samples) tryWord(option, word as Word, sample, kind.isKept === true);
}

type Word = (...told: readonly (string | number)[]) => unknown;

function tryWord(
  option: string,
  word: Word,
  sample: readonly (string | number)[],
  isKept: boolean,
): void {
  const told = sample.map((each) => JSON.stringify(each)).join(", ");
  let text: unknown;
  try {
    text = word(...sample);
  } catch (cause) {
    throw new TypeError(
      `Expected \`${option}\` to give a text when it is told ${told}: it threw.`,
      {
        cause,
      },
    );
  }
  if (!isText(text)) refuse(option, `to give a text when it is told ${told}`, text);
  const lost = isKept ? sample.find((each) => !text.includes(String(each))) : undefined;
  if (lost !== undefined) {
    throw new TypeError(
      `Expected \`${option}\` to give a text that holds what it is told, ${told}.`,
    );
  }
}

/** The words, each function of which gives a text whatever becomes of it: else that of `base` stands in. */
export function guardWords<W extends object>(own: SomeOf<W>, base: W, option: string): SomeOf<W> {
  const guarded = Object.entries(own).map(([name, word]) => {
    const standIn = base[name as keyof W];
    return typeof word === "function" && typeof standIn === "function"
      ? [name, guard(word as Word, standIn as Word, `${option}.${name}`)]
      : [name, word];
  });
  return Object.fromEntries(guarded) as SomeOf<W>;
}

function guard(word: Word, standIn: Word, option: string): Word {
  return (...told) => {
    let detail: string | undefined;
    try {
      const text = word(...told);
      if (isText(text)) return text;
    } catch (error) {
      detail = shownError(error);
    }
    if (isFirst(option)) {
      warn(`\`${option}\` gave no text. Our own stands in its place.`, "SMS2FA_LOCALES", detail);
    }
    return standIn(...told);
  };
}

/** Whether it is a text that says something. */
function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
