/** The cookie of a remembered browser: read strictly, and set beside the app's own. */

import type { IncomingMessage, ServerResponse } from "node:http";

/** What the cookie holds. */
export interface RememberCookie {
  /** Names the record. */
  id: string;
  /** 256 random bits, base64url. */
  token: string;
}

// RFC 6265bis 4.1.3.2: only this very host can set it, over a secure connection, for all paths.
const PREFIX = "__Host-sms2fa-";
const VALUE = /^([\w-]{22})\.([\w-]{43})$/;
const ATTRIBUTES = "Path=/; HttpOnly; Secure; SameSite=Lax";

// Each user of a shared browser has one. All of them go with every request, so there is an end to it.
const MOST_USERS = 8;

/** The name of a user's cookie; `userId` is the keyed digest, which differs by app too. */
export function cookieName(userId: string): string {
  return PREFIX + userId.slice(0, 8);
}

/** Reads a cookie; nothing where it has another shape, or is there twice. */
export function readCookie(req: IncomingMessage, name: string): RememberCookie | undefined {
  const values = pairsIn(req).flatMap(([each, value]) => (each === name ? [value] : []));
  const [, id, token] = VALUE.exec(values[0] ?? "") ?? [];
  if (id === undefined || token === undefined || values.length > 1) return undefined;
  return { id, token };
}

/** Sets it, for `maxAge` seconds. */
export function setCookie(
  res: ServerResponse,
  name: string,
  { id, token }: RememberCookie,
  maxAge: number,
): void {
  append(res, `${name}=${id}.${token}; Max-Age=${maxAge}; ${ATTRIBUTES}`);
}

/** Drops those of the users who were remembered first, where there is no room for one more. */
export function makeRoom(req: IncomingMessage, res: ServerResponse, name: string): void {
  const all = pairsIn(req).map(([each]) => each);
  const others = [...new Set(all)].filter((each) => OURS.test(each) && each !== name);
  for (const each of others.slice(0, Math.max(0, others.length - MOST_USERS + 1))) {
    append(res, `${each}=; Max-Age=0; ${ATTRIBUTES}`);
  }
}

const OURS = new RegExp(`^${PREFIX}[\\w-]{8}$`);

function pairsIn({ headers }: IncomingMessage): [string, string][] {
  return (headers.cookie ?? "").split(";").map((pair) => {
    const [name = "", ...value] = pair.trim().split("=");
    return [name, value.join("=")];
  });
}

// What the app has set on this answer stays.
function append(res: ServerResponse, cookie: string): void {
  const before = res.getHeader("Set-Cookie") ?? [];
  res.setHeader("Set-Cookie", [before, cookie].flat().map(String));
}
