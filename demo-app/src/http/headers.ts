/** The headers that every answer of the demo has. */

import type { RequestHandler } from "express";
import helmet from "helmet";

/** Sets what tells browsers to trust this origin alone. */
export function safeHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // `no-referrer` would hide from ourselves where our forms are, over plain http: `Origin: null`.
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
  });
}

/** Keeps an answer out of every cache: after log-out, Back shows nothing (ASVS 14.3.2). */
export const noStore: RequestHandler = (_req, res, next) => {
  res.set("Cache-Control", "no-store");
  next();
};
