/** The model: whose code is right, who may pass, and which text may leave, given what has happened. */

import { describe, LIMITS } from "./limits";
import type { Past } from "./past";
import type { Challenge, Proof, Remembered, Session, User } from "./people";

/** Whether a code or a proof is of this user, of the number that is theirs now, and of what is described now. */
function isOf(session: Session, past: Past, of: Challenge | Proof): boolean {
  const { user, number, purpose, description } = of;
  const isTheirs = user === session.user && number === past.user(user).number;
  return isTheirs && description === describe(purpose, session.amount);
}

/** The codes that a session waits for. */
export function openIn(session: Session, past: Past): Challenge[] {
  return [...session.challenges.values()].filter(
    (each) => isOf(session, past, each) && past.now < each.expiresAt && !each.isUsed,
  );
}

/** Whether support or wrong codes have shut a user out. */
export function isShutOut(
  { isDisabled, row, failures, failuresEndAt }: User,
  now: number,
): boolean {
  const isBlocked = failures >= LIMITS.failures.max && now < failuresEndAt;
  return isDisabled || row >= LIMITS.row || isBlocked;
}

/** Whether a code verifies: the right one, in time, unused, with attempts left, of nobody who is shut out. */
export function verifies(session: Session, past: Past, code: string): Challenge | undefined {
  const right = openIn(session, past).find((each) => each.code === code);
  if (right === undefined || right.tries >= LIMITS.attempts) return undefined;
  return isShutOut(past.user(right.user), past.now) ? undefined : right;
}

/** Whether a session is verified by this very code already: it may be told so once more, and nothing is counted. */
export function repeats(session: Session, past: Past, code: string): Proof | undefined {
  return [...session.proofs.values()].find(
    ({ challenge }) =>
      challenge?.code === code && isOf(session, past, challenge) && past.now < challenge.expiresAt,
  );
}

/** Whether a recovery code verifies: one of the user's last set, unused, of nobody who is shut out. */
export function recovers({ user: id = "" }: Session, past: Past, code: string): boolean {
  const user = past.user(id);
  return user.recovery.has(code) && !isShutOut(user, past.now);
}

/** What a token is remembered as: a browser of this user and the number that is theirs now, in time, not forgotten. */
export function rememberedAs(session: Session, past: Past, token: string): Remembered | undefined {
  const { id, number, isDisabled } = past.user(session.user ?? "");
  const known = past.remembered.find(({ tokens }) => tokens.includes(token));
  if (known === undefined || known.user !== id || known.number !== number) return undefined;
  return past.now < known.expiresAt && !isDisabled ? known : undefined;
}

/** Whether a token lets in: the newest, or the one before until that has come back and a moment longer. */
export function isGood({ tokens, before }: Remembered, token: string, now: number): boolean {
  return token === tokens.at(-1) || (token === before.token && now < before.until);
}

/** Whether a session passes a guard. */
export function passes(session: Session, past: Past, purpose: string): boolean {
  const proof = session.proofs.get(purpose);
  if (proof === undefined || proof.isSpent || !isOf(session, past, proof)) return false;
  return past.now - proof.at < LIMITS.markLife * 1000 && !past.user(proof.user).isDisabled;
}

/** Whether a text may leave: nobody is shut out, the last one is old enough, and no budget is full. */
export function mayLeave(session: Session, past: Past, purpose: string, network: string): boolean {
  const user = past.user(session.user ?? "");
  const waitsUntil = session.waits.get(`${user.id} ${user.number} ${purpose}`) ?? 0;
  if (isShutOut(user, past.now) || past.now < waitsUntil) return false;
  return past.linesFor(user, network).every(({ budget, max }) => budget.count(past.now) < max);
}
