/** The session: its cookie, what the demo keeps in it, and how it is changed and ended. */

import type { CookieOptions, Request, RequestHandler, Response } from "express";
import session, { type SessionData, type Store } from "express-session";
import type { WaitingTransfer } from "../accounts/waiting-transfer";
import type { Asked } from "../passkeys/passkeys";
import type { Settings } from "../settings/settings";

declare module "express-session" {
  interface SessionData {
    /** Who has given the right password. */
    accountId: string;
    /** The path to go on to after the log-in: one that `pathAfterLogIn` has let through. */
    returnTo: string;
    /** What a passkey is asked to sign. */
    passkey: Asked;
    /** Who has just signed up, for the log-in form. */
    name: string;
    /** What was just done, for the next page to tell. */
    notice: string;
    /** What waits to be confirmed: the newest alone. */
    transfer: WaitingTransfer;
  }
}

const IDLE_MS = 3_600_000;

/** Mounts express-session. Behind https the cookie is bound to this host and to TLS. */
export function makeSession(
  { sessionSecret, publicOrigin }: Settings,
  store: Store,
): RequestHandler {
  return session({
    name: cookieName(publicOrigin),
    secret: sessionSecret,
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: { ...cookieOptions(publicOrigin), maxAge: IDLE_MS },
    store,
  });
}

function cookieName(publicOrigin: string | undefined): string {
  return publicOrigin === undefined ? "acme-session" : "__Host-acme-session";
}

function cookieOptions(publicOrigin: string | undefined): CookieOptions {
  return { httpOnly: true, sameSite: "lax", path: "/", secure: publicOrigin !== undefined };
}

/** The session of a request, which has none while its store is down. */
export function sessionOf(req: Request): Partial<SessionData> {
  return (req as { session?: Partial<SessionData> }).session ?? {};
}

/** What the last act left to be told, which is told once. */
export function takeNotice(req: Request): string | undefined {
  const { notice } = sessionOf(req);
  if (notice !== undefined) delete req.session.notice;
  return notice;
}

/** Begins a new session under a new id (ASVS 7.2.4), with `data` and nothing of the old one. */
export async function renew(req: Request, data: Partial<SessionData>): Promise<void> {
  await settle((done) => req.session.regenerate(done));
  Object.assign(req.session, data);
  await save(req);
}

/** Resolves once the store has the session: a browser that is redirected asks at once. */
async function save(req: Request): Promise<void> {
  await settle((done) => req.session.save(done));
}

/** Destroys the session and clears its cookie. */
export async function end(
  req: Request,
  res: Response,
  { publicOrigin }: Pick<Settings, "publicOrigin">,
): Promise<void> {
  await settle((done) => req.session.destroy(done));
  res.clearCookie(cookieName(publicOrigin), cookieOptions(publicOrigin));
}

function settle(call: (done: (error?: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error("The session store failed."));
    });
  });
}
