/** The first page, a page after the log-out, and the code of all of them. */

import { Router, type Request } from "express";
import { homePage, type Progress } from "../pages/home-page";
import { loggedOutPage } from "../pages/sign-in-pages";
import { sourcePage } from "../pages/source-page";
import { readExcerpts } from "../source/excerpts";
import type { Demo } from "./demo";

/** Makes the routes. */
export function homeRoutes(demo: Demo, hasInbox: boolean): Router {
  const { answers } = demo;
  const excerpts = readExcerpts();
  const router = Router();
  router.get("/", async (req, res) => {
    answers.page(req, res, homePage(hasInbox, await progressOf(demo, req)));
  });
  router.get("/logged-out", (req, res) => {
    if (answers.accountOf(req) === undefined) answers.page(req, res, loggedOutPage());
    else res.redirect(303, "/account");
  });
  router.get("/source", (req, res) => {
    answers.page(req, res, sourcePage(excerpts));
  });
  return router;
}

/** How far somebody has come. Only what this session may know: the account's own lists open with the code. */
async function progressOf({ accounts, answers, twoFactor }: Demo, req: Request): Promise<Progress> {
  const account = answers.accountOf(req);
  if (account === undefined) return { hasSignedUp: false };
  const now = await twoFactor.status(req);
  if (!now.ok || (!now.verified && now.remembered !== true)) {
    return { hasSignedUp: true, isVerified: false };
  }
  const { recoveryCodesLeft = 0, remembered = 0 } = await twoFactor.state(account.id);
  return {
    hasSignedUp: true,
    isVerified: true,
    isEased: account.hasPasskey || remembered > 0,
    hasTransferred: (await accounts.transfersOf(account.id)).length > 0,
    hasWayBack: recoveryCodesLeft > 0,
  };
}
