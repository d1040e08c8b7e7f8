/** Remembers browsers: hands out the token beside a right code, knows it again at guards, and forgets it. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { bind, isBound, type Bound } from "../challenge/binding";
import type { KeyRing } from "../crypto/keys";
import { randomId, randomToken } from "../crypto/mac";
import type { RememberSettings } from "../options/remember-settings";
import type { EmitEvent, TwoFactorEvent } from "../outcome/events";
import type { OnRecordFault } from "../records/ask";
import { RecordKeys, type UserKey } from "../records/record-keys";
import type { RememberedBrowser } from "../records/records";
import type { Phone } from "../phone/phone";
import { circumstances, factsOf, shownSubject } from "../request/facts";
import { networkOf } from "../request/network";
import type { Passer, Subscriber } from "../request/subscriber";
import { sessionOf } from "../session/session";
import { LruCache } from "../std/lru-cache";
import type { MaybePromise } from "../std/maybe-promise";
import { labelOf } from "./browser-label";
import { BrowserRecords } from "./browser-records";
import { cookieName, makeRoom, readCookie, setCookie, type RememberCookie } from "./cookie";
import { confirmation, readToken, rotation } from "./rotation";

/** A browser that a user has had remembered. */
export interface Remembered {
  /** Names it to `forget()`. It is no secret. */
  id: string;
  /** Browser and system, such as `Firefox on Linux`; empty where the browser has not told. */
  browser: string;
  /** When its user entered the code. ISO 8601, UTC, as all times here. */
  createdAt: string;
  /** When it was last used, within ten minutes. */
  lastUsedAt: string;
  /** When it ends, whatever its use. */
  expiresAt: string;
  /** Whether it is the browser of the request that was handed in. */
  isCurrent: boolean;
}

/** What remembering works with. */
export interface BrowsersParts {
  remember: RememberSettings;
  namespace: string;
  keys: KeyRing;
  /** Whether support has switched a user's factor off: then no browser stands for it either. */
  isOff: (subject: string) => MaybePromise<boolean>;
  emit: EmitEvent;
  onFault: OnRecordFault;
}

/** A browser as a request tells it, and as the store has it. */
interface Found {
  who: Subscriber;
  user: UserKey;
  cookie: RememberCookie;
  browser: RememberedBrowser;
}

// Sessions that are let in by a browser are told of once each: as many as a process has at the same time.
const MOST_TOLD = 20_000;
// Ids of sessions are random, and some are long.
const ENOUGH_OF_ID = 64;

export class Browsers {
  readonly #parts: BrowsersParts;
  readonly #users: RecordKeys;
  readonly #records: BrowserRecords;
  readonly #told = new LruCache<string>(MOST_TOLD);

  constructor(parts: BrowsersParts) {
    this.#parts = parts;
    this.#users = new RecordKeys(parts.keys, parts.namespace);
    this.#records = new BrowserRecords(parts.remember.store, parts.onFault);
  }

  /**
   * Remembers the browser of a request whose code was right, in the place of what it was remembered by. False,
   * and an event, where the store fails: a right code is right all the same.
   */
  async remember(req: IncomingMessage, res: ServerResponse, who: Subscriber): Promise<boolean> {
    const { emit } = this.#parts;
    try {
      await this.#dropVoid(req, who);
      const [user] = this.#users.of(who.subject);
      const token = randomToken();
      const browser = this.#make(req, user, who, token);
      await this.#records.add(browser);
      if (res.headersSent) return false;
      makeRoom(req, res, cookieName(user.userId));
      this.#give(res, browser, token);
      emit({ type: "browser_remembered", ...about(req, who, browser) });
      return true;
    } catch (error) {
      emit({ type: "remember_failed", ...about(req, who), ...circumstances(req, error) }, error);
      return false;
    }
  }

  /**
   * Whether the browser of a request is one that this user has had remembered, with this number. Asks the store
   * each time, so that what is forgotten is so at once; gives the browser a new token at times, where there is
   * an answer to give it with. Rejects with `unavailable` where the store fails.
   */
  async recognise(
    req: IncomingMessage,
    res: ServerResponse | undefined,
    passer: Passer,
  ): Promise<boolean> {
    // Read while it is there: the client may hang up.
    networkOf(req);
    const found = await this.#find(req, passer);
    if (found === undefined) return false;
    const { who, user, cookie, browser } = found;
    const now = Date.now();
    const reading = readToken(browser, user.digest("browser", cookie.token), now);
    if (!reading.isGood) {
      await this.#records.remove(user.userId, browser.id);
      this.#parts.emit({ type: "browser_stolen", ...about(req, who, browser) });
      return false;
    }
    // Of parallel requests the first alone changes it: the others are as good without.
    if (reading.due === "confirmation") {
      await this.#records.touch(user.userId, browser.id, confirmation(browser, now));
    } else if (reading.due === "rotation" && res?.headersSent === false) {
      await this.#rotate(res, found, now);
    }
    this.#tellOnce(req, who, browser);
    return true;
  }

  /** Whether `recognise()` would say so. Changes nothing. */
  async isKnown(req: IncomingMessage, passer: Passer): Promise<boolean> {
    const found = await this.#find(req, passer);
    if (found === undefined) return false;
    const { user, cookie, browser } = found;
    return readToken(browser, user.digest("browser", cookie.token), Date.now()).isGood;
  }

  /** A user's remembered browsers, the one of `req` marked; the last used first. */
  async list(subject: string, req?: IncomingMessage): Promise<Remembered[]> {
    const all = await Promise.all(
      this.#users.of(subject).map(async ({ userId }) => {
        const current = req && readCookie(req, cookieName(userId));
        const browsers = await this.#records.list(userId);
        return browsers.map((browser) => ({ browser, isCurrent: browser.id === current?.id }));
      }),
    );
    return all
      .flat()
      .filter(({ browser }) => this.#isAlive(browser))
      .sort((a, b) => b.browser.lastUsedAt - a.browser.lastUsedAt)
      .map(({ browser, isCurrent }) => ({
        id: browser.id,
        browser: browser.label,
        createdAt: new Date(browser.createdAt).toISOString(),
        lastUsedAt: new Date(browser.lastUsedAt).toISOString(),
        expiresAt: new Date(this.#endOf(browser)).toISOString(),
        isCurrent,
      }));
  }

  /** Forgets one of a user's browsers, or all; tells whether there was any. */
  async forget(subject: string, id?: string): Promise<boolean> {
    const were = await Promise.all(
      this.#users
        .of(subject)
        .map(({ userId }) =>
          id === undefined ? this.#records.removeAll(userId) : this.#records.remove(userId, id),
        ),
    );
    const wasAny = were.includes(true);
    if (wasAny) {
      this.#parts.emit({ type: "browser_forgotten", subject: shownSubject(subject) });
    }
    return wasAny;
  }

  /** The record that the cookie of a request names, if it is this user's, for this number, and not over. */
  async #find(
    req: IncomingMessage,
    { subject, phone, locale }: Passer,
  ): Promise<Found | undefined> {
    const { keys, isOff } = this.#parts;
    if (phone === undefined) return undefined;
    const who = { subject, phone, locale };
    for (const user of this.#users.of(subject)) {
      const cookie = readCookie(req, cookieName(user.userId));
      if (cookie === undefined) continue;
      const browser = await this.#records.find(user.userId, cookie.id);
      if (browser === null || !this.#isAlive(browser)) continue;
      if (!isBound(keys, browser.binding, boundTo(subject, phone))) continue;
      if (await isOff(subject)) return undefined;
      return { who, user, cookie, browser };
    }
    return undefined;
  }

  async #rotate(res: ServerResponse, { user, cookie, browser }: Found, now: number): Promise<void> {
    const token = randomToken();
    const digestOf = (each: string) => user.digest("browser", each);
    const change = rotation(browser, digestOf(cookie.token), digestOf(token), now);
    const isFirst = await this.#records.touch(user.userId, browser.id, change);
    // One that the answer does not take along is never seen, so the present one stays good.
    if (!isFirst || res.headersSent) return;
    this.#give(res, browser, token);
  }

  #give(res: ServerResponse, browser: RememberedBrowser, token: string): void {
    const left = Math.ceil((this.#endOf(browser) - Date.now()) / 1000);
    setCookie(res, cookieName(browser.userId), { id: browser.id, token }, left);
  }

  /** Removes what the browser of a request was remembered by, and what is void because the number has changed. */
  async #dropVoid(req: IncomingMessage, { subject, phone }: Subscriber): Promise<void> {
    const { keys } = this.#parts;
    for (const { userId } of this.#users.of(subject)) {
      const present = readCookie(req, cookieName(userId));
      for (const { id, binding } of await this.#records.list(userId)) {
        const isVoid = !isBound(keys, binding, boundTo(subject, phone));
        if (isVoid || id === present?.id) await this.#records.remove(userId, id);
      }
    }
  }

  #make(
    { headers }: IncomingMessage,
    user: UserKey,
    { subject, phone }: Subscriber,
    token: string,
  ): RememberedBrowser {
    const { keys, remember } = this.#parts;
    const now = Date.now();
    return {
      id: randomId(),
      userId: user.userId,
      digest: user.digest("browser", token),
      previousDigest: null,
      graceUntil: 0,
      binding: bind(keys[0], boundTo(subject, phone)),
      label: labelOf(headers["user-agent"]),
      createdAt: now,
      lastUsedAt: now,
      expiresAt: now + remember.maxAge * 1000,
    };
  }

  #isAlive(browser: RememberedBrowser): boolean {
    return Date.now() < this.#endOf(browser);
  }

  // A shorter `maxAge` counts for those that were remembered before, too.
  #endOf({ createdAt, expiresAt }: RememberedBrowser): number {
    return Math.min(expiresAt, createdAt + this.#parts.remember.maxAge * 1000);
  }

  /** Once for each session, and in each process, that is let in so. */
  #tellOnce(req: IncomingMessage, who: Subscriber, browser: RememberedBrowser): void {
    this.#told.get(`${browser.id} ${sessionOf(req).id.slice(-ENOUGH_OF_ID)}`, () => {
      this.#parts.emit({ type: "browser_recognised", ...about(req, who, browser) });
      return "told";
    });
  }
}

function about(
  req: IncomingMessage,
  who: Subscriber,
  browser?: RememberedBrowser,
): Partial<TwoFactorEvent> {
  const label = browser?.label ?? "";
  const facts = { ...circumstances(req), ...factsOf(who, { network: networkOf(req) }) };
  return { ...facts, ...(label !== "" && { browser: label }) };
}

function boundTo(subject: string, { e164 }: Phone): Bound {
  return { subject, phone: e164, description: "" };
}
