/** Keeps the test kit out of production, where its limits and senders would leave accounts open or users without a code. */

import { isProduction } from "../std/option-checks";

if (isProduction()) {
  throw new Error(
    "express-sms-2fa/testing is for tests alone, and NODE_ENV is production: import it in tests only.",
  );
}
