/** The public names, and nothing else. */

export { boundedStore } from "./session/bounded-store";
export type { Channel } from "./delivery/channel";
export type { Message, Sender } from "./delivery/sender";
export type { Status } from "./flows/code-flow";
export type { Count, CounterStore, Entry, Step, StepAnswer } from "./ledger/ledger";
export { twoFactor } from "./entry";
export { TwoFactorError, type RefusalCode, type TwoFactorErrorDetails } from "./outcome/errors";
export type { EventListener, EventType, TwoFactorEvent } from "./outcome/events";
export type { AnswerFields, RequestFields } from "./request/fields";
export type { Handler, Next } from "./http/handler";
export type { OpenApiDocument } from "./openapi/document";
export { Html, html, type Part as HtmlPart } from "./pages/html";
export { returnPath } from "./pages/visit/return-to";
export type { Problem } from "./http/problem";
export type { Issued, OpenChallenge } from "./flows/issuer";
export type {
  Alternatives,
  BeforeSend,
  FormFields,
  GuardOptions,
  LimitOptions,
  OnPhoneChange,
  OnRequired,
  PageContext,
  PageLayout,
  PageLink,
  PagesOptions,
  PhoneChange,
  SavePhone,
  Sending,
  SendLimit,
  TwoFactorOptions,
  User,
  UserOf,
} from "./options/options";
export type { Limit, Quota } from "./outcome/quota";
export type { Refusal } from "./outcome/refusal";
export type { ReadPhone } from "./request/subscriber";
export type { TwoFactor } from "./two-factor";
export type { SessionVerification, Verification } from "./verification/verification";
export type { Answered } from "./flows/verifier";
