/** What the second factor guards: the account. */

import { Router } from "express";
import { endOf } from "../accounts/accounts";
import { wantsPage } from "../http/answers";
import { accountPage } from "../pages/account-pages";
import type { Demo } from "./demo";

/** Makes the route. */
export function accountRoutes({ accounts, answers, passkeys, twoFactor }: Demo): Router {
  const { require2fa, remembered, state, verification } = twoFactor;
  // What it shows is worth a code in thirty days; what changes anything asks for more.
  const isVerified = require2fa({ remembered: true });
  const router = Router();

  router.get("/account", isVerified, async (req, res, next) => {
    const account = answers.accountOf(req);
    const proof = verification(req);
    if (account === undefined) {
      next();
      return;
    }
    const transfers = await accounts.transfersOf(account.id);
    if (wantsPage(req)) {
      const { recoveryCodesLeft: recoveryCodes = 0 } = await state(account.id);
      const known = {
        transfers,
        recoveryCodes,
        passkeys: await passkeys.list(account.id),
        browsers: await remembered(account.id, req),
      };
      answers.page(req, res, accountPage(account, proof, known));
    } else {
      const { name, phone } = account;
      const { amr = [], at = null } = proof ?? {};
      res.json({ name, phone: `••••${endOf(phone)}`, amr, at, transfers });
    }
  });
  return router;
}
