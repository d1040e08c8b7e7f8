/** The public names, and nothing else. */

export { boundedStore } from "./bounded-store";
export type { Limit } from "./counters";
export type { Channel, Message, Sender } from "./delivery";
export type { Status } from "./endpoints";
export type { CounterEngine, CounterEngineOptions, EngineReading, MakeEngine } from "./engine";
export { twoFactor } from "./entry";
export { TwoFactorError, type RefusalCode, type TwoFactorErrorDetails } from "./errors";
export type { EventListener, EventType, TwoFactorEvent } from "./events";
export type { AnswerFields, RequestFields } from "./fields";
export type { Handler, Next } from "./http/mount";
export type { OpenApiDocument } from "./http/openapi/document";
export { Html, html, type Part as HtmlPart } from "./http/pages/html";
export { returnPath } from "./http/pages/return-path";
export type { Problem } from "./http/problem";
export type { Issued, OpenChallenge } from "./issuer";
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
} from "./options";
export type { Quota, Refusal } from "./refusal";
export type { ReadPhone, SessionVerification, TwoFactor } from "./two-factor";
export type { Verification } from "./verification";
export type { Answered } from "./verifier";
