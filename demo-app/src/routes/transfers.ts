/** A pretend transfer of money: kept in the session, confirmed by a code for it alone, and made once. */

import { Router, type Request, type RequestHandler } from "express";
import { sentenceOf, waitingFrom } from "../accounts/waiting-transfer";
import { wantsPage } from "../http/answers";
import { readTransfer, textOf } from "../http/fields";
import { lineOf } from "../pages/form";
import { confirmTransferPage, nothingWaitsPage, transferPage } from "../pages/transfer-pages";
import { askAgain } from "./ask-again";
import type { Demo } from "./demo";

/** The purpose of a proof for a transfer. It says which one, and is good once. */
export const TRANSFER = "transfer";

const CONFIRM = "/transfer/confirm";

const NOTHING_WAITS = {
  title: "This transfer is not waiting any more",
  detail: "It was made, another one was begun, or it was not confirmed within ten minutes.",
};

/** What waits in the session of a request, as text and code page say it. */
export function describeTransfer({ session }: Request): string | undefined {
  return sentenceOf(session.transfer);
}

/** Makes the routes. Long, for it is the list of them. */
export function transferRoutes({ accounts, answers, twoFactor }: Demo): Router {
  const { require2fa } = twoFactor;
  const isVerified = require2fa();
  const mayBegin = require2fa({ onRequired: askAgain(answers, { returnTo: "/transfer" }) });
  const asked = { returnTo: CONFIRM, purpose: TRANSFER };
  const mayTransfer = require2fa({ purpose: TRANSFER, onRequired: askAgain(answers, asked) });
  const router = Router();

  router.get("/transfer", isVerified, (req, res) => {
    answers.page(req, res, transferPage());
  });
  // Kept before its proof is asked for, so nothing that was typed is lost on the way over the code page.
  router.post("/transfer", mayBegin, (req, res) => {
    const { made, mistakes } = readTransfer(req.body);
    if (mistakes.length > 0) {
      const detail = lineOf(mistakes);
      const problem = { status: 400, title: "Nothing was transferred", detail };
      answers.problem(req, res, problem, transferPage(made, mistakes));
      return;
    }
    req.session.transfer = waitingFrom(made);
    if (wantsPage(req)) {
      const query = new URLSearchParams(asked);
      res.redirect(303, `/2fa/?${query.toString()}`);
    } else {
      const ask = { purpose: TRANSFER };
      res.status(202).json({ what: describeTransfer(req), ask, confirmAt: CONFIRM });
    }
  });

  const refuse: RequestHandler = (req, res) => {
    const problem = { status: 409, ...NOTHING_WAITS };
    answers.problem(req, res, problem, nothingWaitsPage(NOTHING_WAITS));
  };
  router.get(CONFIRM, isVerified, (req, res, next) => {
    const { transfer } = req.session;
    const what = describeTransfer(req);
    if (transfer === undefined || what === undefined) refuse(req, res, next);
    else answers.page(req, res, confirmTransferPage(transfer, what));
  });
  // In front of the guard, which spends the proof: what the button has shown is done, or nothing is.
  const isShown: RequestHandler = (req, res, next) => {
    if (textOf(req.body, "what") === describeTransfer(req)) next();
    else refuse(req, res, next);
  };
  router.post(CONFIRM, mayBegin, isShown, mayTransfer, async (req, res, next) => {
    const account = answers.accountOf(req);
    const { transfer } = req.session;
    if (account === undefined || transfer === undefined) {
      next();
      return;
    }
    delete req.session.transfer;
    const { to, amount } = transfer;
    await accounts.transfer(account.id, { to, amount });
    if (wantsPage(req)) answers.done(req, res, "/account", `You have sent $${amount} to ${to}.`);
    else res.status(201).json({ to, amount });
  });
  return router;
}
