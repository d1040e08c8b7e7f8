/** The only file that touches `req.session`: what this package keeps there, read strictly and saved surely. */

import type { IncomingMessage } from "node:http";
import { readChallenge, type Challenge } from "../challenge/challenge";
import { DeadlinePassed, isThenable, within } from "../std/deadline";
import { TwoFactorError } from "../outcome/errors";
import { ownProperty } from "../std/own-property";

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
  /**
   * The challenge that was answered: a second submit of its code is answered alike, and its id names
   * the mark where it is revoked.
   */
  answered: Challenge;
  /** Id of a later challenge whose answer has renewed the session with the mark: names this copy of it. */
  carriedBy?: string;
}

/** What stands in a session. It is last-write-wins, so a hint: the counters decide. */
export interface SessionState {
  challenge?: Challenge;
  marks: Mark[];
  /** Texts sent in a row without a right answer, and when the last one was (epoch ms). */
  unanswered?: { count: number; at: number };
}

/** A session, as the verifier sees it. */
export interface Session {
  readonly id: string;
  /** Whether the client has its cookie, so that the store has it already. */
  readonly isBegun: boolean;
  read(): SessionState;
  /** Changes the session in memory; `save()` makes it last. */
  write(state: SessionState): void;
  /** Makes a session that the client has no cookie of yet last beyond this answer, for its forms. */
  begin(): void;
  /** Resolves once the store has the session; throws `unavailable`, the session unchanged in the store. */
  save(): Promise<void>;
  /** Reads the session anew; false where it is gone, as after another request has renewed its id. */
  reload(): Promise<boolean>;
  /**
   * Gives the session a new id and `state`, keeps the app's own data, and resolves once the store has
   * the new one and has dropped the old one (ASVS 7.2.4). If either fails, the old session goes on
   * and nobody learns the new id.
   */
  renew(state: SessionState): Promise<void>;
}

type Callback = (error?: unknown) => void;

interface HostSession {
  id: string;
  cookie: Record<string, unknown>;
  save: (this: HostSession, done: Callback) => unknown;
  reload(done: Callback): unknown;
  touch(): unknown;
  twoFactor?: unknown;
}

type HostRequest = IncomingMessage & {
  session?: HostSession | null;
  sessionID?: string | undefined;
  sessionStore?: {
    generate?: (req: IncomingMessage) => void;
    destroy?: (id: string, done: Callback) => unknown;
  };
};

const STORE_DEADLINE_MS = 5000;

/** The session of a request; throws `unavailable`, naming the cause, where it has none that will do. */
export function sessionOf(req: IncomingMessage): Session {
  const host = req as HostRequest;
  if (host.session === undefined || host.session === null) {
    throw new TwoFactorError(
      "unavailable",
      "There is no session on this request. Mount express-session before the router and the guard; " +
        "a session store that has lost its connection looks the same.",
      { reason: "session_missing" },
    );
  }
  const { sessionStore: store, session } = host;
  if (typeof session.save !== "function" || typeof session.reload !== "function") refuseKind();
  if (typeof session.touch !== "function") refuseKind();
  if (typeof store?.generate !== "function" || typeof store.destroy !== "function") refuseKind();
  if (typeof host.sessionID !== "string") throw storeFault("session_left");
  return new ExpressSession(host as Connected);
}

/**
 * Has the answer to this request leave the session alone: no cookie, no touch, no save. Whichever cookie
 * came last would win, and writing the session would bring a dead one back. express-session passes over
 * one without an id; without the session itself it would destroy it where `unset` says so.
 */
export function leaveSession(req: IncomingMessage): void {
  (req as HostRequest).sessionID = undefined;
}

/**
 * Puts `next` in the place of a challenge that has ended, in the session as the store has it now. Does
 * nothing where another request has renewed the session, whose old id must stay dead, or has begun
 * another challenge.
 */
export async function replaceChallenge(
  session: Session,
  ended: Challenge,
  next: Omit<SessionState, "marks">,
): Promise<void> {
  if (!(await session.reload())) return;
  const { challenge, marks } = session.read();
  if (challenge?.id !== ended.id) return;
  session.write({ marks, ...next });
  await session.save();
}

function refuseKind(): never {
  throw new TwoFactorError(
    "unavailable",
    "The session on this request is not express-session's. Mount express-session with a store on " +
      "the server: a session kept in a cookie can be replayed.",
    { reason: "session_unsupported" },
  );
}

type Connected = IncomingMessage & {
  /** None once the app has destroyed it. */
  session: HostSession | undefined;
  /** None once the session is to be left alone. */
  sessionID: string | undefined;
  sessionStore: {
    generate(req: IncomingMessage): void;
    destroy(id: string, done: Callback): unknown;
  };
};

class ExpressSession implements Session {
  readonly #req: Connected;

  constructor(req: Connected) {
    this.#req = req;
  }

  get id(): string {
    const { sessionID } = this.#req;
    if (sessionID === undefined) throw storeFault("session_left");
    return sessionID;
  }

  get isBegun(): boolean {
    return decodeCookies(this.#req.headers.cookie).includes(this.id);
  }

  read(): SessionState {
    const { session } = this.#req;
    return readState(ownProperty(session, "twoFactor"));
  }

  write(state: SessionState): void {
    const { session } = this.#req;
    if (session === undefined) return;
    if (isEmpty(state)) delete session.twoFactor;
    else session.twoFactor = state;
  }

  begin(): void {
    const { session } = this.#req;
    if (session === undefined || this.isBegun) return;
    // express-session keeps what was changed.
    session.twoFactor ??= { marks: [] };
  }

  async save(): Promise<void> {
    const { session, sessionID } = this.#req;
    if (session === undefined || sessionID === undefined) throw storeFault("session_left");
    // As express-session does before its own save: else the store would let it end before its cookie.
    session.touch();
    try {
      await settle((done) => {
        saveOf(session).call(session, done);
      });
      saveOnce(session);
    } catch (error) {
      this.#leaveIfUnanswered(error);
      throw error;
    }
  }

  async reload(): Promise<boolean> {
    const { session, sessionID } = this.#req;
    if (session === undefined || sessionID === undefined) return false;
    try {
      await settle((done) => session.reload(done));
      return true;
    } catch (error) {
      this.#leaveIfUnanswered(error);
      return false;
    }
  }

  async renew(state: SessionState): Promise<void> {
    const req = this.#req;
    const { session: old, sessionID: oldId, sessionStore: store } = req;
    if (old === undefined || oldId === undefined) throw storeFault("session_left");
    try {
      store.generate(req);
      const fresh = req.session as unknown as HostSession;
      carryOver(old, fresh);
      this.write(state);
      await settle((done) => fresh.save(done));
      await drop(store, oldId);
      saveOnce(fresh);
    } catch (error) {
      const newId = req.sessionID;
      req.session = old;
      req.sessionID = oldId;
      if (newId !== undefined && newId !== oldId) void drop(store, newId).catch(() => undefined);
      this.#leaveIfUnanswered(error);
      throw error;
    }
  }

  // express-session saves or touches the session before it ends an answer, so a store that does not
  // call back, or throws, would hold the refusal back for ever.
  #leaveIfUnanswered(error: unknown): void {
    if (error instanceof TwoFactorError && error.reason === "session_store_error") return;
    leaveSession(this.#req);
  }
}

function decodeCookies(header = ""): string {
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}

// Past the `save` that express-session lays over the session: what that one has saved is touched once
// more in the store before an answer ends.
function saveOf(session: HostSession): HostSession["save"] {
  const kind = Object.getPrototypeOf(session) as Partial<HostSession>;
  return kind.save ?? session.save;
}

const SAVED_MS = 1000;
const saved = new WeakMap<HostSession, { text: string; at: number }>();

/**
 * Takes back the save at the end of an answer, as long as the session is what the store has just been
 * given: it would be a second round, and could write over what another request has written meanwhile.
 */
function saveOnce(session: HostSession): void {
  if (!saved.has(session)) {
    const { save } = session;
    const value = function (this: HostSession, done?: Callback): unknown {
      const last = saved.get(this);
      const isSaved = last !== undefined && Math.abs(Date.now() - last.at) < SAVED_MS;
      if (!isSaved || textOf(this) !== last.text) return save.call(this, done ?? NOBODY);
      done?.();
      return this;
    };
    Object.defineProperty(session, "save", { configurable: true, writable: true, value });
  }
  saved.set(session, { text: textOf(session), at: Date.now() });
}

const NOBODY = (): void => undefined;

/** All of a session but the end of its life, which moves with each request. */
function textOf({ cookie, ...data }: HostSession): string {
  return JSON.stringify([data, { ...cookie, _expires: undefined }]);
}

function drop(store: Connected["sessionStore"], id: string): Promise<void> {
  return settle((done) => store.destroy(id, done));
}

/** Waits for a store's callback, but not for ever, and lets none of its own errors out. */
async function settle(call: (done: Callback) => unknown): Promise<void> {
  const called = new Promise<void>((resolve, reject) => {
    const fail = (): void => {
      reject(storeFault("session_store_error"));
    };
    const started = call((error) => {
      if (error === undefined || error === null) resolve();
      else fail();
    });
    // Of a store written with `async`: it calls nobody back when it throws, and would end the process.
    if (isThenable(started)) started.then(undefined, fail);
  });
  try {
    await within(called, STORE_DEADLINE_MS);
  } catch (error) {
    if (error instanceof TwoFactorError) throw error;
    throw storeFault(
      error instanceof DeadlinePassed ? "session_store_timeout" : "session_store_threw",
    );
  }
}

function storeFault(reason: string): TwoFactorError {
  return new TwoFactorError("unavailable", "The session store did not answer.", { reason });
}

// The app's own data (its log-in above all) and what it set on its cookie outlive the renewal.
function carryOver(from: HostSession, to: HostSession): void {
  for (const [name, value] of Object.entries(from)) {
    if (name === "cookie" || name === "twoFactor" || name === "__proto__") continue;
    (to as unknown as Record<string, unknown>)[name] = value;
  }
  for (const [name, value] of Object.entries(from.cookie)) {
    if (name !== "_expires" && name !== "originalMaxAge") to.cookie[name] = value;
  }
  to.cookie.maxAge = from.cookie.originalMaxAge ?? null;
}

function isEmpty(state: SessionState): boolean {
  return (
    state.challenge === undefined && state.marks.length === 0 && state.unanswered === undefined
  );
}

// Written out, without lists and spreads, as each guarded call reads one.
function readState(value: unknown): SessionState {
  const state: SessionState = { marks: readMarks(ownProperty(value, "marks")) };
  const challenge = readChallenge(ownProperty(value, "challenge"));
  if (challenge !== undefined) state.challenge = challenge;
  const unanswered = readUnanswered(ownProperty(value, "unanswered"));
  if (unanswered !== undefined) state.unanswered = unanswered;
  return state;
}

function readMarks(value: unknown): Mark[] {
  const marks: Mark[] = [];
  if (!Array.isArray(value)) return marks;
  for (const each of value) {
    const mark = readMark(each);
    if (mark !== undefined) marks.push(mark);
  }
  return marks;
}

function readUnanswered(value: unknown): SessionState["unanswered"] {
  const count = ownProperty(value, "count");
  const at = ownProperty(value, "at");
  return isTime(count) && isTime(at) ? { count, at } : undefined;
}

function readMark(value: unknown): Mark | undefined {
  const subject = ownProperty(value, "subject");
  const purpose = ownProperty(value, "purpose");
  if (typeof subject !== "string" || typeof purpose !== "string") return;
  const binding = ownProperty(value, "binding");
  const at = ownProperty(value, "at");
  const answered = readChallenge(ownProperty(value, "answered"));
  if (typeof binding !== "string" || !isTime(at) || answered === undefined) return;
  const amr = ownProperty(value, "amr");
  if (!Array.isArray(amr) || !amr.every((name) => typeof name === "string")) return;
  const phone = ownProperty(value, "phone");
  if (phone !== undefined && typeof phone !== "string") return;
  const carriedBy = ownProperty(value, "carriedBy");
  if (carriedBy !== undefined && typeof carriedBy !== "string") return;
  const mark: Mark = { subject, purpose, binding, amr, at, answered };
  if (carriedBy !== undefined) mark.carriedBy = carriedBy;
  if (phone !== undefined) mark.phone = phone;
  const shown = ownProperty(value, "shown");
  if (typeof shown === "string") mark.shown = shown;
  return mark;
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
