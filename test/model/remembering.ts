/** Commands of remembered browsers, and what has to come of a code that one was to be remembered with. */

import { strict as assert } from "node:assert";
import { browserOf, command, isSignedIn, type Both, type Command } from "./command";
import { LIMITS } from "./limits";
import { isGood, rememberedAs } from "./model";
import type { Past } from "./past";
import type { Answer } from "./world";

/** A right code has its browser remembered where that was asked for, and none for a purpose does. */
export function judgeRemembering(
  past: Past,
  browser: number,
  { purpose, isAsked, told: { body, token } }: { purpose: string; isAsked: boolean; told: Answer },
): void {
  assert.equal(body.remembered, isAsked ? purpose === "" : undefined, "whether it is remembered");
  assert.equal(token !== undefined, body.remembered === true, "whether there is a token");
  if (token !== undefined) past.remembers(browser, token);
}

/** Whether the guard that takes remembered browsers lets this one in; one whose token was stolen is forgotten. */
export function judgeRecognising(past: Past, browser: number, answers: readonly Answer[]): boolean {
  const session = browserOf(past, browser);
  const token = past.tokens[browser]?.get(session.user ?? "") ?? "";
  const as = rememberedAs(session, past, token);
  if (as === undefined) return false;
  if (!isGood(as, token, past.now)) {
    past.forgot(as.user, token);
    return false;
  }
  const given = answers.flatMap((each) => each.token ?? []);
  assert.ok(given.length <= 1, "parallel requests have a token replaced once");
  const [next] = given;
  const isOld = past.now - as.usedAt >= LIMITS.rotation * 1000;
  if (as.isSeen(token) && isOld) assert.ok(next !== undefined, "a token is in use for too long");
  as.letIn(token, next, past.now);
  if (next !== undefined) past.tokens[browser]?.set(as.user, next);
  return true;
}

/** Whether a browser was ever remembered. */
export function isKnown(browser: number): (past: Past) => boolean {
  return (past) => (past.tokens[browser]?.size ?? 0) > 0;
}

/** A user has this browser forgotten, or all. */
export function forget(browser: number, isAll: boolean, worker: number): Command {
  const run = async ({ past, world }: Both) => {
    const { user = "" } = browserOf(past, browser);
    const isListed = (each: (typeof past.remembered)[number]) =>
      each.user === user && past.now < each.expiresAt;
    const { body } = await world.call({ browser, worker, path: "/forget", fields: { isAll } });
    assert.equal(body.listed, past.remembered.filter(isListed).length, "browsers that are listed");
    past.forgot(user, isAll ? undefined : (past.tokens[browser]?.get(user) ?? ""));
  };
  const name = `forget ${isAll ? "all" : "this"} (${browser}) at ${worker}`;
  return command(name, run, (past) => isSignedIn(browser)(past) && isKnown(browser)(past));
}
