/** Remembered browsers: forgotten one by one, or all at once. */

import { Router } from "express";
import { textOf } from "../http/fields";
import { askAgain } from "./ask-again";
import type { Demo } from "./demo";

const ONE = "The browser is forgotten. It will be asked for a code.";

/** Makes the route. A remembered browser does not do for it: who stole one would forget those of its owner. */
export function browserRoutes({ answers, twoFactor }: Demo): Router {
  const { require2fa, forget } = twoFactor;
  const router = Router();
  const mayForget = require2fa({ onRequired: askAgain(answers, { returnTo: "/account" }) });
  router.post("/browsers/forget", mayForget, async (req, res) => {
    const account = answers.accountOf(req);
    const id = textOf(req.body, "id");
    if (account !== undefined) await forget(account.id, ...(id === "" ? [] : [id]));
    answers.done(req, res, "/account", id === "" ? "No browser is remembered any more." : ONE);
  });
  return router;
}
