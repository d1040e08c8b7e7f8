/** Sign-up, log-in with a password, and log-out. */

import { Router, type Request, type Response } from "express";
import { endOf, type Account } from "../accounts/accounts";
import { wantsPage } from "../http/answers";
import { nameIn, readSignUp, textOf } from "../http/fields";
import { HOME, pathAfterLogIn } from "../http/return-path";
import { end, renew } from "../http/session";
import { lineOf, type Mistake } from "../pages/form";
import { logInPage, signUpPage } from "../pages/sign-in-pages";
import { duration } from "../std/duration";
import { mayConfirm, passkeyPath } from "./confirm";
import type { Demo } from "./demo";

/** Makes the routes. */
export function signInRoutes(demo: Demo): Router {
  const { answers, settings, twoFactor } = demo;
  const router = Router();

  router.get("/sign-up", (req, res) => {
    answers.page(req, res, signUpPage());
  });
  router.post("/sign-up", (req, res) => signUp(demo, req, res));

  router.get("/log-in", (req, res) => {
    const hasSignedUp = Object.hasOwn(req.query, "signed-up");
    // Where the package sends whoever is not logged in, and from where.
    const { returnTo } = req.query;
    if (returnTo !== undefined) req.session.returnTo = pathAfterLogIn(returnTo);
    const { name = "" } = req.session;
    if (answers.accountOf(req) === undefined)
      answers.page(req, res, logInPage({ name, hasSignedUp }));
    else res.redirect(303, HOME);
  });
  router.post("/log-in", (req, res) => logIn(demo, req, res));

  router.post("/log-out", async (req, res) => {
    // First, so that a late write of the session revives neither mark nor challenge. Whoever wants to leave
    // is let go while the counters are down too.
    await twoFactor.reset(req).catch(() => undefined);
    await end(req, res, settings);
    if (wantsPage(req)) res.redirect(303, "/logged-out");
    else res.json({ status: "logged_out" });
  });
  return router;
}

async function signUp(demo: Demo, req: Request, res: Response) {
  const { accounts, answers, limits } = demo;
  const { typed, phone, mistakes } = readSignUp(req.body, demo.twoFactor);
  const refuse = (status: number, found: Mistake[], retryAfter?: number): void => {
    const detail = lineOf(found);
    const problem = { status, title: "Nobody was signed up", detail };
    const told = retryAfter === undefined ? problem : { ...problem, retryAfter };
    answers.problem(req, res, told, signUpPage(typed, found));
  };
  if (mistakes.length > 0) {
    refuse(400, mistakes);
    return;
  }
  // Hashing is dear, so it is counted like a try of a password.
  const wait = await limits.take(req.ip ?? "");
  if (wait > 0) {
    refuse(429, [{ field: "name", message: `Wait ${duration(wait)}, then try again` }], wait);
    return;
  }
  const account = await accounts.add(typed.name, typed.password, phone);
  if (account === undefined) {
    refuse(409, [{ field: "name", message: "Somebody has this name, choose another" }]);
  } else if (wantsPage(req)) {
    req.session.name = account.name;
    res.redirect(303, "/log-in?signed-up");
  } else {
    res.status(201).json(shown(account));
  }
}

async function logIn(demo: Demo, req: Request, res: Response) {
  const { accounts, answers, limits } = demo;
  const name = nameIn(req.body);
  const password = textOf(req.body, "password");
  const address = req.ip ?? "";
  const wait = await limits.take(address, name);
  const account = wait > 0 ? undefined : await accounts.withPassword(name, password);
  if (account === undefined) {
    const detail =
      wait > 0
        ? `Too many tries. Wait ${duration(wait)}, then try again`
        : "The name or the password is wrong";
    const status = wait > 0 ? 429 : 403;
    const problem = { status, title: "Nobody was logged in", detail };
    const page = logInPage({ name }, [{ field: "name", message: detail }]);
    answers.problem(req, res, wait > 0 ? { ...problem, retryAfter: wait } : problem, page);
    return;
  }
  await limits.forgive(address, name);
  const { returnTo = HOME } = req.session;
  await renew(req, { accountId: account.id });
  if (wantsPage(req)) res.redirect(303, await wayOn(demo, req, account, returnTo));
  else res.json(shown(account));
}

/** By the passkey, for whoever has one, but where the browser is remembered and nothing has to be confirmed. */
async function wayOn(demo: Demo, req: Request, account: Account, to: string): Promise<string> {
  const { answers, settings, twoFactor } = demo;
  if (!mayConfirm(account, req, settings)) return to;
  answers.greet(req, account);
  const now = await twoFactor.status(req);
  return now.ok && now.remembered === true ? to : passkeyPath(to);
}

function shown({ name, phone }: Account): { name: string; phone: string } {
  return { name, phone: `••••${endOf(phone)}` };
}
