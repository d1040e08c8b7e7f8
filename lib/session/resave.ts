/** Notices `resave: true`, by which parallel requests write over each other's sessions. For development. */

import { TwoFactorError } from "../outcome/errors";
import type { Done } from "./store-call";

interface Saved<S> {
  save: (this: S, done: Done) => unknown;
  cookie: unknown;
}

const MOST_WATCHED = 100;
let watched = 0;

/** Hears whether express-session saves at the end of the answer a session that nobody has changed. */
export function watchForResave<S extends Saved<S>>(
  session: S,
  tell: (fault: TwoFactorError) => void,
): void {
  if (watched >= MOST_WATCHED) return;
  watched += 1;
  const before = textOf(session);
  const { save } = session;
  const value = function (this: S, done: Done): unknown {
    if (isCalledAtTheEnd() && textOf(this) === before) tell(RESAVED);
    return save.call(this, done);
  };
  Object.defineProperty(session, "save", { configurable: true, writable: true, value });
}

const RESAVED = new TwoFactorError(
  "unavailable",
  "express-session saves sessions that nobody has changed: with `resave: true` a slow request writes back an old " +
    "session, and a code or a proof is lost. Set `resave: false`.",
  { reason: "session_resaved" },
);

function textOf({ cookie: _cookie, ...data }: { cookie: unknown }): string {
  return JSON.stringify(data);
}

// The app may save a session itself, whenever it likes.
function isCalledAtTheEnd(): boolean {
  return /\bend\b.*express-session[\\/]index\.js/.test(String(new Error().stack));
}
