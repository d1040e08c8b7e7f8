/** Commands that change what holds: who is signed in where, by which cookies, with which number; the clock; support. */

import { browserOf, command, isSignedIn, type Both, type Command } from "./command";
import { Session } from "./people";

// Not among those of users.
const SUPPORT = 9;

export function signIn(browser: number, user: string, worker: number): Command {
  return command(`sign in (${browser}, ${user}) at ${worker}`, async ({ past, world }) => {
    await world.call({ browser, worker, path: "/sign-in", fields: { user } });
    if (!browserOf(past, browser).isBegun) past.browsers[browser] = new Session(user);
    browserOf(past, browser).user = user;
  });
}

export function signOut(browser: number, worker: number): Command {
  const run = async ({ past, world }: Both) => {
    await world.call({ browser, worker, path: "/sign-out" });
    browserOf(past, browser).end();
  };
  return command(`sign out (${browser}) at ${worker}`, run, isSignedIn(browser));
}

/** Somebody has a copy of a browser's cookies. */
export function copyCookies(from: number, to: number): Command {
  return command(`copy cookies (${from}, ${to})`, async ({ past, world }) => {
    world.setCookie(to, await world.cookieOf(from));
    past.browsers[to] = browserOf(past, from);
    past.tokens[to] = new Map(past.tokens[from]);
  });
}

export function setAmount(browser: number, amount: string, worker: number): Command {
  const run = async ({ past, world }: Both) => {
    await world.call({ browser, worker, path: "/amount", fields: { amount } });
    browserOf(past, browser).amount = amount;
  };
  return command(`amount (${browser}, ${amount}) at ${worker}`, run, isSignedIn(browser));
}

export function changeNumber(user: string, number: string): Command {
  return command(`number (${user}, ${number})`, async ({ past, world }) => {
    await world.workers.setNumber(user, number);
    past.user(user).number = number;
  });
}

export function wait(seconds: number): Command {
  return command(`wait (${seconds} s)`, async ({ world }) => {
    await world.workers.move(seconds);
  });
}

export function unlock(user: string, worker: number): Command {
  return command(`unlock (${user}) at ${worker}`, async ({ past, world }) => {
    await world.call({ browser: SUPPORT, worker, path: "/unlock", fields: { user } });
    past.unlocked(past.user(user));
  });
}

export function disable(user: string, worker: number): Command {
  return command(`disable (${user}) at ${worker}`, async ({ past, world }) => {
    await world.call({ browser: SUPPORT, worker, path: "/disable", fields: { user } });
    past.user(user).isDisabled = true;
  });
}
