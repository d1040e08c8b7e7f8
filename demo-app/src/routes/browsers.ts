/** Remembered browsers: forgotten one by one, or all at once. */

import { Router } from "express";
import { wantsPage } from "../http/answers";
import { textOf } from "../http/fields";
import { askAgain } from "./ask-again";
import type { Demo } from "./demo";

/** Makes the route. A remembered browser does not do for it: who stole one would forget those of its owner. */
export function browserRoutes({ answers, twoFactor }: Demo): Router {
  const { require2fa, forget } = twoFactor;
  const router = Router();
  const mayForget = require2fa({ onRequired: askAgain(answers, { returnTo: "/account" }) });
  router.post("/browsers/forget", mayForget, async (req, res) => {
    const account = answers.accountOf(req);
    const id = textOf(req.body, "id");
    if (account !== undefined) await forget(account.id, ...(id === "" ? [] : [id]));
    if (wantsPage(req)) res.redirect(303, "/account");
    else res.json({ status: "done" });
  });
  return router;
}
