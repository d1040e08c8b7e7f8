/** What every asking for a passkey has: whom it is for, what comes back, and where it leads. */

import type { Request, Response } from "express";
import type { Account } from "../accounts/accounts";
import { wantsPage } from "../http/answers";
import { textOf } from "../http/fields";
import { relyingParty } from "../http/relying-party";
import type { Mistake } from "../pages/form";
import type { RelyingParty } from "../passkeys/passkeys";
import type { Demo } from "./demo";

/** What is done for somebody, for the domain that passkeys are made for. */
type Act = (req: Request, res: Response, account: Account, party: RelyingParty) => Promise<void>;

/** Refuses whoever is not logged in, who has no passkey, and addresses, for which none can be made. */
export function withParty({ answers, settings }: Pick<Demo, "answers" | "settings">) {
  return (act: Act) => async (req: Request, res: Response) => {
    const account = answers.accountOf(req);
    const party = relyingParty(req, settings);
    if (account === undefined) {
      if (wantsPage(req)) res.redirect(303, "/log-in");
      else answers.problem(req, res, { status: 403, ...NOBODY });
    } else if (party === undefined) answers.problem(req, res, { status: 404, ...NO_DOMAIN });
    else await act(req, res, account, party);
  };
}

/** What the session was asked, which ends with this, and what came back. */
export function takeAnswer(req: Request) {
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

/** What was wrong, beside the button. */
export function mistakeOf({ detail }: { detail: string }): Mistake[] {
  return [{ field: "passkey", message: detail }];
}

const NOBODY = { title: "Nobody is logged in", detail: "Log in first." };
const NO_DOMAIN = {
  title: "No passkeys here",
  detail: "Browsers make them for names, not for addresses: open the demo at localhost.",
};
