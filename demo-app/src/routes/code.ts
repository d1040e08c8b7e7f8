/** The code page, and the guard's way to it. */

import { Router, type Request, type Response } from "express";
import type { OnRequired, Refusal } from "express-sms-2fa";
import type { Account } from "../accounts";
import { wantsPage, type Answers } from "../answers";
import { mistakesInPhone, textOf } from "../fields";
import { codePage, numberPage } from "../pages/code-pages";
import { HOME, returnPath } from "../return-path";
import { amend, save, type SentText } from "../session";
import { tell } from "../words";
import type { Demo } from "./demo";

const VERIFY_AT = { request: "/2fa/request-auth", validate: "/2fa/validate-auth" };

/**
 * Answers what the guard refuses: a browser goes to the log-in or the code page, and comes back; a
 * script gets the refusal. What a form held is not sent again: its page opens empty.
 */
export function askForCode(answers: Answers, { isStepUp }: { isStepUp: boolean }): OnRequired {
  return async (req, res, refusal) => {
    const { code, status, message } = refusal;
    if (code !== "two_factor_required") {
      answers.problem(req, res, { status, title: "Not just now", detail: message, code });
      return;
    }
    if (!wantsPage(req)) {
      const title = "A second factor is required";
      const isLoggedIn = answers.accountOf(req) !== undefined;
      const detail = `${isLoggedIn ? "Ask" : "Log in, then ask"} for a code, and enter it.`;
      answers.problem(req, res, { status, title, detail, code, verifyAt: VERIFY_AT });
      return;
    }
    req.session.returnTo = returnPath(req.originalUrl);
    req.session.isStepUp = isStepUp;
    await save(req);
    res.redirect(303, answers.accountOf(req) === undefined ? "/log-in" : "/verify");
  };
}

/** Makes the routes. */
export function codeRoutes(demo: Demo): Router {
  const { answers, twoFactor } = demo;
  const router = Router();

  // Whoever is not logged in has no business here.
  const withAccount =
    (act: (req: Request, res: Response, account: Account) => Promise<void> | void) =>
    (req: Request, res: Response): Promise<void> | void => {
      const account = answers.accountOf(req);
      if (account !== undefined) return act(req, res, account);
      res.redirect(303, "/log-in");
      return undefined;
    };

  router.get(
    "/verify",
    withAccount((req, res, account) => {
      // Where the guard has sent somebody, going back to it would go in circles.
      const isDone = req.session.returnTo === undefined && twoFactor.verification(req);
      if (isDone) res.redirect(303, HOME);
      else answers.page(req, res, pageOf(req, account));
    }),
  );
  router.post(
    "/verify",
    withAccount((req, res, account) => check(demo, req, res, account)),
  );
  router.post(
    "/verify/send",
    withAccount((req, res, account) => send(demo, req, res, account)),
  );
  router.get(
    "/verify/number",
    withAccount((req, res, account) => {
      if (account.hasProvedPhone) refuseChange(answers, req, res);
      else answers.page(req, res, numberPage());
    }),
  );
  router.post(
    "/verify/number",
    withAccount((req, res, account) => changeNumber(answers, req, res, account)),
  );
  return router;
}

async function send({ answers, twoFactor }: Demo, req: Request, res: Response, account: Account) {
  const outcome = await twoFactor.request(req, { fresh: req.session.isStepUp === true });
  if (!outcome.ok) {
    refuse(answers, req, res, { account, refusal: outcome });
  } else if (outcome.status === "verified") {
    await goOn(req, res);
  } else {
    const { to, expiresIn, resendIn } = outcome;
    const now = Date.now();
    const text = { to, expiresAt: now + expiresIn * 1000, resendAt: now + resendIn * 1000 };
    await amend(req, { text });
    res.redirect(303, "/verify");
  }
}

async function check({ answers, twoFactor }: Demo, req: Request, res: Response, account: Account) {
  const typed = textOf(req.body, "auth_code");
  const outcome = await twoFactor.validate(req, { auth_code: typed });
  if (outcome.ok) {
    await goOn(req, res);
    return;
  }
  if (tell(outcome, typed).isSpent && !(await amend(req, { text: undefined }))) {
    // A double click: the first has brought the session on, under a new id.
    res.redirect(303, "/verify");
    return;
  }
  refuse(answers, req, res, { account, refusal: outcome, typed });
}

/** Goes on to the page that asked for the code. */
async function goOn(req: Request, res: Response): Promise<void> {
  const { returnTo = HOME } = req.session;
  delete req.session.isStepUp;
  delete req.session.returnTo;
  delete req.session.text;
  await save(req);
  res.redirect(303, returnTo);
}

interface Refused {
  account: Account;
  refusal: Refusal;
  typed?: string;
}

function refuse(answers: Answers, req: Request, res: Response, refused: Refused): void {
  const { account, refusal, typed } = refused;
  const told = tell(refusal, typed);
  answers.problem(req, res, told.problem, codePage({ ...stateOf(req, account), told }));
}

function pageOf(req: Request, account: Account) {
  return codePage(stateOf(req, account));
}

function stateOf(
  { session }: Request,
  account: Account,
): { account: Account; text: SentText | undefined; isStepUp: boolean } {
  const { text } = session;
  const isGood = text !== undefined && text.expiresAt > Date.now();
  return { account, text: isGood ? text : undefined, isStepUp: session.isStepUp === true };
}

async function changeNumber(answers: Answers, req: Request, res: Response, account: Account) {
  if (account.hasProvedPhone) {
    refuseChange(answers, req, res);
    return;
  }
  const phone = textOf(req.body, "phone").trim();
  const mistakes = mistakesInPhone(phone);
  if (mistakes.length > 0) {
    const detail = mistakes.map(({ message }) => message).join(". ");
    const problem = { status: 422, title: "The number was not changed", detail };
    answers.problem(req, res, problem, numberPage(phone, mistakes));
    return;
  }
  account.phone = phone;
  await amend(req, { text: undefined });
  res.redirect(303, "/verify");
}

// A proved number is a factor: whoever could change it with the password alone would have both.
function refuseChange(answers: Answers, req: Request, res: Response): void {
  answers.problem(req, res, {
    status: 403,
    title: "This number can't be changed here",
    detail: "It has been proved with a code. A real app changes it behind a fresh code of its own.",
  });
}
