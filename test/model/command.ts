/** What every command is made of: what it is called, when it is possible, and what it does to the real thing and the past. */

import type fc from "fast-check";
import type { Past } from "./past";
import type { Session } from "./people";
import type { Answer, World } from "./world";

export type Command = fc.AsyncCommand<Past, World>;

/** Both: what has happened, and the real thing. */
export interface Both {
  past: Past;
  world: World;
}

export function command(
  name: string,
  run: (both: Both) => Promise<void>,
  isPossible: (past: Past) => boolean = () => true,
): Command {
  return {
    check: isPossible,
    run: async (past, world) => {
      past.commands += 1;
      past.now = world.workers.now();
      await run({ past, world });
    },
    toString: () => name,
  };
}

/** Two networks, of two browsers each. */
export function networkOf(browser: number): string {
  return `192.0.2.${1 + (browser % 2)}`;
}

export function browserOf(past: Past, browser: number): Session {
  return past.browsers[browser] as Session;
}

export function isSignedIn(browser: number): (past: Past) => boolean {
  return (past) => browserOf(past, browser).user !== undefined;
}

/** The code of a refusal. */
export function codeOf({ body }: Answer): string {
  return body.code ?? "none";
}
