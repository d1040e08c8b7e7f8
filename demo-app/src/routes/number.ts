/** Lets a number that was typed wrong be changed, until a code sent to it has come back. */

import { Router, type Request, type Response } from "express";
import type { Account } from "../accounts/accounts";
import { readTypedPhone, textOf } from "../http/fields";
import { lineOf } from "../pages/form";
import { numberPage } from "../pages/number-page";
import type { Demo } from "./demo";

/** Makes the routes. */
export function numberRoutes(demo: Demo): Router {
  const { answers } = demo;
  const router = Router();

  // Whoever is not logged in has no business here.
  const withAccount =
    (act: (req: Request, res: Response, account: Account) => void | Promise<void>) =>
    async (req: Request, res: Response): Promise<void> => {
      const account = answers.accountOf(req);
      if (account === undefined) res.redirect(303, "/log-in");
      else if (account.hasProvedPhone) proveFirst(res);
      else await act(req, res, account);
    };

  router.get(
    "/number",
    withAccount((req, res) => {
      answers.page(req, res, numberPage());
    }),
  );
  router.post(
    "/number",
    withAccount((req, res, account) => changeNumber(demo, req, res, account)),
  );
  return router;
}

async function changeNumber(
  { accounts, answers, twoFactor }: Demo,
  req: Request,
  res: Response,
  account: Account,
): Promise<void> {
  const typed = textOf(req.body, "phone").trim();
  const { phone, mistakes } = readTypedPhone(typed, twoFactor);
  if (mistakes.length > 0) {
    const detail = lineOf(mistakes);
    const problem = { status: 400, title: "The number was not changed", detail };
    answers.problem(req, res, problem, numberPage(typed, mistakes));
    return;
  }
  if (await accounts.changePhone(account.id, phone)) res.redirect(303, "/2fa/");
  else proveFirst(res);
}

// A proved number is a factor: whoever could change it with the password alone would have both. The
// package's own page asks for a proof of it.
function proveFirst(res: Response): void {
  res.redirect(303, "/2fa/number?returnTo=%2Faccount");
}
