/** Commands that prove something or need a proof: answers, the app's own passkey, and visits of guarded routes. */

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
import { describe, type PURPOSES } from "./limits";
import { isShutOut, openIn, passes, repeats, verifies } from "./model";
import type { Past } from "./past";
import { isKnown, judgeRecognising, judgeRemembering } from "./remembering";
import type { Answer } from "./world";

/** Which code is submitted. */
export interface Pick {
  /** The session's own, one that was ever sent, or one that is none's. */
  kind: "right" | "any" | "wrong";
  /** Counted from the newest. */
  nth: number;
  /** How often. @default once */
  times?: number;
  /** Whether the browser is to be remembered with it. @default no */
  remember?: boolean;
}

function pick(past: Past, browser: number, which: Pick): string {
  if (which.kind === "wrong") return "0123456789";
  const right = [...browserOf(past, browser).challenges.values()].reverse();
  const from = which.kind === "right" && right.length > 0 ? right : [...past.codes].reverse();
  return from[which.nth % Math.max(1, from.length)]?.code ?? "0123456789";
}

/** What a submitted code has to come to; `isAsked`: whether the browser was to be remembered with it. */
function judge(
  past: Past,
  browser: number,
  { code, isAsked = false }: { code: string; isAsked?: boolean },
  answers: Answer[],
): void {
  const session = browserOf(past, browser);
  const good = answers.filter(({ status }) => status === 200);
  const right = verifies(session, past, code);
  if (right !== undefined) {
    assert.equal(good.length, 1, `right answers let in: ${answers.map(codeOf).join()}`);
    past.answered(browser, right);
    for (const told of good) judgeRemembering(past, browser, { ...right, isAsked, told });
    return;
  }
  const repeated = repeats(session, past, code);
  if (repeated !== undefined) {
    assert.ok(good.length === 0 || passes(session, past, repeated.purpose), "a void proof");
    for (const told of good) judgeRemembering(past, browser, { ...repeated, isAsked, told });
    return;
  }
  assert.equal(good.length, 0, "a code that is not right, fresh and unused has verified");
  const user = past.user(session.user ?? "");
  const open = openIn(session, past);
  for (const _ of answers) {
    const spent = open.find((each) => each.code === code);
    if (isShutOut(user, past.now)) continue;
    // It was right, and came too late.
    if (spent !== undefined) session.challenges.delete(spent.purpose);
    else past.failed(session, openIn(session, past));
  }
}

export function answer(browser: number, which: Pick, worker: number): Command {
  const name = `answer(${browser}, ${Object.values(which).join(" ")}) at ${worker}`;
  return command(name, async ({ past, world }) => {
    const { remember: isAsked = false } = which;
    const code = pick(past, browser, which);
    const fields = { auth_code: code, remember: isAsked };
    const call = { browser, path: "/2fa/validate-auth", fields, network: networkOf(browser) };
    for (let time = 0; time < (which.times ?? 1); time += 1) {
      const told = await world.call({ ...call, worker: worker + time });
      past.now = world.workers.now();
      assert.ok(told.status < 500, `${told.status}`);
      judge(past, browser, { code, isAsked }, [told]);
    }
  });
}

/** The same code twice at once, at two processes. */
export function answerTwice(browser: number, which: Pick, worker: number): Command {
  const name = `answer twice (${browser}, ${Object.values(which).join(" ")}) at ${worker}`;
  const run = async ({ past, world }: Both) => {
    const code = pick(past, browser, which);
    const fields = { auth_code: code };
    const path = "/2fa/validate-auth";
    const told = await world.callTwice({
      browser,
      worker,
      path,
      fields,
      network: networkOf(browser),
    });
    past.now = world.workers.now();
    assert.ok(told.every(({ status }) => status < 500));
    judge(past, browser, { code }, told);
  };
  // What is dropped by the first of two may be unknown to the second.
  const isPossible = (past: Past) =>
    which.kind === "wrong" ||
    verifies(browserOf(past, browser), past, pick(past, browser, which)) !== undefined;
  return command(name, run, isPossible);
}

/** Which guarded route is visited: that of a purpose, of what the session has proved last, or for remembered browsers. */
export type Place = (typeof PURPOSES)[number] | "the last" | "remembered";

/** A visit, or two at once. */
export function visit(browser: number, place: Place, times: 1 | 2, worker: number): Command {
  const run = async ({ past, world }: Both) => {
    const route = routeOf(place, past, browser);
    const call = { browser, worker, path: `/private/${route}` };
    const told = times === 1 ? [await world.call(call)] : await world.callTwice(call);
    judgeVisits(past, browser, route, told);
  };
  // To whoever was never remembered it is the plain one.
  const isPossible = place === "remembered" ? isKnown(browser) : undefined;
  return command(`visit ${times} (${browser}, "${place}") at ${worker}`, run, isPossible);
}

function routeOf(place: Place, past: Past, browser: number): string {
  if (place !== "the last") return place;
  return [...browserOf(past, browser).proofs.keys()].at(-1) ?? "";
}

function judgeVisits(past: Past, browser: number, route: string, answers: Answer[]): void {
  const session = browserOf(past, browser);
  const purpose = route === "remembered" ? "" : route;
  const isIn =
    passes(session, past, purpose) ||
    (route === "remembered" && judgeRecognising(past, browser, answers));
  const passed = answers.filter(({ status }) => status === 200).length;
  const once = purpose === "transfer";
  assert.equal(passed, isIn ? (once ? 1 : answers.length) : 0, "visits that passed the guard");
  assert.ok(answers.every(({ status }) => status === 200 || status === 403));
  const proof = session.proofs.get(purpose);
  if (isIn && once && proof !== undefined) proof.isSpent = true;
}

/** The app's passkey was right, once or twice at once. */
export function confirm(browser: number, purpose: string, times: 1 | 2, worker: number): Command {
  const run = async ({ past, world }: Both) => {
    const call = { browser, worker, path: "/confirm", fields: purpose === "" ? {} : { purpose } };
    const told = times === 1 ? [await world.call(call)] : await world.callTwice(call);
    const session = browserOf(past, browser);
    const user = past.user(session.user ?? "");
    const good = told.filter(({ status }) => status === 200);
    assert.equal(
      good.length,
      user.isDisabled ? 0 : 1,
      `passkeys let in: ${told.map(codeOf).join()}`,
    );
    if (user.isDisabled) return;
    const { id, number } = user;
    const description = describe(purpose, session.amount);
    past.renew(browser, { user: id, number, purpose, description, at: past.now, isSpent: false });
  };
  const name = `confirm ${times} (${browser}, "${purpose}") at ${worker}`;
  return command(name, run, isSignedIn(browser));
}
