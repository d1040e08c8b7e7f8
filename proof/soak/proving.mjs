/** What most acts are made of: signing in, asking for a code, entering one, and trying again while something fails. */

import { Browser } from "./browser.mjs";

const FAILING = new Set([undefined, 429, 502, 503]);
// Whoever is told to wait for longer does something else meanwhile.
const LONGEST_WAIT = 4;

/** Calls again while stores, the gateway or a limit refuse, and the run goes on. */
export async function patiently(at, call, tries = 4) {
  for (;;) {
    const answer = await call();
    tries -= 1;
    if (!FAILING.has(answer?.status) || tries === 0 || at.isOver()) return answer;
    const wait = Number(answer?.headers["retry-after"] ?? 1);
    if (wait > at.longestWait) return answer;
    await at.pause(wait * 1000);
  }
}

/** A browser in which the user has signed in. */
export async function signedIn(at, user) {
  const browser = new Browser(at.caller, user);
  for (let tries = 0; tries < 4 && !at.isOver(); tries += 1) {
    if (await browser.signIn()) return browser;
    await at.pause(1000);
  }
  return undefined;
}

/** Asks for a code, and gives it as the phone shows it; nothing where none is to be had. */
export async function ask(at, browser, { purpose, words = "", ...fields } = {}) {
  const { phone } = browser.user;
  const seen = at.inbox.codesOf(phone);
  const asked = { ...(purpose && { purpose }), ...fields };
  const answer = await patiently(at, () => browser.post("/2fa/request-auth", asked));
  if (answer?.status !== 200 || answer.json.status === "verified") return undefined;
  const code = await at.inbox.next(phone, seen, words);
  // A text that is on its way for good leaves the one before as the newest.
  return browser.spent.has(code) ? undefined : code;
}

/**
 * Enters a code. With it come the `rights`, whatever is answered, if the phone has ever had it; else it must be refused.
 */
export async function enter(at, browser, code, { rights = ["account"], ...fields } = {}, how) {
  const isRight = at.inbox.codesOf(browser.user.phone).has(code);
  if (isRight) for (const right of rights) browser.rights.add(right);
  const body = { auth_code: code, ...fields };
  const answer = await browser.post("/2fa/validate-auth", body, how);
  if (answer?.status === 200) {
    at.tally.verified += 1;
    browser.spent.add(code);
    if (!isRight) at.caller.tell("verified by a wrong code", browser.user.id);
  }
  return answer;
}

/** Asks for a code and enters it, up to three times; whether it was taken. */
export async function prove(at, browser, { rights, fields = {}, ...asking } = {}) {
  for (let tries = 0; tries < 3 && !at.isOver(); tries += 1) {
    const code = await ask(at, browser, asking);
    if (code === undefined) return false;
    const given = { rights, ...fields };
    const answer = await patiently(at, () => enter(at, browser, code, given));
    if (answer?.status === 200) return true;
    await at.pause(1100);
  }
  return false;
}

/** Signs in and proves the number; the browser, or nothing. */
export async function provedBrowser(at, user, fields) {
  const browser = await signedIn(at, user);
  if (browser === undefined || !(await prove(at, browser, { fields }))) return undefined;
  return browser;
}

/** Visits what was just proved: a proof that was confirmed must be there. */
export async function expectIn(at, browser, what, right = what) {
  let status;
  await patiently(at, async () => {
    status = await browser.visit(what, right);
    return { status, headers: {} };
  });
  if (status === 403) at.caller.tell("a confirmed proof was lost", `${browser.user.id} at ${what}`);
  return status === 200;
}

export const WAITS = { usual: LONGEST_WAIT, atTheEnd: 120 };

/** A code that nobody was sent. */
export function wrongCode(random) {
  return String(Math.floor(random() * 1e10)).padStart(10, "0");
}
