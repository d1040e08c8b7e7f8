/** The three apps that are fuzzed over HTTP: with pages, with parsers in front, and guarded as a whole. */

import express, { type Express, type RequestHandler } from "express";
import { memoryRecords, type TwoFactor, type User } from "../../../lib";
import { materialise } from "../odd-values";
import { EXPRESS_5, World, type AppParts } from "./world";

export const SIGNING_KEY = "a-signing-key-0123456789";
export const CALLBACK_URL = "https://app.example/2fa/delivery-status";
/** The header by which a request says what a parser is to have left. */
export const ODD_BODY = "x-odd-body";

const isPrivate: RequestHandler = (_req, res) => {
  res.set("X-Own", "1").json({ private: true });
};

const records = memoryRecords();

/** All that there is: pages, numbers, recovery codes, remembered browsers, callbacks, purposes. */
const WITH_PAGES: AppParts = {
  express: EXPRESS_5,
  base: "/2fa",
  options: {
    pages: {
      logInPath: "/log-in",
      logOutPath: "/log-out",
      savePhone: (req, phone) => {
        (req.session as unknown as { user: User }).user.phone = phone;
      },
    },
    recovery: { store: records },
    remember: { store: records },
    channels: ["sms"],
    purposes: { pay: { describe: () => "pay 50.00 USD to Bob", once: true }, settings: {} },
    deliveryStatus: { publicUrl: "https://app.example/2fa", signingKey: SIGNING_KEY },
    trustedOrigins: ["https://trusted.example"],
    rateLimitHeaders: true,
    openapi: true,
  },
  build: (app, two) => {
    app.use("/2fa", two.router);
    app.all("/private", two.require2fa(), isPrivate);
    app.all("/pay", two.require2fa({ purpose: "pay" }), isPrivate);
    app.all("/browser", two.require2fa({ remembered: true }), isPrivate);
  },
};

/** An old app whose parsers have read every body, and that serves GET. */
const WITH_PARSERS: AppParts = {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the older one has no types of its own
  express: () => (require("express4") as () => Express)(),
  base: "/2fa",
  options: { user: "from-request", allowGet: true },
  build: (app, two) => {
    app.set("trust proxy", 1);
    app.use(
      express.json(),
      express.urlencoded({ extended: true }),
      express.raw({ type: "text/*" }),
    );
    app.use(((req, _res, next) => {
      const odd = req.headers[ODD_BODY];
      if (typeof odd === "string") req.body = materialise(Buffer.from(odd, "base64url").toString());
      next();
    }) satisfies RequestHandler);
    app.use("/2fa", two.router);
    app.all("/private", two.require2fa(), isPrivate);
  },
};

/** One guard in front of all, the router inside another one, at a pattern. */
const GUARDED: AppParts = {
  express: EXPRESS_5,
  base: "/t/acme/2fa",
  options: { pages: true },
  build: (app, two: TwoFactor) => {
    const tenant = express.Router({ mergeParams: true });
    tenant.use("/2fa", two.router);
    app.use(two.require2fa());
    app.use("/t/:tenant", tenant);
    app.use(isPrivate);
  },
};

export const makeWorlds = (): World[] =>
  [WITH_PAGES, WITH_PARSERS, GUARDED].map((parts) => new World(parts));
