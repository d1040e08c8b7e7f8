/** Finds the subscriber of a request: the signed-in user, or whoever the number in it belongs to. */

import type { Request } from "express";
import type { IncomingMessage } from "node:http";
import { isCurrent } from "../challenge/challenge";
import type { ReadRequest } from "./fields";
import type { Channel } from "../outcome/channel";
import { DeadlinePassed } from "../std/deadline";
import { TwoFactorError } from "../outcome/errors";
import { loadNumbers } from "../phone/tables";
import type { EmitEvent } from "../outcome/events";
import type { User } from "../options/options";
import {
  isAllowedCountry,
  isTextable,
  readPhone,
  type Phone,
  type PhoneReading,
} from "../phone/phone";
import { LruCache } from "../std/lru-cache";
import { refusal, type Refusal } from "../outcome/refusal";
import type { Mark, SessionState } from "../session/state";
import type { Settings } from "../options/settings";
import { chain, type MaybePromise } from "../std/maybe-promise";
import { askApp } from "./ask-app";
import { noteAsker } from "./asker";
import { factsOfUser } from "./facts";
import { readSubject } from "./subject";

/** Somebody whose number is to be proved, the number read and allowed. */
export interface Subscriber {
  subject: string;
  phone: Phone;
  /** BCP 47 tag. */
  locale: string | undefined;
}

/** What a typed number reads as: E.164, or a refusal. */
export type ReadPhone =
  | {
      /** A text can be asked for. */
      ok: true;
      /** E.164. */
      phone: string;
    }
  | Refusal;

/** The subscriber, or why there is none. */
export type Found = { ok: true; subscriber: Subscriber } | Refusal;

/** Who is to pass a guard: a signed-in user, with a number or without, or whose number the session's mark tells. */
export interface Passer {
  subject: string;
  /** What marks are bound to: E.164, as it stands on record where it can't be read, empty where there is none. */
  number: string;
  phone: Phone | undefined;
  /** BCP 47 tag. */
  locale: string | undefined;
  /** As the app knows them; absent where there are no users. */
  user: User | undefined;
}

/** A signed-in user who has no number on record yet, or wants another one there. */
export interface Enrollee {
  subject: string;
  /** The number on record. */
  present: Phone | undefined;
  locale: string | undefined;
}

/** A signed-in user whose number has not been read yet. */
interface SignedIn {
  user: User;
  subject: string;
  phone: string | undefined;
  locale: string | undefined;
}

export class Subscribers {
  readonly #settings: Settings;
  readonly #emit: EmitEvent;
  readonly #readings = new LruCache<PhoneReading>();

  constructor(settings: Settings, emit: EmitEvent) {
    this.#settings = settings;
    this.#emit = emit;
    loadNumbers();
  }

  /** Whoever a text is to be sent to; `number` is what the request names, if it names one. */
  async toText(
    req: IncomingMessage,
    asked: Pick<ReadRequest, "number" | "locale" | "channel">,
  ): Promise<Found> {
    const found = await this.#toText(req, asked);
    if (!found.ok) return found;
    return this.#unserved(found.subscriber.phone) ?? found;
  }

  /** Who is to answer: the user, or whose number the session waits for. */
  async toAnswer(
    req: IncomingMessage,
    { challenges, marks }: SessionState,
    number?: string,
  ): Promise<Found> {
    const now = Date.now();
    const current = challenges.filter((challenge) => isCurrent(challenge, now));
    // Each of them may be for another number: the one that is named is meant.
    const named = number === undefined ? undefined : this.#read(number);
    const e164 = named?.ok === true ? named.phone.e164 : undefined;
    const asked = (current.findLast(({ phone }) => phone === e164) ?? current.at(-1))?.phone;
    return this.#inSession(req, asked ?? marks.at(-1)?.phone ?? challenges.at(-1)?.phone);
  }

  /** Who is to pass a guard. A user without a number may have been verified another way, or need no factor. */
  toPass(
    req: IncomingMessage,
    marks: readonly Mark[],
    purpose: string,
  ): MaybePromise<{ ok: true; passer: Passer } | Refusal> {
    if (this.#settings.user === "from-request") {
      const found = this.#numbered(marks.find((mark) => mark.purpose === purpose)?.phone);
      if (!found.ok) return found;
      const { subject, phone, locale } = found.subscriber;
      return { ok: true, passer: { subject, number: phone.e164, phone, locale, user: undefined } };
    }
    return chain(this.#signedIn(req), (signedIn) => {
      if (signedIn === undefined) return refusal("not_signed_in");
      const { subject, phone: raw = "", locale, user } = signedIn;
      const own = raw === "" ? undefined : this.#read(raw);
      const phone = own?.ok === true ? own.phone : undefined;
      return { ok: true, passer: { subject, number: phone?.e164 ?? raw, phone, locale, user } };
    });
  }

  /** Whose number may be put on record. One there that can't be read could not be proved either. */
  async toEnrol(req: IncomingMessage): Promise<{ ok: true; enrollee: Enrollee } | Refusal> {
    const user = await this.#signedIn(req);
    if (user === undefined) return refusal("not_signed_in");
    const { subject, phone, locale } = user;
    if (phone === undefined) return { ok: true, enrollee: { subject, present: undefined, locale } };
    const own = this.#readOwn(phone);
    if (!own.ok) return refusal("invalid_number");
    return { ok: true, enrollee: { subject, present: own.phone, locale } };
  }

  /** A number that was typed, if it can be texted. */
  readTextable(number: string): { ok: true; phone: Phone } | Refusal {
    const reading = this.#read(number);
    if (!reading.ok) return refusal("invalid_number");
    return this.#unserved(reading.phone) ?? reading;
  }

  /** What the app is told of a typed number. A field of a form may be missing, or be there twice. */
  readTyped(number: unknown): ReadPhone {
    if (typeof number !== "string") return refusal("invalid_number");
    const read = this.readTextable(number);
    return read.ok ? { ok: true, phone: read.phone.e164 } : read;
  }

  /** Whether a number that was submitted is the subscriber's; `undefined` if it is none at all. */
  isSame(number: string | undefined, phone: Phone): boolean | undefined {
    if (number === undefined) return true;
    const reading = this.#read(number);
    return reading.ok ? reading.phone.e164 === phone.e164 : undefined;
  }

  /** The language of a text or call that this request has sent: that of the tags first, then the browser's. */
  localeFor(
    { headers }: IncomingMessage,
    channel: Channel,
    tags: readonly (string | undefined)[],
  ): string {
    const { texts, calls } = this.#settings;
    const languages = channel === "call" ? calls : texts;
    return languages.choose({ tags, acceptLanguage: headers["accept-language"] });
  }

  /** Why a number gets no texts, if it gets none. */
  #unserved(phone: Phone): Refusal | undefined {
    if (!isAllowedCountry(phone, this.#settings.countries)) return refusal("country_not_allowed");
    return isTextable(phone) ? undefined : refusal("cannot_text_number");
  }

  async #toText(
    req: IncomingMessage,
    { number, locale, channel }: Pick<ReadRequest, "number" | "locale" | "channel">,
  ): Promise<Found> {
    if (this.#settings.user === "from-request") {
      // That there is one was checked with the other fields.
      const reading = this.#read(number ?? "");
      if (!reading.ok) return refusal("invalid_number");
      return {
        ok: true,
        subscriber: subscriberWith(reading.phone, this.localeFor(req, channel, [locale])),
      };
    }
    const user = await this.#signedIn(req);
    if (user === undefined) return refusal("not_signed_in");
    if (user.phone === undefined) return refusal("no_number");
    const own = this.#readOwn(user.phone);
    if (!own.ok) return refusal("invalid_number");
    const isOwn = this.isSame(number, own.phone);
    if (isOwn === undefined) return refusal("invalid_number");
    if (!isOwn) return refusal("number_mismatch");
    return {
      ok: true,
      subscriber: {
        subject: user.subject,
        phone: own.phone,
        locale: this.localeFor(req, channel, [locale, user.locale]),
      },
    };
  }

  /** The user with their number; where there are no users, `number`, which the session has told. */
  #inSession(req: IncomingMessage, number: string | undefined): MaybePromise<Found> {
    if (this.#settings.user === "from-request") return this.#numbered(number);
    return chain(this.#signedIn(req), (user) => {
      if (user === undefined) return refusal("not_signed_in");
      const { subject, phone, locale } = user;
      const own = phone === undefined ? undefined : this.#readOwn(phone);
      return own?.ok === true
        ? { ok: true, subscriber: { subject, phone: own.phone, locale } }
        : refusal("no_number");
    });
  }

  /** Whoever holds a number that the session has told, where there are no users. */
  #numbered(number: string | undefined): Found {
    const own = number === undefined ? undefined : this.#read(number);
    return own?.ok === true
      ? { ok: true, subscriber: subscriberWith(own.phone, undefined) }
      : refusal("no_challenge");
  }

  #signedIn(req: IncomingMessage): MaybePromise<SignedIn | undefined> {
    const { user: userOf } = this.#settings;
    if (userOf === "from-request") return undefined;
    return askApp(
      () => userOf(req as Request),
      (user) => this.#noted(req, user),
      refuseFault,
    );
  }

  #noted(req: IncomingMessage, user: User | null | undefined): SignedIn | undefined {
    const signedIn = signedInAs(user);
    const factsOf = ({ subject, phone }: SignedIn) => {
      const own = phone === undefined ? undefined : this.#read(phone);
      return factsOfUser({ subject, phone }, own?.ok === true ? own.phone : undefined);
    };
    noteAsker(req, signedIn && (() => factsOf(signedIn)));
    return signedIn;
  }

  /** The number on record. Nobody but the app can mend one that can't be read. */
  #readOwn(number: string): PhoneReading {
    const reading = this.#read(number);
    if (!reading.ok) this.#emit(undefined, UNREADABLE);
    return reading;
  }

  // A guard reads the same few numbers again and again, and reading one is its dearest step.
  #read(number: string): PhoneReading {
    return this.#readings.get(number, () => readPhone(number, this.#settings.defaultCountry));
  }
}

const UNREADABLE = new TwoFactorError(
  "invalid_number",
  "A `phone` that `user` gave can't be read, so its user gets no text. Keep numbers as E.164, such as " +
    "+12025550123, or set `defaultCountry` to the country whose national numbers they are.",
  { reason: "phone_unreadable" },
);

function refuseFault(error: unknown): never {
  if (error instanceof DeadlinePassed) {
    throw userFault(
      "user_timeout",
      "`user` did not answer within five seconds, so nobody gets in.",
    );
  }
  throw userFault("user_threw", "`user` threw, so nobody gets in: mend it.", error);
}

function userFault(reason: string, message: string, cause?: unknown): TwoFactorError {
  return new TwoFactorError("unavailable", message, { reason, cause });
}

function signedInAs(user: User | null | undefined): SignedIn | undefined {
  if (user === null || user === undefined) return undefined;
  return {
    user,
    subject: subjectOf(user),
    phone: phoneOf(user),
    locale: typeof user.locale === "string" ? user.locale : undefined,
  };
}

function subscriberWith(phone: Phone, locale: string | undefined): Subscriber {
  return { subject: phone.e164, phone, locale };
}

function subjectOf({ id }: User): string {
  const subject = readSubject(id);
  if (subject !== undefined) return subject;
  throw userFault(
    "user_id",
    "Expected `user` to give an `id` that is a string or a number, such as `String(user._id)`.",
  );
}

// A number that stands there in another shape is no missing one: else the number page would replace it
// without a proof of it.
function phoneOf({ phone }: User): string | undefined {
  if (phone === undefined || phone === null || phone === "") return undefined;
  if (typeof phone === "string") return phone;
  throw userFault(
    "user_phone",
    "Expected `user` to give a `phone` that is a string, such as `String(user.phone)`.",
  );
}
