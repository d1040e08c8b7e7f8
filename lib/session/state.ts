/** What this package keeps in a session, read strictly out of the store's JSON. */

import { ENROLMENT, isLife, readChallenge, type Challenge } from "../challenge/challenge";
import { ownProperty } from "../std/own-property";

/** The challenge that was answered, as far as a second submit of its code has to be answered alike. */
export interface AnsweredChallenge {
  id: string;
  issuedAt: number;
  expiresAt: number;
  key: string;
  /** Where it is not the mark's. */
  purpose?: string;
}

/** A proof of the app's own, which was no code: there is nothing to answer alike. */
export interface OtherProof {
  id: string;
}

/** What verified a session, for one purpose. */
export interface Mark {
  subject: string;
  purpose: string;
  /** Ties the mark to the subject's number. */
  binding: string;
  /** The proved number, where no user record holds it. */
  phone?: string;
  /** How events show the subject, where it is a number. */
  shown?: string;
  /** Method names of RFC 8176. */
  amr: string[];
  /** Epoch ms. */
  at: number;
  /** Its id names the mark where it is dropped. */
  answered: AnsweredChallenge | OtherProof;
  /** Id of a later proof that has renewed the session with the mark: names this copy of it. */
  carriedBy?: string;
}

/** What stands in a session. It is last-write-wins, so a hint: the ledger decides. */
export interface SessionState {
  /** One for each purpose that is open, the newest last. */
  challenges: Challenge[];
  marks: Mark[];
  /** Texts sent in a row without a right answer, and when the last one was (epoch ms). */
  unanswered?: { count: number; at: number };
}

/** How many purposes may be open at once. */
const MOST_CHALLENGES = 4;

/** The state with this challenge as the newest, in the place of its purpose's. */
export function withChallenge(state: SessionState, challenge: Challenge): SessionState {
  const others = state.challenges.filter(({ purpose }) => purpose !== challenge.purpose);
  return { ...state, challenges: [...others, challenge].slice(-MOST_CHALLENGES) };
}

/** The state without these challenges. */
export function withoutChallenges(
  state: SessionState,
  ended: readonly Pick<Challenge, "id">[],
): SessionState {
  const challenges = state.challenges.filter(({ id }) => ended.every((each) => each.id !== id));
  return { ...state, challenges };
}

/** The state after a proof: its mark in the place of its purpose's, what else stands there carried on. */
export function withMark(state: SessionState, mark: Mark): SessionState {
  const { subject, purpose, answered } = mark;
  const isCode = isChallenge(answered);
  // A proof of the number before is none of this one.
  const isEnrolment = isCode && answered.purpose === ENROLMENT;
  const kept = isEnrolment
    ? []
    : state.marks.filter((each) => each.subject === subject && each.purpose !== purpose);
  // A log-out at this moment, which knows the proof, ends these copies too.
  const marks = [...kept.map((each) => ({ ...each, carriedBy: answered.id })), mark];
  const challenges = isEnrolment
    ? []
    : state.challenges.filter((each) => each.purpose !== purpose || each.subject !== subject);
  // Texts that a proof of another kind has made needless were asked for all the same.
  return { ...(!isCode && state), challenges, marks };
}

/** Whether what was answered was the code of a challenge. */
export function isChallenge(answered: Mark["answered"]): answered is AnsweredChallenge {
  return "expiresAt" in answered;
}

/** The state as it is kept: nothing where there is nothing. */
export function packState({ challenges, marks, unanswered }: SessionState): object | undefined {
  if (challenges.length === 0 && marks.length === 0 && unanswered === undefined) return undefined;
  return {
    ...(challenges.length > 0 && { challenges }),
    ...(marks.length > 0 && { marks }),
    ...(unanswered !== undefined && { unanswered }),
  };
}

/** Reads all of it. */
export function readState(value: unknown): SessionState {
  const unanswered = readUnanswered(ownProperty(value, "unanswered"));
  return {
    challenges: readChallenges(ownProperty(value, "challenges")),
    marks: readMarks(value),
    ...(unanswered !== undefined && { unanswered }),
  };
}

/** Reads the marks alone: each guarded call does. */
export function readMarks(value: unknown): Mark[] {
  const list = ownProperty(value, "marks");
  const marks: Mark[] = [];
  if (!Array.isArray(list)) return marks;
  for (const each of list) {
    const mark = readMark(each);
    if (mark !== undefined) marks.push(mark);
  }
  return marks;
}

function readChallenges(list: unknown): Challenge[] {
  if (!Array.isArray(list)) return [];
  return list.slice(-MOST_CHALLENGES).flatMap((each) => readChallenge(each) ?? []);
}

function readUnanswered(value: unknown): SessionState["unanswered"] {
  const count = ownProperty(value, "count");
  const at = ownProperty(value, "at");
  return isTime(count) && isTime(at) ? { count, at } : undefined;
}

// Written out, without lists and spreads, as each guarded call reads one.
function readMark(value: unknown): Mark | undefined {
  const subject = ownProperty(value, "subject");
  const purpose = ownProperty(value, "purpose");
  const binding = ownProperty(value, "binding");
  if (!isText(subject) || !isText(purpose) || !isText(binding)) return;
  const at = ownProperty(value, "at");
  const answered = readAnswered(ownProperty(value, "answered"));
  if (!isTime(at) || answered === undefined) return;
  const amr = ownProperty(value, "amr");
  if (!Array.isArray(amr) || !amr.every(isText)) return;
  const phone = ownProperty(value, "phone");
  if (phone !== undefined && !isText(phone)) return;
  const carriedBy = ownProperty(value, "carriedBy");
  if (carriedBy !== undefined && !isText(carriedBy)) return;
  const mark: Mark = { subject, purpose, binding, amr, at, answered };
  if (carriedBy !== undefined) mark.carriedBy = carriedBy;
  if (phone !== undefined) mark.phone = phone;
  const shown = ownProperty(value, "shown");
  if (isText(shown)) mark.shown = shown;
  return mark;
}

function readAnswered(value: unknown): Mark["answered"] | undefined {
  const id = ownProperty(value, "id");
  const key = ownProperty(value, "key");
  if (!isText(id)) return;
  if (key === undefined) return { id };
  if (!isText(key)) return;
  const issuedAt = ownProperty(value, "issuedAt");
  const expiresAt = ownProperty(value, "expiresAt");
  if (!isTime(issuedAt) || !isTime(expiresAt) || !isLife(expiresAt - issuedAt)) return;
  const purpose = ownProperty(value, "purpose");
  if (purpose !== undefined && !isText(purpose)) return;
  const answered: AnsweredChallenge = { id, issuedAt, expiresAt, key };
  if (purpose !== undefined) answered.purpose = purpose;
  return answered;
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
