/** Passkeys: added and removed behind a fresh proof. */

import express, { Router } from "express";
import path from "node:path";
import { textOf } from "../http/fields";
import { addPage } from "../pages/passkey-pages";
import { askAgain } from "./ask-again";
import { mistakeOf, takeAnswer, withParty } from "./ceremony";
import type { Demo } from "./demo";

/** Seconds that the proof may be old behind which passkeys are added and removed. */
const FRESH = 300;

const LIBRARY = path.join(
  path.dirname(require.resolve("@simplewebauthn/browser")),
  "../dist/bundle",
);

/** Serves the browser's side of the library, to whoever asks. */
export function passkeyLibrary(): express.Handler {
  return express.static(LIBRARY, { index: false });
}

/** Makes the routes. Long, for it is the list of them. */
export function passkeyRoutes(demo: Demo): Router {
  const { answers, passkeys, twoFactor } = demo;
  const { require2fa } = twoFactor;
  const isFresh = require2fa({ maxAge: FRESH });
  const onRequired = askAgain(answers, { returnTo: "/account", maxAge: String(FRESH) });
  const mayChange = require2fa({ maxAge: FRESH, onRequired });
  const withPasskey = withParty(demo);
  const router = Router();

  router.get(
    "/passkeys/new",
    isFresh,
    withPasskey((req, res) => {
      answers.page(req, res, addPage());
      return Promise.resolve();
    }),
  );
  router.post(
    "/passkeys/options",
    mayChange,
    withPasskey(async (req, res, account, party) => {
      const { options, asked } = await passkeys.askToAdd(account, party);
      req.session.passkey = asked;
      res.json(options);
    }),
  );
  router.post(
    "/passkeys",
    mayChange,
    withPasskey(async (req, res, account, party) => {
      const { asked, response } = takeAnswer(req);
      if (await passkeys.add(account, party, asked, response)) {
        answers.done(req, res, "/account", "The passkey is added. Your next log-in asks for it.");
      } else
        answers.problem(req, res, { status: 400, ...NOT_ADDED }, addPage(mistakeOf(NOT_ADDED)));
    }),
  );
  router.post("/passkeys/remove", mayChange, async (req, res) => {
    const account = answers.accountOf(req);
    if (account !== undefined) await passkeys.remove(account.id, textOf(req.body, "id"));
    answers.done(req, res, "/account", "The passkey is removed.");
  });
  return router;
}

const NOT_ADDED = {
  title: "No passkey was added",
  detail: "The passkey was not right, or there are ten already. Try again",
};
