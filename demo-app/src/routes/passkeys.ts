/** Passkeys: added and removed behind a fresh proof, and used in the place of a code. */

import express, { Router, type Request, type Response } from "express";
import { TwoFactorError, type PageLink } from "express-sms-2fa";
import path from "node:path";
import type { Account } from "../accounts/accounts";
import { wantsPage } from "../http/answers";
import { textOf } from "../http/fields";
import { pathAfterLogIn } from "../http/return-path";
import { relyingParty } from "../http/relying-party";
import { addPage, confirmPage } from "../pages/passkey-pages";
import type { RelyingParty } from "../passkeys/passkeys";
import type { Settings } from "../settings/settings";
import { askAgain } from "./ask-again";
import type { Demo } from "./demo";

/** Seconds that the proof may be old behind which passkeys are added and removed. */
const FRESH = 300;

const LIBRARY = path.join(
  path.dirname(require.resolve("@simplewebauthn/browser")),
  "../dist/bundle",
);

type Act = (req: Request, res: Response, account: Account, party: RelyingParty) => Promise<void>;

/** Serves the browser's side of the library, to whoever asks. */
export function passkeyLibrary(): express.Handler {
  return express.static(LIBRARY, { index: false });
}

/** The link to the passkey, for whoever has one, that leads on to where the page of `req` does. */
export function passkeyLinks(
  { answers, settings }: Pick<Demo, "answers" | "settings">,
  req: Request,
): PageLink[] {
  if (!mayConfirm(answers.accountOf(req), req, settings)) return [];
  return [{ href: passkeyPath(pathAfterLogIn(req.query["returnTo"])), label: "Use your passkey" }];
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
  return `/passkey?${new URLSearchParams({ returnTo }).toString()}`;
}

/** Makes the routes. Long, for it is the list of them. */
export function passkeyRoutes(demo: Demo): Router {
  const { answers, passkeys, settings, twoFactor } = demo;
  const { require2fa } = twoFactor;
  const isFresh = require2fa({ maxAge: FRESH });
  const onRequired = askAgain(answers, { returnTo: "/account", maxAge: String(FRESH) });
  const mayChange = require2fa({ maxAge: FRESH, onRequired });
  const router = Router();

  // Whoever is not logged in has no passkey, and an address none can be made for.
  const withParty = (act: Act) => async (req: Request, res: Response) => {
    const account = answers.accountOf(req);
    const party = relyingParty(req, settings);
    if (account === undefined) {
      if (wantsPage(req)) res.redirect(303, "/log-in");
      else answers.problem(req, res, { status: 403, ...NOBODY });
    } else if (party === undefined) answers.problem(req, res, { status: 404, ...NO_DOMAIN });
    else await act(req, res, account, party);
  };

  router.get(
    "/passkey",
    withParty((req, res, { hasPasskey }) => {
      const returnTo = pathAfterLogIn(req.query["returnTo"]);
      if (hasPasskey) answers.page(req, res, confirmPage({ returnTo, byText: byText(returnTo) }));
      else res.redirect(303, byText(returnTo));
      return Promise.resolve();
    }),
  );
  router.post(
    "/passkey/options",
    withParty(async (req, res, account, party) => {
      const { options, asked } = await passkeys.askToConfirm(account, party);
      req.session.passkey = asked;
      res.json(options);
    }),
  );
  router.post(
    "/passkey",
    withParty((req, res, account, party) => confirm(demo, req, res, { account, party })),
  );

  router.get(
    "/passkeys/new",
    isFresh,
    withParty((req, res) => {
      answers.page(req, res, addPage());
      return Promise.resolve();
    }),
  );
  router.post(
    "/passkeys/options",
    mayChange,
    withParty(async (req, res, account, party) => {
      const { options, asked } = await passkeys.askToAdd(account, party);
      req.session.passkey = asked;
      res.json(options);
    }),
  );
  router.post(
    "/passkeys",
    mayChange,
    withParty(async (req, res, account, party) => {
      const { asked, response } = takeAnswer(req);
      if (await passkeys.add(account, party, asked, response)) done(req, res, "/account");
      else answers.problem(req, res, { status: 400, ...NOT_ADDED }, addPage(mistakeOf(NOT_ADDED)));
    }),
  );
  router.post("/passkeys/remove", mayChange, async (req, res) => {
    const account = answers.accountOf(req);
    if (account !== undefined) await passkeys.remove(account.id, textOf(req.body, "id"));
    done(req, res, "/account");
  });
  return router;
}

async function confirm(
  { answers, passkeys, twoFactor }: Demo,
  req: Request,
  res: Response,
  { account, party }: { account: Account; party: RelyingParty },
): Promise<void> {
  const returnTo = pathAfterLogIn(textOf(req.body, "returnTo"));
  const page = (detail: string) =>
    confirmPage({ returnTo, byText: byText(returnTo) }, mistakeOf({ detail }));
  const { asked, response } = takeAnswer(req);
  const amr = await passkeys.check(account, party, asked, response);
  if (amr === undefined) {
    answers.problem(req, res, { status: 403, ...NOT_CONFIRMED }, page(NOT_CONFIRMED.detail));
    return;
  }
  try {
    await twoFactor.confirm(req, { amr });
  } catch (error) {
    if (!(error instanceof TwoFactorError)) throw error;
    const { code, status, message: detail } = error;
    answers.problem(req, res, { status, title: NOT_CONFIRMED.title, detail, code }, page(detail));
    return;
  }
  done(req, res, returnTo);
}

/** What the session was asked, which ends with this, and what came back. */
function takeAnswer(req: Request) {
  const { passkey: asked } = req.session;
  delete req.session.passkey;
  return { asked, response: readCredential(textOf(req.body, "credential")) };
}

function readCredential(text: string): object {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null ? read : {};
  } catch {
    return {};
  }
}

function done(req: Request, res: Response, path: string): void {
  if (wantsPage(req)) res.redirect(303, path);
  else res.json({ status: "done" });
}

function byText(returnTo: string): string {
  return `/2fa/?${new URLSearchParams({ returnTo }).toString()}`;
}

function mistakeOf({ detail }: { detail: string }) {
  return [{ field: "passkey", message: detail }];
}

const NOBODY = { title: "Nobody is logged in", detail: "Log in first." };
const NO_DOMAIN = {
  title: "No passkeys here",
  detail: "Browsers make them for names, not for addresses: open the demo at localhost.",
};
const NOT_ADDED = {
  title: "No passkey was added",
  detail: "The passkey was not right, or there are ten already. Try again",
};
const NOT_CONFIRMED = {
  title: "Nothing was confirmed",
  detail: "The passkey was not right, or the page was open for long. Try again, or take a code",
};
