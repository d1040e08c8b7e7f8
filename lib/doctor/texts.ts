/** Measures the text of each language, for the name and origin that an app would give. */

import { measureText, outsideGsm7 } from "../delivery/segments";
import { readAppName, readOrigin, type SignatureReading } from "../delivery/signature";
import { composeText } from "../delivery/text";
import { TEXT_WORDS } from "../delivery/wording";
import { Languages } from "../std/language";
import { fault, ok, warning, type Finding } from "./finding";

/** What the app would give as `appName` and `origin`. */
export interface Signature {
  appName?: string | undefined;
  origin?: string | undefined;
}

const CODE = "TEXT";

/** What a text costs in each language; nothing where no name is given. */
export function checkTexts({ appName, origin }: Signature): Finding[] {
  if (appName === undefined && origin === undefined) return [];
  const name = readAppName(appName ?? "Example");
  const host = origin === undefined ? undefined : readOrigin(origin);
  const refused = [refusalOf("--app-name", name), refusalOf("--origin", host)].flat();
  if (!name.ok || (host && !host.ok)) return refused;
  const costs = new Map<string, string[]>();
  const languages = new Languages(TEXT_WORDS);
  for (const locale of languages.tags) {
    const content = { appName: name.value, host: host?.value, code: "123456", minutes: 10 };
    const worded = composeText({ ...content, locale, words: languages.wordsOf(locale) });
    const cost = worded.ok ? costOf(worded.text) : "can't be composed";
    costs.set(cost, [...(costs.get(cost) ?? []), locale]);
  }
  return [...costs].map(([cost, locales]) => findingOf(cost, locales, name.value));
}

function costOf(text: string): string {
  const { segments, encoding } = measureText(text);
  return `${segments === 1 ? "1 segment" : `${segments} segments`} of ${encoding}`;
}

function findingOf(cost: string, locales: string[], appName: string): Finding {
  const what = `A text takes ${cost}: ${locales.join(", ")}.`;
  if (cost.startsWith("1 ")) return ok(CODE, what);
  const strange = outsideGsm7(appName).slice(0, 5);
  const why =
    strange.length === 0 ? "" : ` These of the name make a text UCS-2: ${strange.join(" ")}.`;
  return warning(CODE, what + why, "Shorten name and origin, or take other characters.");
}

function refusalOf(option: string, reading: SignatureReading | undefined): Finding[] {
  if (reading === undefined || reading.ok) return [];
  return [fault(CODE, `Expected ${option} ${reading.why}.`, "Correct it here and in your app.")];
}
