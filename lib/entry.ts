/** The public factory, which loads the parts when it is called: an app that only names the package waits for none. */

import type { TwoFactorOptions } from "./options/options";
import type { TwoFactor } from "./two-factor";
import type * as Parts from "./two-factor";

/**
 * Makes a second factor by text message for an Express or Connect app. Throws on wrong options, in a
 * sentence that names the option and the fix.
 *
 * @example
 * const { router, require2fa } = twoFactor({
 *   secret: process.env.TWO_FACTOR_SECRET,
 *   user: (req) => req.session.user,
 *   sender: signalwire(),
 *   appName: "Acme",
 * });
 * app.use("/2fa", router);
 * app.get("/account", require2fa(), account);
 */
export function twoFactor(options: TwoFactorOptions): TwoFactor {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late
  const parts = require("./two-factor") as typeof Parts;
  return parts.assemble(options);
}
