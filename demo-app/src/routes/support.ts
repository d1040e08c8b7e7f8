/** What support staff see and do: how a user stands, and a way back in. Mounted in development only. */

import { Router, type Request, type Response } from "express";
import type { Account } from "../accounts/accounts";
import { nameIn } from "../http/fields";
import { supportPage } from "../pages/support-page";
import { askAgain } from "./ask-again";
import type { Demo } from "./demo";

/** The purpose that the routes ask a proof for: whoever only logged in with a code is no support staff yet. */
export const SUPPORT = "support";

const MAX_AGE = 600;

/** Makes the routes. In an app of your own they ask besides who is staff: here everybody may try it. */
export function supportRoutes(demo: Demo): Router {
  const { answers, twoFactor } = demo;
  const { require2fa, disable, unlock } = twoFactor;
  const guard = { purpose: SUPPORT, maxAge: MAX_AGE };
  const isStaff = require2fa(guard);
  const asked = { returnTo: "/support", purpose: SUPPORT, maxAge: String(MAX_AGE) };
  const mayAct = require2fa({ ...guard, onRequired: askAgain(answers, asked) });
  const router = Router();
  router.get("/support", isStaff, async (req, res) => {
    if (nameIn(req.query) === "") answers.page(req, res, supportPage());
    else await withUser(demo, req, res, req.query, () => Promise.resolve(undefined));
  });
  router.post("/support/unlock", mayAct, (req, res) =>
    withUser(demo, req, res, req.body, async ({ id }) =>
      (await unlock(id)) ? "Unlocked." : "There was nothing to unlock.",
    ),
  );
  router.post("/support/disable", mayAct, (req, res) =>
    withUser(demo, req, res, req.body, async ({ id }) => {
      await disable(id);
      return "The second factor is off, until you unlock it.";
    }),
  );
  return router;
}

/** Does what is asked for the user that is named, and shows how they stand after it. */
async function withUser(
  { accounts, answers, twoFactor }: Demo,
  req: Request,
  res: Response,
  named: unknown,
  act: (account: Account) => Promise<string | undefined>,
): Promise<void> {
  const name = nameIn(named);
  const account = await accounts.named(name);
  if (account === undefined) {
    const detail = "Nobody has this name";
    const mistakes = [{ field: "name", message: detail }];
    answers.problem(
      req,
      res,
      { status: 404, title: "Nobody was found", detail },
      supportPage({ name }, mistakes),
    );
    return;
  }
  const told = await act(account);
  const state = await twoFactor.state(account.id);
  answers.page(req, res, supportPage({ name: account.name, state, told }));
}
