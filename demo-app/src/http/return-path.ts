/** Says where the demo sends a visitor on to after the log-in. */

import { returnPath } from "express-sms-2fa";

/** Where somebody goes who has asked for nothing else. */
export const HOME = "/account";

// What asks for a proof first, and is gone on to after it.
const ENTRIES = ["/2fa/number", "/2fa/recovery-codes"];
const EXITS = ["/log-in", "/log-out", "/sign-up", "/2fa", "/passkey"];

/** The path that was asked for, where it may be gone back to, else the account page. */
export function pathAfterLogIn(asked: unknown): string {
  const paths = ENTRIES.map((entry) => returnPath(asked, EXITS, entry));
  return paths.find((path) => path !== undefined) ?? HOME;
}
