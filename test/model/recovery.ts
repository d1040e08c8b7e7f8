/** Commands of recovery codes: a set is made, and one of them is entered, or by two at once. */

import { strict as assert } from "node:assert";
import {
  browserOf,
  codeOf,
  command,
  isSignedIn,
  networkOf,
  type Both,
  type Command,
} from "./command";
import { LIMITS } from "./limits";
import { isShutOut, passes, recovers } from "./model";
import type { Past } from "./past";
import type { Answer } from "./world";

/** Which recovery code is submitted. */
export interface RecoveryPick {
  /** One of the user's; one that is used, of another set or another's; one that was never made. */
  kind: "right" | "void" | "wrong";
  /** Counted from the newest. */
  nth: number;
  /** How many, one after the other. @default one */
  times?: number;
}

function pick(past: Past, browser: number, { kind, nth }: RecoveryPick): string {
  const { recovery } = past.user(browserOf(past, browser).user ?? "");
  const others = past.recoveryCodes.filter((each) => !recovery.has(each));
  const from = { right: [...recovery], void: others, wrong: [] }[kind];
  return [...from].reverse()[nth % Math.max(1, from.length)] ?? `0000-0000-0000-000${nth}`;
}

export function makeCodes(browser: number, worker: number): Command {
  const run = async ({ past, world }: Both) => {
    const answer = await world.call({ browser, worker, path: "/recovery-codes" });
    const session = browserOf(past, browser);
    const { at = 0 } = session.proofs.get("") ?? {};
    const isFresh = passes(session, past, "") && past.now - at < LIMITS.codesAge * 1000;
    assert.equal(answer.status, isFresh ? 200 : 403, "whether recovery codes are made");
    if (!isFresh) return;
    const codes = answer.body.codes ?? [];
    const all = [...past.recoveryCodes, ...codes];
    assert.equal(new Set(all).size, past.recoveryCodes.length + 10, "ten codes, all of them new");
    past.made(past.user(session.user ?? ""), codes);
  };
  const hasProved = (past: Past) => browserOf(past, browser).proofs.has("");
  return command(`make codes (${browser}) at ${worker}`, run, hasProved);
}

function areMade(past: Past): boolean {
  return past.recoveryCodes.length > 0;
}

export function recover(browser: number, which: RecoveryPick, worker: number): Command {
  const name = `recover (${browser}, ${Object.values(which).join(" ")}) at ${worker}`;
  return command(
    name,
    async ({ past, world }) => {
      const { nth, times = 1 } = which;
      for (let time = 0; time < times; time += 1) {
        const code = pick(past, browser, { ...which, nth: nth + time });
        const told = await world.call(submission(browser, code, worker + time));
        past.now = world.workers.now();
        judge(past, code, [[browser, told]]);
      }
    },
    areMade,
  );
}

/** Two browsers of a user, or one that two requests come from, submit the same code at once, at two processes. */
export function recoverBoth(
  [one, other]: readonly [number, number],
  which: RecoveryPick,
  worker: number,
): Command {
  const run = async ({ past, world }: Both) => {
    const code = pick(past, one, which);
    const ask = submission(one, code, worker);
    const isSame = browserOf(past, one) === browserOf(past, other);
    const told = isSame
      ? await world.callTwice(ask)
      : await Promise.all([world.call(ask), world.call(submission(other, code, worker + 1))]);
    past.now = world.workers.now();
    judge(
      past,
      code,
      told.map((answer, index) => [isSame || index === 0 ? one : other, answer]),
    );
  };
  const isPossible = (past: Past) =>
    areMade(past) &&
    isSignedIn(one)(past) &&
    browserOf(past, one).user === browserOf(past, other).user;
  const name = `recover both (${one}, ${other}, ${Object.values(which).join(" ")}) at ${worker}`;
  return command(name, run, isPossible);
}

function submission(browser: number, code: string, worker: number) {
  const fields = { recovery_code: code, remember: true };
  return { browser, worker, path: "/2fa/validate-auth", fields, network: networkOf(browser) };
}

/** What a submitted recovery code has to come to, from browsers of one user. */
function judge(past: Past, code: string, told: [browser: number, answer: Answer][]): void {
  const session = browserOf(past, told[0]?.[0] ?? 0);
  const user = past.user(session.user ?? "");
  const good = told.filter(([, { status }]) => status === 200);
  const isRight = recovers(session, past, code);
  const codes = told.map(([, answer]) => codeOf(answer)).join();
  assert.equal(good.length, isRight ? 1 : 0, `recovery codes let in: ${codes}`);
  assert.ok(told.every(([, { status, token }]) => status < 500 && token === undefined));
  for (const [browser, { body }] of good) {
    past.recovered(browser, code);
    assert.equal(body.recoveryCodesLeft, user.recovery.size, "recovery codes that are left");
    assert.equal(body.remembered, false, "no browser is remembered for a recovery code");
  }
  if (isRight || session.user === undefined || isShutOut(user, past.now)) return;
  past.failedToRecover(user, code);
}
