/** What the second factor guards: the account, and a pretend transfer that asks for a fresh proof. */

import { Router } from "express";
import { endOf } from "../accounts/accounts";
import { wantsPage } from "../http/answers";
import { readTransfer } from "../http/fields";
import { accountPage, transferPage } from "../pages/account-pages";
import { lineOf } from "../pages/form";
import { askAgain } from "./ask-again";
import type { Demo } from "./demo";

/** Seconds that the proof for a transfer may be old. */
const FRESH = 120;

/** Makes the routes. Long, for it is the list of them. */
export function accountRoutes({ accounts, answers, passkeys, twoFactor }: Demo): Router {
  const { require2fa, remembered, verification } = twoFactor;
  // What it shows is worth a code in thirty days; what changes anything asks for more.
  const isVerified = require2fa({ remembered: true });
  const isVerifiedAnew = require2fa({ maxAge: FRESH });
  // What the form held is not sent again: it is found empty.
  const onRequired = askAgain(answers, { returnTo: "/transfer", maxAge: String(FRESH) });
  const mayTransfer = require2fa({ maxAge: FRESH, onRequired });
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
      const known = {
        transfers,
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

  router.get("/transfer", isVerifiedAnew, (req, res) => {
    answers.page(req, res, transferPage());
  });
  router.post("/transfer", mayTransfer, async (req, res, next) => {
    const account = answers.accountOf(req);
    const { made, mistakes } = readTransfer(req.body);
    if (account === undefined) {
      next();
    } else if (mistakes.length > 0) {
      const detail = lineOf(mistakes);
      const problem = { status: 400, title: "Nothing was transferred", detail };
      answers.problem(req, res, problem, transferPage(made, mistakes));
    } else {
      await accounts.transfer(account.id, made);
      if (wantsPage(req)) res.redirect(303, "/account");
      else res.status(201).json(made);
    }
  });
  return router;
}
