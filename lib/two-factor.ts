/** Puts the parts together, once, from checked options. */

import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readKeys, type KeyRing } from "./crypto/keys";
import { Admissions } from "./flows/admission";
import { CodeFlow, type Status } from "./flows/code-flow";
import { Confirmation, type Proof } from "./flows/confirmation";
import { DeliveryFlow } from "./flows/delivery-flow";
import { EnrolmentFlow, type EnrolmentFlowParts } from "./flows/enrolment-flow";
import { Issuer, type Issued } from "./flows/issuer";
import { RecoveryFlow } from "./flows/recovery-flow";
import { RecoverySets } from "./flows/recovery-sets";
import { Support, type UserState } from "./flows/support";
import { Suspicions } from "./flows/suspicions";
import { Verifier, type Answered } from "./flows/verifier";
import { makeRequire2fa } from "./http/guard";
import type { Handler } from "./http/handler";
import { Mount } from "./http/mount";
import { makeHandler } from "./http/router";
import { GuardedLedger } from "./ledger/guarded";
import { memoryLedger } from "./ledger/memory";
import { Attempts, lifeOf } from "./limits/attempts";
import { CounterNames, spaceOf } from "./limits/counter-names";
import { Deliveries } from "./limits/deliveries";
import { Lockout } from "./limits/lockout";
import { SendLimits } from "./limits/send-limits";
import { openApiDocument, type OpenApiDocument } from "./openapi/document";
import { serveDocument } from "./openapi/serving";
import type { GuardOptions, TwoFactorOptions } from "./options/options";
import { readOptions, type Settings } from "./options/settings";
import { checkTexts } from "./options/text-check";
import { warnOfCounters, warnOfMemory, warnOfRecords } from "./options/warnings";
import { eventsTo } from "./outcome/events";
import type { Pages, PagesParts } from "./pages/pages";
import type * as PagesFile from "./pages/pages";
import type * as OwnWordsFile from "./pages/words/own-words";
import { watchAddresses } from "./request/client-address";
import { RecordKeys } from "./records/record-keys";
import { RecoveryCodes } from "./recovery/recovery-codes";
import { Browsers, type BrowsersParts, type Remembered } from "./remembered/browsers";
import { fieldSchemas, type AnswerFields, type RequestFields } from "./request/fields";
import { Descriptions } from "./request/descriptions";
import { refuseOtherRequest } from "./request/named-request";
import { subjectNamed } from "./request/subject";
import { Subscribers, type ReadPhone } from "./request/subscriber";
import { sessionOf } from "./session/session";
import { Marks } from "./verification/marks";
import {
  verificationIn,
  type SessionVerification,
  type Verification,
} from "./verification/verification";

/** What `twoFactor()` gives. */
export interface TwoFactor {
  /**
   * Serves `request-auth`, `validate-auth`, `status`, `delivery-status` and `pages` below the path that it
   * is mounted at.
   */
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
  /**
   * `validate-auth` without HTTP. It checks no origin; answer only after it has resolved. With `remember` it needs
   * `res`, which takes the cookie.
   */
  validate: (req: IncomingMessage, fields: AnswerFields, res?: ServerResponse) => Promise<Answered>;
  /** `status` without HTTP. */
  status: (req: IncomingMessage) => Promise<Status>;
  /**
   * What the session's mark says, for display: it does not look at its age, nor whether it was revoked.
   * Only `require2fa()` decides who passes. A remembered browser leaves no mark: `status` tells of it.
   */
  verification: (req: IncomingMessage, purpose?: string) => SessionVerification | undefined;
  /**
   * Verifies the session as a right code would, once a check of the app's own, such as a passkey or a TOTP, has
   * shown that the signed-in user is there. The session gets a new id and keeps the app's data: answer only after
   * it has resolved. Rejects with a `TwoFactorError`: `not_signed_in`; `factor_disabled` where support has switched
   * the factor off; `unavailable` where a store fails, or the session has ended meanwhile.
   */
  confirm: (req: IncomingMessage, proof: Proof) => Promise<Verification>;
  /**
   * Makes ten recovery codes for the signed-in user, in the place of all before: show them once, they are kept as
   * digests. Only behind a second factor of the last five minutes, or a stolen password would make itself one: guard
   * the route with `require2fa({ maxAge: 300 })`. Rejects with a `TwoFactorError`: `two_factor_required`,
   * `not_signed_in`, `unavailable`. Needs the option `recovery`.
   */
  recoveryCodes: (req: IncomingMessage) => Promise<string[]>;
  /** Voids all of a user's recovery codes, as when an account ends. Needs the option `recovery`. */
  voidRecoveryCodes: (userId: string | number | bigint) => Promise<void>;
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
  /**
   * Drops the session's mark and challenge for good: call and await it at log-out, and end the session
   * whatever it says. It drops them from the session in any case, and rejects where a store has not heard of
   * it: a slow request could then bring them back with the session.
   */
  reset: (req: IncomingMessage) => Promise<void>;
  /**
   * Lifts what stands in a user's way: a switched-off factor, a block, and texts counted against the user
   * and the number. A day's texts stay counted. Tells whether there was anything. For support staff alone.
   */
  unlock: (userId: string | number | bigint) => Promise<boolean>;
  /**
   * The browsers that a user has had remembered, the last used first; that of `req` has `isCurrent`. Empty without
   * the option `remember`. Rejects with `unavailable` where the store fails.
   */
  remembered: (userId: string | number | bigint, req?: IncomingMessage) => Promise<Remembered[]>;
  /**
   * Forgets one of a user's remembered browsers, or all, at once and in all processes; tells whether there was
   * any. At log-out, at a new password, and when a device is lost. Rejects with `unavailable` where the store fails.
   */
  forget: (userId: string | number | bigint, id?: string) => Promise<boolean>;
  /**
   * Switches a user's second factor off until `unlock()`, at once and in all processes, as for a stolen phone: no text
   * leaves, no code, recovery code or `confirm()` verifies, and what was verified before holds no more until then. End
   * the user's sessions too. For support staff alone.
   */
  disable: (userId: string | number | bigint) => Promise<void>;
  /** How a user stands, for support staff. Only reads. */
  state: (userId: string | number | bigint) => Promise<UserState>;
  /** Resolves once the work beside the answers has ended; call it when the server has closed. */
  close: () => Promise<void>;
}

/** Makes all parts of a second factor; throws on wrong options. Long, for it is the list of them, in order. */
export function assemble(options: TwoFactorOptions): TwoFactor {
  const settings = readOptions(options);
  const { counters, namespace, limits, deliveryStatus } = settings;
  const isShared = counters !== undefined;
  if (!isShared) warnOfMemory();
  checkTexts(settings);
  watchAddresses();
  // Codes die with the counters that bound their guessing: at a restart, and in another worker.
  const keys = readKeys(settings.secrets, isShared ? undefined : randomBytes(32), namespace);
  const life = lifeOf(settings);
  const ledger = new GuardedLedger(counters ?? memoryLedger(), {
    space: isShared ? spaceOf(namespace) : "",
    life,
    onError: warnOfCounters,
    telemetry: settings.telemetry,
  });
  const emit = eventsTo(settings.onEvent, settings.telemetry);
  const names = new CounterNames(keys, namespace, isShared);
  const attempts = new Attempts({ max: limits.attempts, life });
  const lockout = new Lockout(settings, names);
  const sendLimits = new SendLimits(settings, names);
  const deliveries = deliveryStatus && new Deliveries(keys, deliveryStatus.url, settings);
  const marks = new Marks(keys, ledger, { lockout, purposes: settings.purposes });
  const suspicions = new Suspicions({ settings, ledger, attempts, lockout, emit });
  const protocol = {
    settings,
    keys,
    ledger,
    attempts,
    deliveries,
    lockout,
    sendLimits,
    marks,
    suspicions,
    emit,
  };
  const issuer = new Issuer({ ...protocol, admissions: new Admissions(protocol) });
  const verifier = new Verifier(protocol);
  const subscribers = new Subscribers(settings, emit);
  const schemas = fieldSchemas(settings);
  const browsers = makeBrowsers({ settings, keys, emit, isOff: (subject) => marks.isOff(subject) });
  const recoveryCodes = makeRecoveryCodes(settings, keys);
  const support = new Support({ ...protocol, browsers, recoveryCodes });
  const recoveryParts = recoveryCodes && { ...protocol, codes: recoveryCodes, subscribers };
  const recovery = recoveryParts && new RecoveryFlow(recoveryParts);
  const recoverySets = recoveryParts && new RecoverySets(recoveryParts);
  const descriptions = new Descriptions(settings.purposes);
  const people = { schemas, subscribers, descriptions, marks, browsers };
  const parts = { settings, ...people, issuer, verifier, emit };
  const codeFlow = new CodeFlow({ ...parts, recovery });
  const confirmation = new Confirmation({ ...protocol, subscribers, descriptions });
  const enrolment = makeEnrolment({ ...parts, recoveryCodes });
  const pages = makePages({ settings, codeFlow, enrolment, recoverySets, emit, keys });
  const documentAt = (base: string | undefined): OpenApiDocument =>
    openApiDocument(settings, schemas, base);
  const deliveryFlow =
    deliveries && new DeliveryFlow({ settings: deliveryStatus, deliveries, ledger, emit });
  const flows = { codeFlow, deliveryFlow };
  const handler = makeHandler(settings, flows, emit, (req, res, path, next) => {
    if (settings.openapi && serveDocument({ req, res, emit }, path, documentAt)) return true;
    return pages === undefined ? false : pages.serve({ req, res, path, mount }, next);
  });
  const mount = new Mount(handler, settings.path);

  return {
    router: mount.router,
    require2fa: makeRequire2fa({ ...parts, mount, pages }),
    request: async (req, fields = {}) => {
      refuseOtherRequest("request", req);
      return codeFlow.request(req, fields);
    },
    validate: async (req, fields, res) => {
      refuseOtherRequest("validate", req);
      return codeFlow.validate(req, fields, res);
    },
    status: async (req) => {
      refuseOtherRequest("status", req);
      return codeFlow.status(req);
    },
    verification: (req, purpose = "") => verificationIn(req, settings, purpose),
    confirm: async (req, proof) => {
      refuseOtherRequest("confirm", req);
      return confirmation.confirm(req, proof);
    },
    recoveryCodes: async (req) => {
      const sets = needed(recoverySets);
      refuseOtherRequest("recoveryCodes", req);
      return sets.make(req);
    },
    voidRecoveryCodes: async (userId) =>
      needed(recoveryCodes).void(subjectNamed("voidRecoveryCodes", userId)),
    openapi: (path = mount.paths[0]) => documentAt(path),
    readPhone: (number) => subscribers.readTyped(number),
    reset: (req) => {
      const done = reset(req, verifier);
      // Not awaited, as before a `destroy()`, it must not end the process.
      done.catch(() => undefined);
      return done;
    },
    remembered: async (userId, req) => {
      const subject = subjectNamed("remembered", userId);
      if (req !== undefined) refuseOtherRequest("remembered", req);
      return (await browsers?.list(subject, req)) ?? [];
    },
    forget: async (userId, id) => {
      const subject = subjectNamed("forget", userId);
      return (await browsers?.forget(subject, id)) ?? false;
    },
    state: async (userId) => support.state(subjectNamed("state", userId)),
    unlock: async (userId) => support.unlock(subjectNamed("unlock", userId)),
    disable: async (userId) => support.disable(subjectNamed("disable", userId)),
    close: () => {
      suspicions.close();
      return ledger.close();
    },
  };
}

function makeRecoveryCodes(
  { recovery: store, namespace }: Settings,
  keys: KeyRing,
): RecoveryCodes | undefined {
  return store && new RecoveryCodes(store, new RecordKeys(keys, namespace), warnOfRecords);
}

function needed<T>(part: T | undefined): T {
  if (part !== undefined) return part;
  throw new TypeError("Recovery codes need the option `recovery`, with a store to keep them in.");
}

function makeBrowsers({
  settings,
  ...parts
}: Pick<BrowsersParts, "keys" | "emit" | "isOff"> & { settings: Settings }): Browsers | undefined {
  const { remember, namespace } = settings;
  return remember && new Browsers({ ...parts, remember, namespace, onFault: warnOfRecords });
}

function makeEnrolment(
  parts: Omit<EnrolmentFlowParts, "savePhone" | "onPhoneChange">,
): EnrolmentFlow | undefined {
  const { savePhone, onPhoneChange } = parts.settings.pages ?? {};
  return savePhone && new EnrolmentFlow({ ...parts, savePhone, onPhoneChange });
}

function makePages(parts: Omit<PagesParts, "pages">): Pages | undefined {
  const { pages, pageWords } = parts.settings;
  if (pages === undefined) {
    if (Object.keys(pageWords).length > 0) checkPageWords(pageWords);
    return undefined;
  }
  // A third of the package's files: an app without pages has no use for them.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late
  const file = require("./pages/pages") as typeof PagesFile;
  return new file.Pages({ ...parts, pages });
}

function checkPageWords(words: Settings["pageWords"]): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late
  const file = require("./pages/words/own-words") as typeof OwnWordsFile;
  file.readPageWords(words);
}

async function reset(req: IncomingMessage, verifier: Verifier): Promise<void> {
  refuseOtherRequest("reset", req);
  await verifier.reset(sessionOf(req));
}
