/** What the routes share. */

import type { TwoFactor } from "express-sms-2fa";
import type { Accounts } from "../accounts/accounts";
import type { PasswordLimits } from "../accounts/password-limits";
import type { Answers } from "../http/answers";
import type { Passkeys } from "../passkeys/passkeys";
import type { Settings } from "../settings/settings";

/** The parts of one demo. */
export interface Demo {
  settings: Settings;
  accounts: Accounts;
  answers: Answers;
  limits: PasswordLimits;
  passkeys: Passkeys;
  twoFactor: TwoFactor;
}
