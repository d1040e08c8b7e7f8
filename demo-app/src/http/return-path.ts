/** Says where the demo sends a visitor on to after the log-in. */

import { returnPath } from "express-sms-2fa";

/** Where somebody goes who has asked for nothing else. */
export const HOME = "/account";

const EXITS = ["/log-in", "/log-out", "/sign-up", "/2fa", "/passkey"];

/** The path that was asked for, where it may be gone back to, else the account page. */
export function pathAfterLogIn(asked: unknown): string {
  return returnPath(asked, EXITS) ?? HOME;
}
