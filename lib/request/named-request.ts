/** Refuses what is no request where a function of the app's own routes takes one. */

import { refuse } from "../std/option-checks";

/** Throws a sentence with the fix, as where a user's id was handed in; `name` is the function. */
export function refuseOtherRequest(name: string, req: unknown): void {
  const { headers } = (req ?? {}) as { headers?: unknown };
  if (typeof headers === "object" && headers !== null) return;
  refuse("req", `of ${name}() to be the request, as Express hands it to a route`, req);
}
