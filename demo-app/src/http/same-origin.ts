/** Refuses forms that another site makes a browser send (cross-site request forgery). */

import type { Request, RequestHandler } from "express";
import type { Answers } from "./answers";

const PROBLEM = {
  status: 403,
  title: "This form came from elsewhere",
  detail:
    "It was sent by another site or, where the demo was opened over plain http from another " +
    "machine, by a browser that does not say where from. Open it at localhost or over https.",
};

/**
 * Passes what only reads, and what was sent by a page of this origin or by no page at all. Browsers say
 * so in Sec-Fetch-Site; without it, an Origin that is there must match in full. Scripts send neither.
 */
export function requireSameOrigin(
  publicOrigin: string | undefined,
  answers: Answers,
): RequestHandler {
  return (req, res, next) => {
    if (["GET", "HEAD"].includes(req.method)) {
      next();
      return;
    }
    res.vary("Sec-Fetch-Site, Origin");
    if (isSameOrigin(req, publicOrigin)) next();
    else answers.problem(req, res, PROBLEM);
  };
}

function isSameOrigin(req: Request, publicOrigin: string | undefined): boolean {
  const site = req.get("sec-fetch-site");
  if (site === "same-origin" || site === "none") return true;
  if (site === "same-site" || site === "cross-site") return false;
  const origin = req.get("origin");
  return origin === undefined || origin === (publicOrigin ?? ownOrigin(req));
}

function ownOrigin(req: Request): string {
  return `${req.protocol}://${req.get("host") ?? ""}`;
}
