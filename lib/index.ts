/** The public names; the factory loads the parts when it is called, so that an app that only names the package waits for none. */

import type { TwoFactorOptions } from "./options/options";
import type { TwoFactor } from "./two-factor";
import type * as Parts from "./two-factor";

export { boundedStore } from "./session/bounded-store";
export type { MessageContent, WriteMessage } from "./delivery/own-words";
export type { Message, Sender, Spoken, SpokenKey } from "./delivery/sender";
export type { DeliveryStatus } from "./limits/deliveries";
export type { Status } from "./flows/code-flow";
export type { Proof } from "./flows/confirmation";
export type {
  Check,
  Clear,
  Count,
  CounterStore,
  Entry,
  Note,
  Peek,
  Raise,
  Settle,
  Step,
  StepAnswer,
  Take,
  Undo,
  Named,
} from "./ledger/ledger";
export { memoryRecords, type MemoryRecordsOptions } from "./records/memory";
export type {
  BrowserStore,
  RecordStore,
  RecoveryStore,
  RememberedBrowser,
  Rotation,
} from "./records/records";
export type { Channel } from "./outcome/channel";
export { TwoFactorError, type RefusalCode, type TwoFactorErrorDetails } from "./outcome/errors";
export type {
  Budget,
  DeliveryState,
  EventFields,
  EventListener,
  EventType,
  TwoFactorEvent,
} from "./outcome/events";
export type { BudgetStand, Telemetry, WorkFacts, WorkName } from "./outcome/telemetry";
export type { AnswerFields, RequestFields } from "./request/fields";
export type { Handler, Next } from "./http/handler";
export type { OpenApiDocument } from "./openapi/document";
export { Html, html, type Part as HtmlPart } from "./std/html";
export { returnPath } from "./pages/visit/return-to";
export type { Problem } from "./http/problem";
export type { Issued, OpenChallenge } from "./flows/issuer";
export type {
  Alternatives,
  BeforeSend,
  DeliveryStatusOptions,
  Describe,
  FormFields,
  GuardOptions,
  IsRequired,
  LimitOptions,
  OnPhoneChange,
  OnRequired,
  PageContext,
  PageLayout,
  PageLink,
  PagesOptions,
  PhoneChange,
  Purpose,
  RecoveryOptions,
  RememberOptions,
  SavePhone,
  Sending,
  SendLimit,
  TestNumber,
  TwoFactorOptions,
  User,
  UserOf,
} from "./options/options";
export type { Locales, LocaleWords } from "./options/locale-settings";
export type { PageWords } from "./options/page-words";
export type { CallWords } from "./delivery/spoken";
export type { TextWords } from "./delivery/wording";
export type { Limit, Quota } from "./outcome/quota";
export type { Refusal } from "./outcome/refusal";
export type { Remembered } from "./remembered/browsers";
export type { ReadPhone } from "./request/subscriber";
export type { TwoFactor } from "./two-factor";
export type { SessionVerification, Verification } from "./verification/verification";
export type { UserState } from "./flows/support";
export type { Answered } from "./flows/verifier";

/**
 * Makes a second factor by text message for an Express or Connect app. Throws on wrong options, in a
 * sentence that names the option and the fix.
 *
 * @example
 * const { router, require2fa } = twoFactor({
 *   secret: process.env.TWO_FACTOR_SECRET,
 *   user: (req) => req.session.user,
 *   sender: signalwire(),
 *   appName: "Acme",
 * });
 * app.use("/2fa", router);
 * app.get("/account", require2fa(), account);
 */
export function twoFactor(options: TwoFactorOptions): TwoFactor {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late
  const parts = require("./two-factor") as typeof Parts;
  return parts.assemble(options);
}
