/** What the documents tell whoever judges the package: limits and times as the code has them, secrets, calls, risk. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { memoryRecords, type SendLimit, type TwoFactorOptions } from "../lib";
import { MAKING_AGE } from "../lib/flows/recovery-sets";
import { LONGEST_MARK } from "../lib/options/guard-settings";
import { LONGEST_COOLDOWN } from "../lib/options/limit-settings";
import { readOptions, type Settings } from "../lib/options/settings";
import { SET_SIZE } from "../lib/recovery/recovery-codes";

const ROOT = join(__dirname, "..");
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), "utf8");

function settingsWith(options: Partial<TwoFactorOptions>): Settings {
  const secret = "0123456789abcdefghijklmnopqrstuv";
  return readOptions({ secret, user: () => null, sender: () => null, appName: "Acme", ...options });
}

const { limits, codeTtl, sendTimeout, maxPerDay } = settingsWith({});
const { limits: ofNumbers } = settingsWith({ user: "from-request" });
const { remember } = settingsWith({ remember: { store: memoryRecords() } });

/** A figure that no option sets, as its file has it. */
function fixed(file: string, name: string): number {
  const [, value] = new RegExp(`\\b${name} = ([\\d_]+)\\b`).exec(read("lib", file)) ?? [];
  return Number(value?.replaceAll("_", ""));
}

const WORDS = new Map([
  [3, "three"],
  [4, "four"],
  [5, "five"],
  [10, "ten"],
  [15, "fifteen"],
  [30, "thirty"],
  [32, "32"],
  [60, "sixty"],
  [100, "a hundred"],
]);
const say = (count: number) => WORDS.get(count) ?? String(count);
const minutes = (seconds: number) => `${say(seconds / 60)} minutes`;
const hours = (seconds: number) => (seconds === 3600 ? "an hour" : `${seconds / 3600} hours`);
const spell = (window: number) => (window % 3600 === 0 ? hours(window) : minutes(window));
const windows = (all: readonly SendLimit[]) =>
  all.map(({ max, window }) => `${say(max)} in ${spell(window)}`).join(" and ");
const perHour = ([limit, ...more]: readonly SendLimit[], digits = say) => {
  expect([limit?.window, more]).toEqual([3600, []]);
  return `${digits(limit?.max ?? 0)} an hour`;
};
const thousands = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/, " ");

test("SECURITY.md's table of limits and times has the figures of the code (R100)", () => {
  const { attempts, failures, consecutiveFailures, cooldown, perDay } = limits;
  const second = (file: string, name: string) => `${fixed(file, name) / 1000} s`;
  const callback = second("request/ask-app.ts", "DEADLINE_MS");
  expect(second("flows/enrolment-flow.ts", "SAVE_DEADLINE_MS")).toBe(callback);
  const known = /\(counters === undefined \? (\d+) : (\d+)\) \* DAY/.exec(
    read("lib", "limits", "send-limits.ts"),
  );
  const concurrent = /maxConcurrent,\s*\{\s*byDefault: (\d+),/.exec(
    read("lib", "senders", "rest-api", "options.ts"),
  );
  const eachGateway = /readTimeout\(options\.timeout, (\d+)\)/.exec(
    read("lib", "senders", "failover.ts"),
  );
  const [, table = ""] =
    /## Limits and times.*?\n\| -+ \| -+ \|\n(.*?)(?:\n\n|\n$)/s.exec(read("SECURITY.md")) ?? [];
  const rows = table
    .trim()
    .split("\n")
    .map((row) =>
      row
        .split("|")
        .slice(1, 3)
        .map((cell) => cell.trim()),
    );
  expect(Object.fromEntries(rows)).toEqual({
    "a code": `${minutes(codeTtl)} at most, ${say(attempts)} attempts`,
    "wrong codes of a user": `${say(failures.max)} in a window of ${minutes(failures.window)}; ${say(consecutiveFailures)} in a row until \`unlock()\``,
    "a block by wrong codes": `${minutes(failures.window)}, doubling to ${hours(fixed("limits/lockout.ts", "LONGEST_BLOCK"))}`,
    "open challenges of a session": `${say(fixed("session/state.ts", "MOST_CHALLENGES"))}, one for each purpose`,
    "texts to a number": `${windows(limits.number)} without an answer; ${say(perDay)} a day`,
    "the wait before a second text": `${cooldown} s, doubling with each to ${minutes(LONGEST_COOLDOWN)}`,
    "texts of a network without an answer": `${perHour(limits.network)}; ${perHour(ofNumbers.network).replace(" an hour", "")} with \`"from-request"\``,
    "texts to a country without an answer": perHour(limits.country),
    "all texts": `${perHour(limits.all)} without an answer; ${thousands(maxPerDay)} a day`,
    "calls to a user or number": `${windows(limits.calls)} without an answer`,
    "a mark of a verified session": `${hours(LONGEST_MARK)} at most`,
    "a remembered browser": `${say((remember?.maxAge ?? 0) / 86_400)} days at most`,
    "recovery codes": `${say(SET_SIZE)}; made within ${minutes(MAKING_AGE)} of a second factor; ${say(failures.max)} looked up in ${minutes(failures.window)}`,
    "a number counts as proved before": `${known?.[2] ?? ""} days; ${known?.[1] ?? ""} day with counters in memory`,
    "a test number in production": `${fixed("options/test-numbers.ts", "LONGEST_DAYS")} days at most`,
    "counters in memory": `${say(fixed("ledger/memory.ts", "MOST") / 1e6)} million, about 1.5 GB; one more is a 503, and none is dropped for it`,
    "the sender": `${sendTimeout} s, never retried by itself`,
    "`signalwire()` and `twilio()`": `${say(Number(concurrent?.[1]))} calls at once`,
    "`failover()`": `${eachGateway?.[1]} s for each gateway, the next only after a sure refusal`,
    "the counter store": `${second("ledger/guarded.ts", "DEADLINE_MS")} a step`,
    "steps of the counter store": "one to send, and one before it to look up a mark; one to verify",
    "the stores of `recovery` and `remember`": `${second("records/ask.ts", "DEADLINE_MS")} a call`,
    "`user`, `isRequired`, `describe`, `savePhone`": `${callback} a call`,
    "the session store": `${second("session/session.ts", "STORE_DEADLINE_MS")} a call`,
    "`beforeSend`": `${sendTimeout} s, as the sender`,
  });
});

test.each([
  [
    "SECURITY.md",
    "how lock-out is kept from strangers",
    "No counter of a user moves before the first factor is done.",
  ],
  [
    "SECURITY.md",
    "that texts are a restricted way",
    "(NIST SP 800-63B-4 3.2.9 calls the channel restricted)",
  ],
  ["SECURITY.md", "what resists better", "Passkeys resist both."],
  [
    "README.md",
    "a passkey beside it",
    "A passkey beside it, since texts can be intercepted (NIST SP 800-63B-4 3.2.9).",
  ],
  ["docs/deployment.md", "which secrets there are", "Two of them, each of 32 random bytes"],
  [
    "docs/deployment.md",
    "how they rotate",
    "1. `[old, new]`: every process can read what the new one will make. 2. `[new, old]`",
  ],
  [
    "docs/deployment.md",
    "a secret that has leaked",
    "A secret that has leaked goes at once: `[new]` alone.",
  ],
])("%s tells %s (R100)", (document, _what, words) => {
  expect(read(...document.split("/")).replace(/\s+/g, " ")).toContain(words);
});
