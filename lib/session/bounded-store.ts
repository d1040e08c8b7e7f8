/** Puts a deadline on a session store, so that a store that answers nothing holds no request for ever. */

import type { Store } from "express-session";
import { TwoFactorError } from "../outcome/errors";
import { readWhole } from "../std/option-checks";
import { callStore, type Done, type StoreFailure } from "./store-call";

type Call = (...given: unknown[]) => unknown;

const CALLS = new Set<string | symbol>(["get", "set", "destroy", "touch"]);

/**
 * Gives `store` with a deadline on each of its calls. express-session itself waits for its store without
 * end, before any other middleware is asked. A call that is late or fails ends in a `TwoFactorError` of
 * status 503, the store's own error as its `cause`: as it comes, Express would answer 500.
 *
 * @param seconds 1 to 60. `@default` 5
 */
export function boundedStore<T extends Store>(store: T, seconds?: number): T {
  const limit = readWhole("seconds", seconds, { byDefault: 5, min: 1, max: 60, unit: "seconds" });
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (!CALLS.has(name) || typeof member !== "function") return member;
      return bounded((...given) => Reflect.apply(member as Call, target, given), limit * 1000);
    },
  });
}

function bounded(call: Call, ms: number): Call {
  return (...given) => {
    const last = given.at(-1);
    const done = typeof last === "function" ? (last as Done) : () => undefined;
    const rest = typeof last === "function" ? given.slice(0, -1) : given;
    // Outside of the promise: what the callback throws is not the store's error.
    callStore((answer) => call(...rest, answer), ms).then(
      (value) => setImmediate(done, null, value),
      (error: unknown) => setImmediate(done, faultOf(error as StoreFailure)),
    );
  };
}

function faultOf({ kind, cause }: StoreFailure): Error {
  // That of a store in files, which express-session takes for a session that is not there.
  const isAbsent = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
  if (isAbsent || cause instanceof TwoFactorError) return cause;
  const reason = kind === "timeout" ? "session_store_timeout" : "session_store_error";
  return new TwoFactorError("unavailable", "The session store did not answer.", { reason, cause });
}
