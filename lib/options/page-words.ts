/** All that the pages say, whatever the language: what the option `locales` takes for them. */

/**
 * All words of one language: the compiler misses none. They are texts, and escaped on the page. What a function is
 * told stands as it is in the text that it gives, for the page puts marked-up parts in its place.
 */
export interface PageWords {
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
  /** What the code confirms, where the purpose describes it. */
  confirming: (what: string) => string;
  /** `end` is the end of the number. */
  willText: (end: string) => string;
  send: string;
  sentTo: (end: string) => string;
  goodFor: (time: string) => string;
  label: string;
  hint: (digits: number) => string;
  submit: string;
  /** Beside the box that has the browser remembered, and what it is good for and where it is not. */
  remember: (time: string) => string;
  rememberHint: string;
  missingTitle: string;
  missing: string;
  resend: string;
  wait: (time: string) => string;
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
  delivered: string;
  undelivered: string;
  /** Whoever has texted STOP; as a mistake too, so without a full stop. */
  optedOut: string;
  callMissed: string;
  /** The button that asks for a call, and what stands above it. */
  call: string;
  callHint: string;
  canCall: string;
  calledTo: (end: string) => string;
  hintCalled: (digits: number) => string;
  missedTitle: string;
  missed: string;
  isCalled: string;
  isCallPending: string;
  callFailed: string;
  tooManyCalls: (time: string) => string;
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
  tooManyAttempts: (time: string) => string;
  tooManyRequests: (time: string) => string;
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
  numberSaved: (end: string) => string;
  endSessions: string;
  alternativesTitle: string;
  smsRisk: string;
}

/** The languages that have it. */
export type PageLanguage = "en" | "es" | "fr" | "de" | "pt" | "ar";
