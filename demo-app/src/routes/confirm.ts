/** A passkey in the place of a code: at the log-in, and for what a purpose asks for. */

import { Router, type Request, type Response } from "express";
import { TwoFactorError, type PageLink } from "express-sms-2fa";
import type { Account } from "../accounts/accounts";
import type { Problem } from "../http/answers";
import { textOf } from "../http/fields";
import { pathAfterLogIn } from "../http/return-path";
import { relyingParty } from "../http/relying-party";
import type { Page } from "../pages/layout";
import { confirmPage } from "../pages/passkey-pages";
import type { RelyingParty } from "../passkeys/passkeys";
import type { Settings } from "../settings/settings";
import { mistakeOf, takeAnswer, withParty } from "./ceremony";
import type { Demo } from "./demo";
import { SUPPORT } from "./support";
import { describeTransfer, TRANSFER } from "./transfers";

/** The link to the passkey, for whoever has one, that leads on to where the page of `req` does. */
export function passkeyLinks(
  { answers, settings }: Pick<Demo, "answers" | "settings">,
  req: Request,
): PageLink[] {
  if (!mayConfirm(answers.accountOf(req), req, settings)) return [];
  return [{ href: `/passkey${queryOf(aimOf(req.query))}`, label: "Use your passkey" }];
}

/** Whether there is a passkey that this request could be confirmed by. */
export function mayConfirm(
  account: Account | undefined,
  req: Request,
  settings: Settings,
): boolean {
  return account?.hasPasskey === true && relyingParty(req, settings) !== undefined;
}

/** The page that asks for the passkey, then leads on. */
export function passkeyPath(returnTo: string): string {
  return `/passkey${queryOf({ returnTo, purpose: undefined })}`;
}

/** What a confirmation is for, and where it leads. */
interface Aim {
  returnTo: string;
  purpose: string | undefined;
}

function aimOf(given: unknown): Aim {
  const purpose = textOf(given, "purpose");
  const isKnown = [SUPPORT, TRANSFER].includes(purpose);
  const returnTo = pathAfterLogIn(textOf(given, "returnTo"));
  return { returnTo, purpose: isKnown ? purpose : undefined };
}

function queryOf({ returnTo, purpose }: Aim): string {
  const query = new URLSearchParams({ returnTo, ...(purpose !== undefined && { purpose }) });
  return `?${query.toString()}`;
}

/** The page for it, which says what is confirmed where the purpose describes that. */
function pageFor(req: Request, { returnTo, purpose }: Aim, detail?: string): Page {
  const what = purpose === TRANSFER ? describeTransfer(req) : undefined;
  const byText = `/2fa/${queryOf({ returnTo, purpose })}`;
  return confirmPage(
    { returnTo, purpose, what, byText },
    detail === undefined ? [] : mistakeOf({ detail }),
  );
}

/** Makes the routes. */
export function confirmRoutes(demo: Demo): Router {
  const { answers, passkeys } = demo;
  const withPasskey = withParty(demo);
  const router = Router();
  router.get(
    "/passkey",
    withPasskey((req, res, { hasPasskey }) => {
      const aim = aimOf(req.query);
      if (hasPasskey) answers.page(req, res, pageFor(req, aim));
      else res.redirect(303, `/2fa/${queryOf(aim)}`);
      return Promise.resolve();
    }),
  );
  router.post(
    "/passkey/options",
    withPasskey(async (req, res, account, party) => {
      const { options, asked } = await passkeys.askToConfirm(account, party);
      req.session.passkey = asked;
      res.json(options);
    }),
  );
  router.post(
    "/passkey",
    withPasskey((req, res, account, party) => confirm(demo, req, res, { account, party })),
  );

  return router;
}

async function confirm(
  { answers, passkeys, twoFactor }: Demo,
  req: Request,
  res: Response,
  { account, party }: { account: Account; party: RelyingParty },
): Promise<void> {
  const aim = aimOf(req.body);
  const { purpose, returnTo } = aim;
  const refuse = (problem: Pick<Problem, "status" | "detail" | "code">): void => {
    const { title } = NOT_CONFIRMED;
    answers.problem(req, res, { title, ...problem }, pageFor(req, aim, problem.detail));
  };
  const { asked, response } = takeAnswer(req);
  // What the page has shown is confirmed, or nothing is: another tab may have begun something else.
  if (purpose === TRANSFER && textOf(req.body, "what") !== describeTransfer(req)) {
    refuse({ status: 409, detail: ANOTHER });
    return;
  }
  const amr = await passkeys.check(account, party, asked, response);
  if (amr === undefined) {
    refuse({ status: 403, detail: NOT_CONFIRMED.detail });
    return;
  }
  try {
    await twoFactor.confirm(req, { amr, purpose });
  } catch (error) {
    if (!(error instanceof TwoFactorError)) throw error;
    const { code, status, message: detail } = error;
    refuse({ status, detail, code });
    return;
  }
  answers.done(req, res, returnTo);
}

const NOT_CONFIRMED = {
  title: "Nothing was confirmed",
  detail: "The passkey was not right, or the page was open for long. Try again, or take a code",
};
const ANOTHER = "What waits to be confirmed has changed. Read it again, or begin anew";
