/** All that the pages say, whatever the language: what the option `locales` takes for them. */

/**
 * All words of one language: the compiler misses none. They are texts, and escaped on the page. What a function is
 * told stands as it is in the text that it gives, for the page puts marked-up parts in its place.
 */
export interface PageWords {
  /** The way that the language is written. */
  dir: "ltr" | "rtl";
  /** Ends a sentence, with the blank that stands before the next one, such as `. `. */
  stop: string;
  /** In English: “Confirm that it is you”. */
  askTitle: string;
  /** In English: “Check your phone”. */
  codeTitle: string;
  /** In English: “Sign in first”. */
  signInTitle: string;
  /** In English: “One moment”. */
  goOnTitle: string;
  /** In English: “You are being taken on. If nothing happens, press Continue.”. */
  goOn: string;
  /** In English: “There is no phone number to text”. */
  noNumberTitle: string;
  /** In English: “This did not work”. */
  troubleTitle: string;
  /** Above the code where a verified session is asked again. */
  stepUp: string;
  /** What the code confirms, where the purpose describes it. */
  confirming: (what: string) => string;
  /** `end` is the end of the number. */
  willText: (end: string) => string;
  /** In English: “Text me a code”. */
  send: string;
  /** In English: “We have texted a security code to your phone number ending in ….”. */
  sentTo: (end: string) => string;
  /** In English: “It is good for ….”. */
  goodFor: (time: string) => string;
  /** In English: “Security code”. */
  label: string;
  /** In English: “The 6 numbers in the text”. */
  hint: (digits: number) => string;
  /** In English: “Continue”. */
  submit: string;
  /** In English: “Remember this browser for …”. */
  remember: (time: string) => string;
  /** In English: “You will be asked for fewer codes here. Leave it off on a device that other people use.”. */
  rememberHint: string;
  /** In English: “Not received a text message?”. */
  missingTitle: string;
  /** In English: “It may take a few minutes. Another text brings the same code.”. */
  missing: string;
  /** In English: “Send the text again”. */
  resend: string;
  /** In English: “You can ask for another text in ….”. */
  wait: (time: string) => string;
  /** In English: “You can ask for another text.”. */
  canResend: string;
  /** In English: “Lost your phone or changed your number?”. */
  lostTitle: string;
  /** In English: “Contact the support team of Acme. They will check who you are before they help you in.”. */
  lost: (appName: string) => string;
  /** In English: “Get help”. */
  support: string;
  /** In English: “Log out”. */
  logOut: string;
  /** In English: “There is a problem”. */
  problem: string;
  /** Stands before a title and a mistake. */
  error: string;
  /** In English: “You are not signed in. Sign in, then come back to this page.”. */
  signIn: string;
  /** In English: “Your account has no phone number that we can text. Add one to your account first.”. */
  noNumber: string;
  /** In English: “The text is on its way.”. */
  isSent: string;
  /** In English: “We texted you a moment ago. The code in that text is still good.”. */
  isPending: string;
  /** In English: “The code from the text is filled in.”. */
  isFilledIn: string;
  /** In English: “The text has arrived on your phone.”. */
  delivered: string;
  /** In English: “The text could not be delivered. Make sure that your phone is on and has a signal, then ask for another.”. */
  undelivered: string;
  /** Whoever has texted STOP; as a mistake too, so without a full stop. */
  optedOut: string;
  /** In English: “The call was not answered. You can ask for another.”. */
  callMissed: string;
  /** In English: “Call me instead”. */
  call: string;
  /** In English: “A voice can say the same code to you. It may ask you to press two keys first.”. */
  callHint: string;
  /** In English: “You can ask for another text, or for a call.”. */
  canCall: string;
  /** In English: “We are calling your phone number ending in … with a security code.”. */
  calledTo: (end: string) => string;
  /** In English: “The 6 numbers in the call”. */
  hintCalled: (digits: number) => string;
  /** In English: “Missed the call?”. */
  missedTitle: string;
  /** In English: “Another call or a text brings the same code.”. */
  missed: string;
  /** In English: “Your phone will ring in a moment. Press the keys that the voice asks for.”. */
  isCalled: string;
  /** In English: “We called you a moment ago. The code in that call is still good.”. */
  isCallPending: string;
  /** In English: “We could not call you. Try again in a few minutes”. */
  callFailed: string;
  /** In English: “You can request another call in …”. */
  tooManyCalls: (time: string) => string;
  /** In English: “Enter the security code”. */
  codeEmpty: string;
  /** In English: “You've not entered enough numbers, the code must be 6 numbers”. */
  codeShort: (digits: number) => string;
  /** In English: “You've entered too many numbers, the code must be 6 numbers”. */
  codeLong: (digits: number) => string;
  /** In English: “The code must be 6 numbers”. */
  codeNotNumbers: (digits: number) => string;
  /** In English: “Enter a correct security code”. */
  codeWrong: string;
  /** In English: “You have 2 tries left”. */
  triesLeft: (tries: number) => string;
  /** In English: “The security code has expired. Request a new code”. */
  codeExpired: string;
  /** In English: “Too many wrong codes were entered. Request a new code”. */
  codeSpent: string;
  /** In English: “This page had been open for too long. Try again”. */
  staleForm: string;
  /** In English: “Your browser did not say that this form came from our page. Open the page again, and send it from there”. */
  foreignForm: string;
  /** In English: “Too many wrong codes were entered. Try again in …”. */
  tooManyAttempts: (time: string) => string;
  /** In English: “You can request another text in …”. */
  tooManyRequests: (time: string) => string;
  /** In English: “The phone number in your account is not complete”. */
  invalidNumber: string;
  /** In English: “We do not text phone numbers of this country”. */
  countryNotAllowed: string;
  /** In English: “We cannot text your phone number. It may be a landline, or have opted out of texts. If you opted out, text START to the number that they came from”. */
  cannotTextNumber: string;
  /** In English: “No code can be texted from here”. */
  sendRefused: string;
  /** In English: “Security codes are switched off for your account”. */
  factorDisabled: string;
  /** In English: “The text could not be sent. Try again in a few minutes”. */
  deliveryFailed: string;
  /** In English: “We cannot send or check codes at the moment. Try again in a few minutes”. */
  unavailable: string;
  /** In English: “Add your phone number”. */
  numberTitle: string;
  /** In English: “Change your phone number”. */
  changeNumberTitle: string;
  /** In English: “We will text security codes to this number, so that Acme can make sure that it is you.”. */
  numberUse: (appName: string) => string;
  /** In English: “Phone number”. */
  numberLabel: string;
  /** In English: “With + and the country code, such as +1 202 555 0123”. */
  numberHint: string;
  /** In English: “Enter a full phone number with its country code, such as +1 202 555 0123”. */
  numberWrong: string;
  /** In English: “Use another number”. */
  otherNumber: string;
  /** Said where a form of the number page came too long after the proof of the present number. */
  proofFirst: string;
  /** Said once that proof is renewed. */
  numberAgain: string;
  /** In English: “Your phone number is changed”. */
  numberSavedTitle: string;
  /** In English: “From now on we text security codes to the number ending in 23.”. */
  numberSaved: (end: string) => string;
  /** In English: “Log out everywhere else”. */
  endSessions: string;
  /** In English: “Other ways to confirm that it is you”. */
  alternativesTitle: string;
  /** In English: “Texts can be intercepted or redirected. One of these ways may be safer.”. */
  smsRisk: string;
  /** In English: “Use a recovery code”. */
  useRecovery: string;
  /** In English: “Enter one of the recovery codes that you saved. Each works once.”. */
  recoveryHelp: string;
  /** In English: “Recovery code”. */
  recoveryLabel: string;
  /** In English: “16 letters and numbers, with or without dashes”. */
  recoveryHint: string;
  /** In English: “Enter a recovery code”. */
  recoveryEmpty: string;
  /** In English: “A recovery code has 16 letters and numbers”. */
  recoveryMalformed: string;
  /** In English: “Enter a recovery code of yours that you have not used yet”. */
  recoveryWrong: string;
  /** In English: “Get a code by text instead”. */
  useText: string;
  /** In English: “Recovery codes”. */
  recoveryTitle: string;
  /** In English: “If you lose your phone, a recovery code lets you in. Each works once.”. */
  recoveryUse: string;
  /** In English: “Unused codes: 3.”. */
  recoveryLeft: (left: number) => string;
  /** In English: “New codes replace the ones that you have.”. */
  recoveryVoids: string;
  /** In English: “Make new codes”. */
  makeRecovery: string;
  /** In English: “New codes were already made from this page, and they are not shown again. If you did not save them, make new ones”. */
  recoveryMade: string;
  /** In English: “Save your recovery codes”. */
  newRecoveryTitle: string;
  /** In English: “These codes are shown only now. Print them, or keep them in a password manager, but not on your phone alone.”. */
  recoverySave: string;
  /** In English: “Copy”. */
  copy: string;
  /** In English: “The codes are copied.”. */
  copied: string;
  /** In English: “Print”. */
  print: string;
  /** In English: “Download”. */
  download: string;
}

/** The languages that have it. */
export type PageLanguage = "en" | "es" | "fr" | "de" | "pt" | "it" | "nl" | "pl" | "ja" | "ar";
