/** Puts the demo together from its settings, its way of sending texts and its stores. */

import path from "node:path";
import { isIP } from "node:net";
import express, { type Express } from "express";
import { twoFactor, type Sender, type Telemetry } from "express-sms-2fa";
import { Accounts } from "./accounts/accounts";
import { PasswordLimits } from "./accounts/password-limits";
import { Answers } from "./http/answers";
import { answerFaults } from "./http/faults";
import { noStore, safeHeaders } from "./http/headers";
import { HOME } from "./http/return-path";
import { requireSameOrigin } from "./http/same-origin";
import { makeSession } from "./http/session";
import { drawCodePage } from "./pages/code-frame";
import { accountRoutes } from "./routes/account";
import { browserRoutes } from "./routes/browsers";
import { confirmRoutes, passkeyLinks } from "./routes/confirm";
import type { Demo } from "./routes/demo";
import { healthRoutes } from "./routes/health";
import { homeRoutes } from "./routes/home";
import { inboxFeed, inboxRoutes } from "./routes/inbox";
import { numberRoutes } from "./routes/number";
import { passkeyLibrary, passkeyRoutes } from "./routes/passkeys";
import { signInRoutes } from "./routes/sign-in";
import { SUPPORT, supportRoutes } from "./routes/support";
import { describeTransfer, TRANSFER, transferRoutes } from "./routes/transfers";
import { Passkeys } from "./passkeys/passkeys";
import { DOCS, hasDocs } from "./source/docs";
import type { Settings } from "./settings/settings";
import type { Stores } from "./stores/stores";
import type { Inbox } from "./texts/inbox";
import type { Texts } from "./texts/texts";

/** The demo as an Express app. */
export interface DemoApp {
  app: Express;
  /** Resolves once the work beside the answers has ended. */
  close: () => Promise<void>;
}

const PUBLIC = path.join(__dirname, "..", "public");

/** Builds the app; throws where a setting is wrong. */
export function buildApp(
  settings: Settings,
  texts: Texts,
  stores: Stores,
  telemetry?: Telemetry,
): DemoApp {
  const { sender, inbox } = texts;
  const accounts = new Accounts(stores.database);
  const answers = new Answers(accounts, inbox !== undefined);
  const factor = makeFactor(settings, { sender, inbox, accounts, answers, stores, telemetry });
  const demo: Demo = {
    settings,
    accounts,
    answers,
    limits: new PasswordLimits(stores.tries),
    passkeys: new Passkeys(stores.database),
    twoFactor: factor,
  };

  const app = express();
  app.set("trust proxy", settings.trustProxy);
  app.set("etag", false); // Nothing is kept that a tag could be compared with.
  app.use(safeHeaders(), express.static(PUBLIC, { index: false }));
  app.use("/simplewebauthn", passkeyLibrary());
  if (hasDocs) app.use("/docs", express.static(DOCS, { index: "README.md", setHeaders: asText }));
  app.use(noStore, healthRoutes(stores));
  if (inbox !== undefined) app.get("/dev/inbox/texts", inboxFeed(inbox));
  app.use(makeSession(settings, stores.sessions), answers.meet);
  // In front of the body parsers and the check of origins: it brings its own.
  app.use("/2fa", factor.router);
  app.use(requireSameOrigin(settings.publicOrigin, answers));
  // A passkey takes more room than anything else that is sent.
  app.use(["/passkey", "/passkeys"], express.urlencoded({ extended: false, limit: "16kb" }));
  app.use(express.urlencoded({ extended: false, limit: "4kb" }), express.json({ limit: "4kb" }));

  app.use(
    homeRoutes(demo, inbox !== undefined),
    signInRoutes(demo),
    numberRoutes(demo),
    accountRoutes(demo),
    transferRoutes(demo),
  );
  app.use(passkeyRoutes(demo), confirmRoutes(demo), browserRoutes(demo));
  if (inbox !== undefined) app.use(inboxRoutes(inbox, answers), supportRoutes(demo));
  app.use((req, res) => {
    const detail = "Nothing is at this address.";
    answers.problem(req, res, { status: 404, title: "Page not found", detail });
  });
  app.use(answerFaults(answers));
  const close = async (): Promise<void> => {
    await factor.close();
    await stores.close();
  };
  return { app, close };
}

// The guides are Markdown, which browsers would save and not show.
function asText(res: express.Response, file: string): void {
  if (file.endsWith(".md")) res.type("text/plain");
}

interface FactorParts {
  sender: Sender;
  inbox: Inbox | undefined;
  accounts: Accounts;
  answers: Answers;
  stores: Stores;
  telemetry: Telemetry | undefined;
}

function makeFactor(settings: Settings, parts: FactorParts) {
  const { sender, inbox, accounts, answers, stores, telemetry } = parts;
  const { twoFactorSecret, publicOrigin, countries } = settings;
  return twoFactor({
    secret: twoFactorSecret,
    user: (req) => answers.accountOf(req),
    pages: {
      homePath: HOME,
      logInPath: "/log-in",
      savePhone: ({ session }, phone) => accounts.savePhone(session.accountId, phone),
      alternatives: (req) => passkeyLinks({ answers, settings }, req),
      layout: async (page, context) => {
        const account = answers.accountOf(context.req);
        return drawCodePage(page, context, { account, texts: await inbox?.texts() });
      },
    },
    sender,
    channels: ["sms", "call"],
    counters: stores.counters,
    remember: { store: stores.records },
    recovery: { store: stores.records },
    purposes: { [SUPPORT]: {}, [TRANSFER]: { describe: describeTransfer, once: true } },
    appName: "Acme",
    countries,
    openapi: true,
    telemetry,
    ...(publicOrigin !== undefined && { trustedOrigins: [publicOrigin] }),
    ...(publicOrigin !== undefined && hasDomain(publicOrigin) && { origin: publicOrigin }),
    onEvent: async ({ type, subject }) => {
      if (type === "verified") await accounts.confirmPhone(subject);
    },
  });
}

/** Whether a text can bind its code to the origin: to a domain it can, to an address or port not. */
function hasDomain(origin: string): boolean {
  const { hostname, port } = new URL(origin);
  const isAddress = hostname.startsWith("[") || isIP(hostname) !== 0;
  return port === "" && !isAddress && hostname.split(".").at(-1) !== "localhost";
}
