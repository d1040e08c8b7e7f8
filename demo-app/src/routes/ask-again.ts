/** Answers a form of ours that was sent with a proof too old: a browser is asked for a new one. */

import type { OnRequired } from "express-sms-2fa";
import { wantsPage, type Answers } from "../http/answers";

/** A browser goes to the log-in or the code page, and on to `returnTo`; a script gets the refusal. */
export function askAgain(
  answers: Answers,
  asked: { returnTo: string; maxAge?: string; purpose?: string },
): OnRequired {
  const query = new URLSearchParams(asked);
  return (req, res, { code, status, message }) => {
    if (code === "not_signed_in" && wantsPage(req)) {
      const { returnTo } = asked;
      res.redirect(303, `/log-in?${new URLSearchParams({ returnTo }).toString()}`);
      return;
    }
    if (code === "two_factor_required" && wantsPage(req)) {
      res.redirect(303, `/2fa/?${query.toString()}`);
      return;
    }
    const title = code === "two_factor_required" ? "A second factor is required" : "Not just now";
    answers.problem(req, res, { status, title, detail: message, code });
  };
}
