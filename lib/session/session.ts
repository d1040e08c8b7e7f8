/** The only file that touches `req.session`: reads it, saves it surely, and renews its id. */

import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { TwoFactorError } from "../outcome/errors";
import { ownProperty } from "../std/own-property";
import { watchForResave } from "./resave";
import { packState, readMarks, readState, type Mark, type SessionState } from "./state";
import { callStore, type Done, type StoreFailure } from "./store-call";

/** A session, as the verifier sees it. */
export interface Session {
  readonly id: string;
  /** Whether the client has its cookie, so that the store has it already. */
  readonly isBegun: boolean;
  read(): SessionState;
  /** The marks alone. */
  readMarks(): Mark[];
  /** Changes the session in memory; `save()` makes it last. */
  write(state: SessionState): void;
  /** Why the client will never send this session's cookie, where that is plain. */
  lossOf(): TwoFactorError | undefined;
  /** Hears of faults of its wiring that show at the end of the answer. For development. */
  watch(tell: (fault: TwoFactorError) => void): void;
  /** Makes a session that the client has no cookie of yet last beyond this answer, for its forms. */
  begin(): void;
  /** Resolves once the store has the session; throws `unavailable`, the session unchanged in the store. */
  save(): Promise<void>;
  /**
   * Reads what is ours anew, and leaves the app's own data as this request has it. False where the session
   * is gone, as after another request has renewed its id.
   */
  refresh(): Promise<boolean>;
  /** The same, but throws `unavailable` where the store does not tell. */
  reload(): Promise<boolean>;
  /**
   * Gives the session a new id and `state`, keeps the app's own data, and resolves once the store has
   * the new one and has dropped the old one (ASVS 7.2.4). If either fails, the old session goes on
   * and nobody learns the new id.
   */
  renew(state: SessionState): Promise<void>;
}

interface HostSession {
  id: string;
  cookie: Record<string, unknown>;
  save: (this: HostSession, done: Done) => unknown;
  touch(): unknown;
  twoFactor?: unknown;
}

interface HostStore {
  generate(req: IncomingMessage): void;
  get(id: string, done: Done): unknown;
  destroy(id: string, done: Done): unknown;
}

type HostRequest = IncomingMessage & {
  originalUrl?: unknown;
  session?: HostSession | null;
  sessionID?: string | undefined;
  sessionStore?: Partial<HostStore>;
};

const STORE_DEADLINE_MS = 5000;
const REASONS: Record<StoreFailure["kind"], string> = {
  error: "session_store_error",
  threw: "session_store_threw",
  timeout: "session_store_timeout",
};

/** The session of a request; throws `unavailable`, naming the cause, where it has none that will do. */
export function sessionOf(req: IncomingMessage): Session {
  const host = req as HostRequest;
  if (host.session === undefined || host.session === null) {
    // express-session passes over what it finds no path in, such as "*": nothing is at fault, and nobody is alarmed.
    if (!namesPath(host)) throw new TwoFactorError("invalid_request", "The request names no path.");
    throw new TwoFactorError(
      "unavailable",
      "There is no session on this request. Mount express-session before the router and the guard; " +
        "a session store that has lost its connection looks the same.",
      { reason: "session_missing" },
    );
  }
  const { sessionStore: store, session } = host;
  if (typeof session.save !== "function" || typeof session.touch !== "function") refuseKind();
  if (typeof store?.generate !== "function" || typeof store.destroy !== "function") refuseKind();
  if (typeof store.get !== "function") refuseKind();
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
 * Whether a request line names a path and nothing in front of it (RFC 9112 3.2.1), as all clients but proxies do.
 * A request of the app's own making may have none.
 */
function namesPath({ originalUrl, url = "" }: HostRequest): boolean {
  return /^(?:\/|$)/.test(typeof originalUrl === "string" ? originalUrl : url);
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
  sessionStore: HostStore;
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

  readMarks(): Mark[] {
    return readMarks(ownProperty(this.#req.session, "twoFactor"));
  }

  write(state: SessionState): void {
    const { session } = this.#req;
    if (session === undefined) return;
    const packed = packState(state);
    if (packed === undefined) delete session.twoFactor;
    else session.twoFactor = packed;
  }

  lossOf(): TwoFactorError | undefined {
    const { session } = this.#req;
    const isLost = session?.cookie["secure"] === true && !this.isBegun && isPlainHttp(this.#req);
    return isLost ? SECURE_OVER_HTTP : undefined;
  }

  watch(tell: (fault: TwoFactorError) => void): void {
    const { session } = this.#req;
    if (session !== undefined && this.isBegun) watchForResave(session, tell);
  }

  begin(): void {
    const { session } = this.#req;
    if (session === undefined || this.isBegun) return;
    // express-session keeps what was changed.
    session.twoFactor ??= {};
  }

  async save(): Promise<void> {
    const { session } = this.#req;
    if (session === undefined) throw storeFault("session_left");
    // As express-session does before its own save: else the store would let it end before its cookie.
    session.touch();
    try {
      // A session that the client has no cookie of is not touched once more: express-session's own save will do.
      if (!this.isBegun) {
        await settle((done) => session.save(done));
        return;
      }
      await settle((done) => {
        saveOf(session).call(session, done);
      });
      saveOnce(session);
    } catch (error) {
      this.#leaveIfUnanswered(error);
      throw error;
    }
  }

  async refresh(): Promise<boolean> {
    return this.reload().catch(() => false);
  }

  async reload(): Promise<boolean> {
    const { session, sessionID, sessionStore: store } = this.#req;
    if (session === undefined || sessionID === undefined) return false;
    try {
      const stored = await settle((done) => store.get(sessionID, done));
      if (typeof stored !== "object" || stored === null) return false;
      const ours = ownProperty(stored, "twoFactor");
      if (ours === undefined) delete session.twoFactor;
      else session.twoFactor = ours;
      return true;
    } catch (error) {
      this.#leaveIfUnanswered(error);
      throw error;
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

const SECURE_OVER_HTTP = new TwoFactorError(
  "unavailable",
  "The session's cookie is `secure` and the request came over plain http, so express-session sends none and " +
    "every request has a new session. Serve https, set `trust proxy` behind a proxy that does, or use " +
    '`secure: "auto"` while developing.',
  { reason: "session_cookie_secure" },
);

/** Whether neither the connection nor Express nor a proxy says https. */
function isPlainHttp(req: IncomingMessage & { secure?: unknown }): boolean {
  const { socket, headers } = req;
  if ((socket as Partial<TLSSocket>).encrypted === true || req.secure === true) return false;
  return !/^\s*https/i.test(String(headers["x-forwarded-proto"]));
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
    const value = function (this: HostSession, done?: Done): unknown {
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

async function drop(store: HostStore, id: string): Promise<void> {
  await settle((done) => store.destroy(id, done));
}

/** Waits for a store's answer, but not for ever, and lets none of its own errors out. */
async function settle(call: Parameters<typeof callStore>[0]): Promise<unknown> {
  try {
    return await callStore(call, STORE_DEADLINE_MS);
  } catch (failure) {
    const { kind, cause } = failure as StoreFailure;
    // That of `boundedStore()` knows better what it was.
    const told = cause instanceof TwoFactorError ? cause.reason : undefined;
    throw storeFault(told ?? REASONS[kind]);
  }
}

function storeFault(reason: string): TwoFactorError {
  return new TwoFactorError("unavailable", "The session store did not answer.", { reason });
}

// The app's own data (its log-in above all) and its cookie, with what it has set on that, outlive the renewal.
function carryOver(from: HostSession, to: HostSession): void {
  for (const [name, value] of Object.entries(from)) {
    if (name !== "__proto__") (to as unknown as Record<string, unknown>)[name] = value;
  }
  to.touch();
}
