/** The options of `twoFactor()` and `require2fa()`: their types, units, defaults and dangers. */

import type { Request, Response } from "express";
import type { Limit } from "../outcome/quota";
import type { Sender } from "../delivery/sender";
import type { WriteMessage } from "../delivery/own-words";
import type { Channel } from "../outcome/channel";
import type { Locales } from "./locale-settings";
import type { CounterStore } from "../ledger/ledger";
import type { TwoFactorError } from "../outcome/errors";
import type { EventListener } from "../outcome/events";
import type { Telemetry } from "../outcome/telemetry";
import type { BrowserStore, RecoveryStore } from "../records/records";

/** The signed-in user, as the app knows them. */
export interface User {
  /** The app's id of the user. It never changes and is never given to another. */
  id: string | number | bigint;
  /** The number on record, proved before; E.164 is best. Without one the user is refused `no_number`. */
  phone?: string | null | undefined;
  /** BCP 47 tag of the language of text and pages, such as `es-MX`. @default the browser's languages */
  locale?: string | null | undefined;
}

/** Tells who is signed in, from the app's own session or token; `null` for nobody. May be async. */
export type UserOf = (req: Request) => User | null | undefined | Promise<User | null | undefined>;

/** Tells whether a signed-in user needs a second factor. Only `false` lets them pass without one. */
export type IsRequired = (req: Request, user: User) => boolean | Promise<boolean>;

/** What a purpose wants of a proof. */
export interface Purpose {
  /**
   * Says what is to be confirmed, such as `pay 50.00 USD to Alice`: 70 characters at most. Text and page show it,
   * and code and proof hold for it alone, so it is asked where the code is requested, at the answer and at the
   * guard (what you see is what you sign; Regulation (EU) 2018/389, article 5). Take it from what the session keeps.
   * No text refuses `invalid_request`; a longer one, a throw and no answer in 5 s refuse `unavailable`. @default none
   */
  describe?: Describe | undefined;
  /** Whether the first request that passes a guard spends the proof, whatever becomes of it then. @default false */
  once?: boolean | undefined;
}

/** Says in one line what is to be confirmed just now; nothing where there is nothing. May be async. */
export type Describe = (
  req: Request,
) => string | null | undefined | Promise<string | null | undefined>;

/** How much is let through before a refusal. Each counts apart; the first that is full refuses. */
export interface LimitOptions {
  /** Submitted codes per challenge, 1 to 10. @default 5 */
  attempts?: number | undefined;
  /**
   * Wrong codes per user and window, which begins with the first; a full one refuses right codes too. Where
   * two windows meet, `2 * max - 2` can fall within one window's length. @default 10 in 900 s
   */
  failures?: Limit | undefined;
  /**
   * Wrong codes in a row that switch a user's factor off until `unlock()`, 1 to 100
   * (NIST SP 800-63B-4 3.2.2). Not counted for `user: "from-request"`, where any stranger could
   * switch a number off. @default 100
   */
  consecutiveFailures?: number | undefined;
  /** Seconds before a second text, doubling with each; 1 to 1920. @default 30 */
  cooldown?: number | undefined;
  /** Texts a day per number, answered or not: nobody's phone is an endless way to spend. @default 30 */
  perDay?: number | undefined;
  /** Texts per user that no right answer has followed. @default 5 in 600 s and 10 in 3600 s */
  user?: SendLimit | SendLimit[] | undefined;
  /**
   * The same per number, over all users and sessions. What is asked for a number that the user only names,
   * on the number page, is counted apart, and three fifths of this. @default 5 in 600 s and 10 in 3600 s
   */
  number?: SendLimit | SendLimit[] | undefined;
  /**
   * The same per IPv4 address or IPv6 /56.
   * @default 60 in 3600 s, and 15 in 3600 s for `user: "from-request"`
   */
  network?: SendLimit | SendLimit[] | undefined;
  /**
   * Calls per user and per number that no right answer has followed, beside the limits of texts, under which
   * each call counts too: it costs more, and it rings. @default 3 in 600 s
   */
  calls?: SendLimit | SendLimit[] | undefined;
  /** The same per country. @default 500 in 3600 s */
  country?: SendLimit | SendLimit[] | undefined;
  /** The same in all. @default 1000 in 3600 s */
  all?: SendLimit | SendLimit[] | undefined;
}

/** A budget of texts. A right answer gives back what its challenge's texts have cost. */
export interface SendLimit extends Limit {
  /** `record` refuses nothing and tells `onEvent` only: to try a limit out. @default "enforce" */
  mode?: "enforce" | "record" | undefined;
}

/** What `beforeSend` is told of a text or call. */
export interface Sending {
  /** E.164 number of the subscriber. */
  phone: string;
  /** ISO 3166-1 alpha-2. */
  country: string | undefined;
  /** Line type as libphonenumber tells it, such as `MOBILE`; often not known. */
  type: string | undefined;
  /** How the code is to travel. */
  channel: Channel;
  /** Empty for the plain second factor. */
  purpose: string;
  /** Whether the number has been proved here before. */
  isKnown: boolean;
}

/** Allows a text by `true`. Anything else, a throw and no answer within `sendTimeout` refuse it. */
export type BeforeSend = (req: Request, sending: Sending) => boolean | Promise<boolean>;

/** What `twoFactor()` takes. */
export interface TwoFactorOptions {
  /**
   * Key material from which codes are derived, at least 32 bytes each, from `openssl rand -base64 48`
   * or the like. An array rotates: the first makes new codes, each one checks its own.
   */
  secret: string | string[];
  /**
   * Tells who is signed in. `"from-request"` proves instead that whoever asks holds the number in the
   * request: for sign-up forms only, since at an existing account an attacker would text himself.
   */
  user: UserOf | "from-request";
  /**
   * Asked by each guard that finds no proof, to make the factor optional or to roll it out: exactly `false` lets
   * the user pass without one, also where the guard has a `purpose` or `maxAge`. Nobody signed in never passes.
   * A throw and no answer within 5 s refuse. @default everybody needs one
   */
  isRequired?: IsRequired | undefined;
  /** Sends the texts, such as `signalwire()` from `express-sms-2fa/signalwire`. */
  sender: Sender;
  /**
   * How codes may travel: with `"call"` beside `"sms"`, a user who gets no text may ask to be called, and a
   * voice says the code. The sender must serve it, as `signalwire()` does. @default ["sms"]
   */
  channels?: readonly Channel[] | undefined;
  /** The name that the text says the code is for; 1 to 160 characters, 20 or fewer are best. */
  appName: string;
  /**
   * Origin of the app, such as `https://app.acme.example`: the text's last line, which lets a phone
   * fill the code in at this host alone, and an origin that may post to the endpoints. @default none
   */
  origin?: string | undefined;
  /**
   * Words the text in place of the package; the lines of `androidAppHash` and `origin` are still added. It is
   * tried at the start in each language, with a sample code. What throws, is a promise, lacks the code or is
   * longer than 1600 characters is sent to nobody: the answer is `unavailable`. @default our words
   */
  message?: WriteMessage | undefined;
  /**
   * The 11 characters by which Google's SMS Retriever knows your Android app, in a line of their own above that
   * of `origin`. It reads no text of more than 140 bytes, which is one segment. @default none
   */
  androidAppHash?: string | undefined;
  /**
   * Refuses at the start what is warned of without it: options by which a text leaves GSM-7 or takes more
   * than one segment. @default false
   */
  strictSegments?: boolean | undefined;
  /**
   * Languages of your own for texts and pages, and other words for those that are there: `{ it: { text, pages } }`.
   * A new one needs every word, and the compiler finds the one that is missing; what is not given stays as it
   * is. Pages escape the words. `false` leaves a language out. @default none
   */
  locales?: Locales | undefined;
  /**
   * ISO 3166-1 codes of the countries that are texted, told apart inside +1: Puerto Rico is `PR`, not
   * `US`. Elsewhere a number passes for each country that may have it: `GB` takes the mobile numbers
   * of Jersey, Guernsey and Man, which share its range, and what no table knows yet passes for each
   * country of its code. @default ["US", "CA"]
   */
  countries?: string[] | undefined;
  /**
   * Country whose national way of writing numbers is understood. Such a number has to be a known one
   * there, or in a country dialled as at home: with `FR`, 06 92 is Réunion's, if `RE` is listed.
   * @default none: international only
   */
  defaultCountry?: string | undefined;
  /** Seconds for which a code is good, 1 to 600 (NIST SP 800-63B-4 3.1.3.2). @default 600 */
  codeTtl?: number | undefined;
  /** Digits of a code, 6 to 10. @default 6 */
  codeLength?: number | undefined;
  /**
   * Purposes that a proof may be asked for, beside the plain one; the text names them. An array of names, or an
   * object that says more of each: `{ transfer: { describe: (req) => req.session.pending, once: true } }`. @default []
   */
  purposes?: string[] | Record<string, Purpose> | undefined;
  /**
   * Opens both endpoints to GET, as clients of SignalWire's guide call them. The code is then in the
   * URL, and so in histories and access logs. @default false
   */
  allowGet?: boolean | undefined;
  /**
   * Further origins whose pages may call the endpoints: `https://www.example`, or that of an app's shell such as
   * `capacitor://localhost`. @default []
   */
  trustedOrigins?: string[] | undefined;
  /**
   * Where counters are kept, for more than one process: `redisCounters(client)` from
   * `express-sms-2fa/redis`, `postgresCounters(pool)` from `express-sms-2fa/postgres`, or a store of your
   * own with `step(step)`. @default the memory of this process: fit for one process alone
   */
  counters?: CounterStore | undefined;
  /**
   * Keeps apps apart that share a counter store and a secret; 1 to 100 characters. The processes of one
   * app need the same. @default `appName`
   */
  namespace?: string | undefined;
  /** Seconds that a sender gets, 1 to 60. @default 10 */
  sendTimeout?: number | undefined;
  /**
   * Texts a day, the breaker for money: at four fifths it stops numbers that were never proved before,
   * at its end all. What was sent stays counted. A proof is remembered for 400 days, with counters in
   * memory for a day. @default 10 000
   */
  maxPerDay?: number | undefined;
  /**
   * Opens `POST …/delivery-status`, where the gateway tells what became of each text, and has `status`, the
   * pages and `onEvent` tell it on. Advisory: it lets nobody in and keeps nobody out. @default none
   */
  deliveryStatus?: DeliveryStatusOptions | undefined;
  /**
   * Asked before each text that the budgets allow: a CAPTCHA, a SIM-swap look-up. Only `true` allows;
   * a throw refuses (NIST SP 800-63B-4 3.1.3.3). @default none
   */
  beforeSend?: BeforeSend | undefined;
  /**
   * Sends `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11) with each text and
   * each 429 of a budget: the tightest of the limits of user and network. @default false
   */
  rateLimitHeaders?: boolean | undefined;
  /** How much is let through before a refusal. @default those of `LimitOptions` */
  limits?: LimitOptions | undefined;
  /**
   * Path that clients reach the router at, such as `/api/2fa` or `/t/:tenant/2fa`, where Express can't tell
   * it: inside another router, or behind a proxy that takes a part off. @default what Express or Connect tell
   */
  path?: string | undefined;
  /**
   * Gives users recovery codes for the day that they lose their phone: `recoveryCodes(req)` makes ten, the pages show
   * them, and each verifies once, for the plain second factor. @default none
   */
  recovery?: RecoveryOptions | undefined;
  /**
   * Lets users have a browser remembered beside a right code: a cookie takes the place of a code then, after each
   * log-in, at guards with `remembered: true` alone. @default off
   */
  remember?: RememberOptions | undefined;
  /** Hears of each step, for logs and alarms; see `TwoFactorEvent`. @default none */
  onEvent?: EventListener | undefined;
  /**
   * Measures it, for dashboards and alerts: `openTelemetry()` from `express-sms-2fa/opentelemetry`. It names no user,
   * no number and no code. @default none
   */
  telemetry?: Telemetry | undefined;
  /**
   * Serves the code page at the mount path, and lets the guard send document navigations there. The
   * router needs a mount path of its own, such as `/2fa`. @default false
   */
  pages?: boolean | PagesOptions | undefined;
  /**
   * Serves an OpenAPI 3.1 document of the endpoints at `/openapi.json` below the mount path, to whoever
   * asks; `openapi()` gives the same for a file. @default false
   */
  openapi?: boolean | undefined;
  /**
   * Numbers that get no text and take a code of yours until a date, such as for an app store's review: by number,
   * E.164, 20 at most. Whoever knows number and code passes for its holder, so take a number that nobody has
   * and a user of its own. All limits hold, and each use is a `test_number` event. @default {}
   */
  testNumbers?: Record<string, TestNumber> | undefined;
}

/** The code of one of `testNumbers`, and its end. */
export interface TestNumber {
  /** As many digits as `codeLength`; in production no row such as 123456. */
  code: string;
  /**
   * ISO 8601, a date (its 00:00 UTC) or a time with its zone, in production at most 30 days ahead. From then on
   * the number is as any other, also for a code that was asked for before. A date that has passed throws, in
   * production it warns.
   */
  until: string;
}

/** Where recovery codes are kept. */
export interface RecoveryOptions {
  /**
   * `redisRecords(client)`, `postgresRecords(pool)`, `memoryRecords()` in development, or a store of your own. It holds
   * digests under `secret`: once that is out of the array `secret`, the codes made under it are void.
   */
  store: RecoveryStore;
}

/** How browsers are remembered. */
export interface RememberOptions {
  /** Where they are kept, as keyed digests: `memoryRecords()` for development, or a store that lasts. */
  store: BrowserStore;
  /** Seconds from the code on, whatever the use, 1 to 2 592 000. @default 2 592 000 (30 days) */
  maxAge?: number | undefined;
}

/** Where gateways tell what became of texts, and how they are known. */
export interface DeliveryStatusOptions {
  /**
   * URL at which the gateway reaches the router, such as `https://app.acme.example/2fa`: https, or http to
   * a loopback host. The callbacks' signatures are checked over it, never over what a request names.
   */
  publicUrl: string;
  /**
   * The Signing Key from the API page of your SignalWire Space, or Twilio's auth token; an array where two
   * gateways tell, or while a key is replaced. Whoever has it can make the page say of a text that it has
   * arrived, or has not, and nothing else.
   */
  signingKey: string | string[];
}

/** How the pages look, and where they lead. Paths are of this origin, such as `/log-out`. */
export interface PagesOptions {
  /** Where somebody goes after the code who has asked for no page. @default "/" */
  homePath?: string | undefined;
  /** Where a POST logs out: each page gets a button. @default none */
  logOutPath?: string | undefined;
  /** Where somebody goes who is not signed in, `?returnTo=` behind it. @default a page that says so */
  logInPath?: string | undefined;
  /** Link for people whose phone is lost: a path, https or mailto. @default plain words without a link */
  supportUrl?: string | undefined;
  /**
   * Saves a number of the signed-in user's, once a code sent to it has come back: this serves the
   * number page at `/number`, for users who have none yet or change it. A throw or 5 s without an end
   * refuse. To change one, a proof of it not older than two minutes is asked for (ASVS 7.5.1).
   * @default no number page
   */
  savePhone?: SavePhone | undefined;
  /**
   * Told of each number that was saved: write to the user on another channel (ASVS 6.3.7, NIST
   * SP 800-63B-4 4.6). What it throws is dropped. @default none
   */
  onPhoneChange?: OnPhoneChange | undefined;
  /** Where a POST ends the user's other sessions: offered after a change (ASVS 7.4.3). @default none */
  endSessionsPath?: string | undefined;
  /**
   * The app's other ways to confirm, such as a passkey or a recovery code. With them the page says that
   * texts are the weaker way (NIST SP 800-63B-4 3.2.9). @default none
   */
  alternatives?: Alternatives | undefined;
  /** What each class and custom property begins with. @default "sms2fa" */
  classPrefix?: string | undefined;
  /**
   * Puts a page into the app's own frame: gives the whole document. Put `context.head` into its head,
   * and escape what you add. @default a plain frame
   */
  layout?: PageLayout | undefined;
  /**
   * `false` where the app guards forms by itself, or a function that gives the hidden fields which the
   * app's own check wants, such as csrf-csrf's. The same-origin check stays. @default a token of ours
   */
  csrf?: false | FormFields | undefined;
}

/** Saves the number, E.164, as that of the user who is signed in. */
export type SavePhone = (req: Request, phone: string) => unknown;

/** Hears that a number was saved. */
export type OnPhoneChange = (req: Request, change: PhoneChange) => unknown;

/** A number that was saved. */
export interface PhoneChange {
  /** The user's id. */
  subject: string;
  /** E.164. */
  phone: string;
  /** The number before, E.164; nothing where there was none. */
  replaces: string | undefined;
}

/** Gives the links to other ways of confirming that this visitor may go. */
export type Alternatives = (req: Request) => readonly PageLink[];

/** A link of the app's own. */
export interface PageLink {
  /** A path of this origin, or a URL of https. */
  href: string;
  /** In the visitor's language. */
  label: string;
}

/** Draws the document around a page. */
export type PageLayout = (html: string, context: PageContext) => string | Promise<string>;

/** Gives names and values of hidden fields. */
export type FormFields = (req: Request, res: Response) => Record<string, string>;

/** What a `layout` is told of a page. */
export interface PageContext {
  /** The visit. */
  req: Request;
  /** As it is, not escaped; "Error: " in front where the page tells of a mistake. */
  title: string;
  /** BCP 47 tag of the page's language. */
  locale: string;
  /** The way that language is written. */
  dir: "ltr" | "rtl";
  /** The elements for style and script, as HTML. */
  head: string;
}

/** What `require2fa()` takes. */
export interface GuardOptions {
  /** Seconds that a proof may be old, 1 to 86 400 (NIST SP 800-63B-4 2.2.3). @default 86 400 */
  maxAge?: number | undefined;
  /** The purpose that the proof must have been given for. @default the plain second factor */
  purpose?: string | undefined;
  /**
   * Passes a remembered browser of the signed-in user too, in the place of a code. Never with `purpose` or
   * `maxAge`; needs the option `remember`. A stolen cookie and a stolen password then do: leave it out where
   * much is at stake. @default false
   */
  remembered?: boolean | undefined;
  /**
   * Answers in the guard's place. It gets no `next`: what it does can't let the request pass. What it
   * throws goes to the app's error handler. @default the pages for a document navigation, else a
   * problem answer
   */
  onRequired?: OnRequired | undefined;
}

/** Answers a request that the guard refuses; `refusal.code` tells why. */
export type OnRequired = (req: Request, res: Response, refusal: TwoFactorError) => unknown;
