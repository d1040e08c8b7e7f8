/** Puts the parts together, once, from checked options. */

import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Counters } from "./ledger/counters";
import { CodeFlow, type Status } from "./flows/code-flow";
import { engineFrom } from "./ledger/engine";
import { EnrolmentFlow, type EnrolmentFlowParts } from "./flows/enrolment-flow";
import { eventsTo } from "./outcome/events";
import { fieldSchemas, type AnswerFields, type RequestFields } from "./request/fields";
import { makeRequire2fa } from "./http/guard";
import { Mount } from "./http/mount";
import { type Handler } from "./http/handler";
import { openApiDocument, type OpenApiDocument } from "./openapi/document";
import { serveDocument } from "./openapi/serving";
import type * as NoticeFile from "./pages/visit/flash";
import type { Pages, PagesParts } from "./pages/pages";
import type * as PagesFile from "./pages/pages";
import { makeHandler } from "./http/router";
import { Issuer, type Issued } from "./flows/issuer";
import { readKeys, type KeyRing } from "./crypto/keys";
import { memoryEngine } from "./ledger/memory-engine";
import type { GuardOptions, TwoFactorOptions } from "./options/options";
import { SendBudget } from "./limits/send-budget";
import { SendCharges } from "./limits/send-limits";
import { sessionOf } from "./session/session";
import { readOptions } from "./options/settings";
import { Settlement } from "./limits/refunds";
import { Standing } from "./verification/marks";
import { Subscribers, type ReadPhone } from "./request/subscriber";
import type { SessionVerification } from "./verification/verification";
import { verificationIn } from "./verification/verification";
import { Verifier, type Answered } from "./flows/verifier";
import { warnOfLongTexts, warnOfMemory } from "./options/warnings";

/** What `twoFactor()` gives. */
export interface TwoFactor {
  /** Serves `request-auth`, `validate-auth`, `status` and `pages` below the path that it is mounted at. */
  router: Handler;
  /**
   * Makes a guard, which passes a request whose session is verified and refuses every other, with a
   * problem answer (RFC 9457) of 403, or 503 where a store does not answer.
   *
   * @example
   * app.get("/account", require2fa(), account);
   * app.post("/transfer", require2fa({ maxAge: 120 }), transfer);
   */
  require2fa: (options?: GuardOptions) => Handler;
  /** `request-auth` without HTTP, for an app with routes of its own. It checks no origin. */
  request: (req: IncomingMessage, fields?: RequestFields) => Promise<Issued>;
  /** `validate-auth` without HTTP. It checks no origin; answer only after it has resolved. */
  validate: (req: IncomingMessage, fields: AnswerFields) => Promise<Answered>;
  /** `status` without HTTP. */
  status: (req: IncomingMessage) => Promise<Status>;
  /**
   * What the session's mark says, for display: it does not look at its age, nor whether it was revoked.
   * Only `require2fa()` decides who passes.
   */
  verification: (req: IncomingMessage, purpose?: string) => SessionVerification | undefined;
  /**
   * An OpenAPI 3.1 document of the endpoints as these options make them, to write to a file. `path` is
   * where clients reach the router. @default the path that it is mounted at
   */
  openapi: (path?: string) => OpenApiDocument;
  /**
   * Reads a number that was typed, as these options will when a text is asked for: E.164, or why it gets
   * none (`invalid_number`, `country_not_allowed`, `cannot_text_number`). For sign-up forms, before the
   * number is saved. That somebody holds it, only a code proves.
   */
  readPhone: (number: string) => ReadPhone;
  /** Drops the session's mark and challenge for good: call and await it at log-out. */
  reset: (req: IncomingMessage) => Promise<void>;
  /** Switches on a user's factor that wrong codes have switched off. For support staff alone. */
  unlock: (userId: string | number | bigint) => Promise<void>;
  /** Resolves once the work beside the answers has ended; call it when the server has closed. */
  close: () => Promise<void>;
}

/** Makes all parts of a second factor; throws on wrong options. */
export function assemble(options: TwoFactorOptions): TwoFactor {
  const settings = readOptions(options);
  const inMemory = settings.counters === undefined;
  warnOfMemory(inMemory);
  warnOfLongTexts(settings);
  // Codes die with the counters that bound their guessing: at a restart, and in another worker.
  const keys = readKeys(settings.secrets, inMemory ? randomBytes(32) : undefined);
  const engine = settings.counters ? engineFrom(settings.counters) : memoryEngine();
  const counters = new Counters(engine, keys, !inMemory);
  const emit = eventsTo(settings.onEvent);
  const standing = new Standing(settings, keys, counters);
  const charges = new SendCharges(settings, counters);
  const budget = new SendBudget(charges, counters, emit);
  const settlement = new Settlement(charges, counters);
  const issuer = new Issuer(settings, { counters, standing, charges, budget, emit });
  const verifier = new Verifier(settings, { counters, standing, settlement, emit });
  const subscribers = new Subscribers(settings);
  const schemas = fieldSchemas(settings);
  const parts = { settings, schemas, subscribers, standing, issuer, verifier, emit };
  const endpoints = new CodeFlow(parts);
  const enrolment = makeEnrolment(parts);
  const pages = makePages({ settings, endpoints, enrolment, emit }, keys);
  const documentAt = (base: string | undefined): OpenApiDocument =>
    openApiDocument(settings, schemas, base);
  const handler = makeHandler(settings, endpoints, emit, (req, res, path, next) => {
    if (settings.openapi && serveDocument({ req, res, emit }, path, documentAt)) return true;
    return pages === undefined ? false : pages.serve({ req, res, path, mount }, next);
  });
  const mount = new Mount(handler, settings.path);

  return {
    router: mount.router,
    require2fa: makeRequire2fa({ ...parts, mount, pages }),
    request: (req, fields = {}) => endpoints.request(req, fields),
    validate: (req, fields) => endpoints.validate(req, fields),
    status: (req) => endpoints.status(req),
    verification: (req, purpose = "") => verificationIn(req, settings, purpose),
    openapi: (path = mount.paths[0]) => documentAt(path),
    readPhone: (number) => subscribers.readTyped(number),
    reset: (req) => {
      const done = reset(req, verifier);
      // Not awaited, as before a `destroy()`, it must not end the process.
      done.catch(() => undefined);
      return done;
    },
    unlock: (userId) => verifier.unlock(String(userId)),
    close: () => counters.settle(),
  };
}

function makeEnrolment(
  parts: Omit<EnrolmentFlowParts, "savePhone" | "onPhoneChange">,
): EnrolmentFlow | undefined {
  const { savePhone, onPhoneChange } = parts.settings.pages ?? {};
  return savePhone && new EnrolmentFlow({ ...parts, savePhone, onPhoneChange });
}

function makePages(parts: Omit<PagesParts, "pages" | "seals">, keys: KeyRing): Pages | undefined {
  const { pages } = parts.settings;
  if (pages === undefined) return undefined;
  // A third of the package's files: an app without pages has no use for them.
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded late */
  const { Seals } = require("./pages/visit/flash") as typeof NoticeFile;
  const file = require("./pages/pages") as typeof PagesFile;
  /* eslint-enable @typescript-eslint/no-require-imports */
  return new file.Pages({ ...parts, pages, seals: new Seals(keys) });
}

async function reset(req: IncomingMessage, verifier: Verifier): Promise<void> {
  await verifier.reset(sessionOf(req));
}
