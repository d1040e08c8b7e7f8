/** Tries each language's text at the start: what costs more than it should is told there, or refused. */

import { measureText, outsideGsm7, type TextSize } from "../delivery/segments";
import { composeText } from "../delivery/text";
import { warn } from "../std/warning";
import { LONGEST_DESCRIPTION } from "./purposes";
import type { Settings } from "./settings";

/** A text as it is at its longest. */
interface Tried extends TextSize {
  /** Segments that are no surprise: a description takes a second one, of UCS-2 a third. */
  most: number;
  locale: string;
  strange: string[];
}

const DIGITS = "1234567890";
const NOT_DESCRIBED = { describe: undefined };
const SAMPLE = "x".repeat(LONGEST_DESCRIPTION);

/** Warns of texts that leave GSM-7 or one segment, and refuses them with `strictSegments`. */
export function checkTexts(settings: Settings): void {
  const dear = settings.texts.tags
    .map((locale) => dearest(settings, locale))
    .filter(({ segments, most, strange }) => {
      return segments > (settings.strictSegments ? 1 : most) || strange.length > 0;
    });
  if (dear.length === 0) return;
  const costs = costsOf(dear) + adviceFor(settings, dear);
  if (settings.strictSegments) {
    throw new TypeError(
      `Expected each text to be one segment, of GSM-7 where the language is, as \`strictSegments\` wants: ${costs}`,
    );
  }
  warn(`A text may cost more than one segment of GSM-7: ${costs}`, "SMS2FA_LONG_TEXT");
}

/** The text in a language that costs most, of those for each purpose. */
function dearest(settings: Settings, locale: string): Tried {
  const { appName, codeLength, codeTtl, host, androidAppHash, message, purposes } = settings;
  const words = settings.texts.wordsOf(locale);
  const code = DIGITS.slice(0, codeLength);
  const minutes = Math.floor(codeTtl / 60);
  const tried = [["", NOT_DESCRIBED] as const, ...purposes].map(([purpose, { describe }]) => {
    const description = describe && SAMPLE;
    const what = { purpose, ...(description !== undefined && { description }) };
    const content = { appName, code, minutes, locale, words, host, androidAppHash, ...what };
    const worded = composeText(content, message);
    if (!worded.ok) {
      const when = `It was tried with a sample code, in ${locale}${purpose && ` for ${purpose}`}.`;
      throw new TypeError(
        `${worded.advice} ${when}`,
        "thrown" in worded ? { cause: worded.thrown } : {},
      );
    }
    // No letter of such a language is in GSM-7, and nobody can take others.
    const strange = words.encoding === "UCS-2" ? [] : outsideGsm7(worded.text);
    const most = describe === undefined ? 1 : words.encoding === "UCS-2" ? 3 : 2;
    return { ...measureText(worded.text), most, locale, strange };
  });
  const rank = ({ segments, most, encoding, units }: Tried) =>
    (segments - most) * 1e7 + segments * 1e6 + (encoding === "GSM-7" ? 0 : 1e5) + units;
  return tried.reduce((most, each) => (rank(each) > rank(most) ? each : most));
}

/** What each costs, and why; languages with the same cost in one breath. */
function costsOf(dear: Tried[]): string {
  const costs = new Map<string, string[]>();
  for (const each of dear) {
    const cost = costOf(each);
    costs.set(cost, [...(costs.get(cost) ?? []), each.locale]);
  }
  const told = [...costs].map(([cost, locales]) => `${locales.join(", ")} ${cost}`);
  return `${told.join("; ")}.`;
}

function adviceFor({ androidAppHash }: Settings, dear: Tried[]): string {
  const isLong = dear.some(({ segments }) => segments > 1);
  const unread =
    androidAppHash !== undefined && isLong
      ? " The SMS Retriever reads no text of more than one, which is 140 bytes."
      : "";
  return `${unread} Take other characters, shorten \`appName\`, \`origin\`, \`purposes\` or your own words, or leave a language out by \`locales\`.`;
}

const MOST_NAMED = 5;

function costOf({ segments, units, encoding, strange }: Tried): string {
  const many = segments === 1 ? "1 segment" : `${segments} segments`;
  if (strange.length === 0) return `${many} (${units} of ${encoding === "GSM-7" ? 160 : 70})`;
  const named = strange.slice(0, MOST_NAMED).map(nameOf).join(", ");
  return `${many} of UCS-2 because of ${named}`;
}

/** A character, and its number for those that nobody sees. */
function nameOf(character: string): string {
  const point = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const isSeen = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character);
  return isSeen ? `${character} (U+${point})` : `U+${point}`;
}
