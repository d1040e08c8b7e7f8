/** An app's own words for the pages: what each has to be, and that each is there. */

import type { Changes, SomeOf } from "../../std/language";
import { guardWords, readWords, type WordKind } from "../../std/words";
import { en } from "./en";
import { PAGE_WORDS } from "./locale";
import type { PageWords } from "../../options/page-words";

type WordFunction = {
  [K in keyof PageWords]: PageWords[K] extends string ? never : K;
}[keyof PageWords];

const DIGITS = [6, 7, 8, 9, 10];

const SAMPLES = {
  what: { samples: [["pay 50.00 USD to Alice"]], isKept: true },
  end: { samples: [["23"]], isKept: true },
  time: { samples: [["10 minutes"]], isKept: true },
  appName: { samples: [["Acme"]] },
  digits: { samples: DIGITS.map((digits) => [digits]), isKept: true },
  left: { samples: [0, 1, 2, 3, 4, 5, ...DIGITS].map((left) => [left]), isKept: true },
  tries: { samples: [1, 2, 3, 4, 5, ...DIGITS].map((tries) => [tries]) },
} as const;

const TOLD: Record<WordFunction, keyof typeof SAMPLES> = {
  confirming: "what",
  willText: "end",
  sentTo: "end",
  calledTo: "end",
  goodFor: "time",
  hint: "digits",
  hintCalled: "digits",
  wait: "time",
  remember: "time",
  lost: "appName",
  codeShort: "digits",
  codeLong: "digits",
  codeNotNumbers: "digits",
  triesLeft: "tries",
  tooManyAttempts: "time",
  tooManyRequests: "time",
  tooManyCalls: "time",
  numberUse: "appName",
  numberSaved: "end",
  recoveryLeft: "left",
};

/** What each word has to be. */
const KINDS = Object.fromEntries(
  (Object.keys(en) as (keyof PageWords)[]).map((name): [string, WordKind] => [
    name,
    name === "dir" ? { oneOf: ["ltr", "rtl"] } : kindOf(name),
  ]),
) as Record<keyof PageWords, WordKind>;

function kindOf(name: keyof PageWords): WordKind {
  if (!Object.hasOwn(TOLD, name)) return "text";
  const told = TOLD[name as WordFunction];
  return { told, ...SAMPLES[told] };
}

/** Checks an app's own words, by language, and what a new language lacks. */
export function readPageWords(own: Readonly<Record<string, unknown>>): Changes<PageWords> {
  const served = new Map<string, PageWords>(Object.entries(PAGE_WORDS));
  const checked: Record<string, SomeOf<PageWords> | false> = {};
  for (const [tag, value] of Object.entries(own)) {
    const base = served.get(tag);
    const option = `locales.${tag}.pages`;
    const parts = { kinds: KINDS, isNew: base === undefined };
    checked[tag] =
      value !== false && guardWords(readWords<PageWords>(option, value, parts), base ?? en, option);
  }
  return checked;
}
