/** A session store that gives what a test has planned, and forgets all else. */

import { createHmac } from "node:crypto";
import { Store, type SessionData } from "express-session";

const ID = "fuzz";
export const SESSION_SECRET = "the secret of the sessions";

/** The cookie that names the planned session, as express-session signs it. */
export const SESSION_COOKIE = `connect.sid=s%3A${ID}.${encodeURIComponent(
  createHmac("sha256", SESSION_SECRET).update(ID).digest("base64").replace(/=+$/, ""),
)}`;

type Held = Record<string, unknown>;

/** One session is planned; those that it is renewed to are kept until the next plan. */
export class PlannedStore extends Store {
  readonly #sessions = new Map<string, string>();

  /** Puts `data` into the session that the cookie names; nothing for none. */
  plan(data: Held | undefined): void {
    this.#sessions.clear();
    if (data === undefined) return;
    const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };
    // Some data can't be JSON, which no store would give back.
    this.#sessions.set(ID, JSON.stringify({ cookie, ...data }));
  }

  /** What the session holds that was written last. */
  get last(): Held | undefined {
    const json = [...this.#sessions.values()].at(-1);
    return json === undefined ? undefined : (JSON.parse(json) as Held);
  }

  override get(id: string, done: (error: unknown, session?: SessionData | null) => void): void {
    const json = this.#sessions.get(id);
    done(null, json === undefined ? null : (JSON.parse(json) as SessionData));
  }

  override set(id: string, session: SessionData, done?: (error?: unknown) => void): void {
    this.#sessions.delete(id);
    this.#sessions.set(id, JSON.stringify(session));
    done?.();
  }

  override destroy(id: string, done?: (error?: unknown) => void): void {
    this.#sessions.delete(id);
    done?.();
  }
}
