/** What the routes share. */

import type { TwoFactor } from "express-sms-2fa";
import type { Accounts } from "../accounts";
import type { Answers } from "../answers";
import type { PasswordLimits } from "../password-limits";
import type { Settings } from "../settings";

/** The parts of one demo. */
export interface Demo {
  settings: Settings;
  accounts: Accounts;
  answers: Answers;
  limits: PasswordLimits;
  twoFactor: TwoFactor;
}
