/** All that the pages say, whatever the language. */

import type { Html, Part } from "../../std/html";

/** All words of one language: the compiler misses none. What is handed in as `Html` is marked up already. */
export interface Words {
  dir: "ltr" | "rtl";
  askTitle: string;
  codeTitle: string;
  signInTitle: string;
  goOnTitle: string;
  goOn: string;
  noNumberTitle: string;
  troubleTitle: string;
  /** Above the code where a verified session is asked again. */
  stepUp: string;
  /** `end` is the end of the number. */
  willText: (end: Html) => Html;
  send: string;
  sentTo: (end: Html) => Html;
  goodFor: (time: Part) => Html;
  label: string;
  hint: (digits: number) => string;
  submit: string;
  /** Beside the box that has the browser remembered, and what it is good for and where it is not. */
  remember: (time: Part) => Html;
  rememberHint: string;
  missingTitle: string;
  missing: string;
  resend: string;
  wait: (time: Html) => Html;
  canResend: string;
  lostTitle: string;
  lost: (appName: string) => string;
  support: string;
  logOut: string;
  problem: string;
  /** Stands before a title and a mistake. */
  error: string;
  signIn: string;
  noNumber: string;
  isSent: string;
  isPending: string;
  isFilledIn: string;
  codeEmpty: string;
  codeShort: (digits: number) => string;
  codeLong: (digits: number) => string;
  codeNotNumbers: (digits: number) => string;
  codeWrong: string;
  triesLeft: (tries: number) => string;
  codeExpired: string;
  codeSpent: string;
  staleForm: string;
  foreignForm: string;
  tooManyAttempts: (time: Part) => Html;
  tooManyRequests: (time: Part) => Html;
  invalidNumber: string;
  countryNotAllowed: string;
  cannotTextNumber: string;
  sendRefused: string;
  factorDisabled: string;
  deliveryFailed: string;
  unavailable: string;
  numberTitle: string;
  changeNumberTitle: string;
  numberUse: (appName: string) => string;
  numberLabel: string;
  numberHint: string;
  numberWrong: string;
  otherNumber: string;
  /** Said where a form of the number page came too long after the proof of the present number. */
  proofFirst: string;
  /** Said once that proof is renewed. */
  numberAgain: string;
  numberSavedTitle: string;
  numberSaved: (end: Html) => Html;
  endSessions: string;
  alternativesTitle: string;
  smsRisk: string;
}
