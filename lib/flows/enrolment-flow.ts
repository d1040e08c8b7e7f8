/** Puts a number on record: proof of the present one, a code to the new one, saved once that is proved. */

import type { Request } from "express";
import type { IncomingMessage } from "node:http";
import { approvalBy } from "./admission";
import { ENROLMENT } from "../challenge/challenge";
import { failClosed, failClosedAs, tellRefused } from "../request/fail-closed";
import { within } from "../std/deadline";
import { TwoFactorError } from "../outcome/errors";
import type { Channel } from "../outcome/channel";
import type { EmitEvent } from "../outcome/events";
import type { Issued, Issuer, OpenChallenge } from "./issuer";
import { networkOf } from "../request/network";
import type { OnPhoneChange, SavePhone } from "../options/options";
import { maskPhone, type Phone } from "../phone/phone";
import { refusal, type Refusal } from "../outcome/refusal";
import { sessionOf } from "../session/session";
import type { SessionState } from "../session/state";
import type { Settings } from "../options/settings";
import type { Browsers } from "../remembered/browsers";
import type { RecoveryCodes } from "../recovery/recovery-codes";
import type { Marks } from "../verification/marks";
import { factsOf } from "../request/facts";
import type { Enrollee, Subscriber, Subscribers } from "../request/subscriber";
import type { Answered, Verifier } from "./verifier";

/** How the signed-in user stands to a number on record. */
export type EnrolmentSurvey =
  | {
      ok: true;
      subject: string;
      /** The masked number on record; empty where there is none. */
      to: string;
      /** Whether there is a number, which the new one would replace. */
      isChange: boolean;
      /** Whether what the user has, a number or recovery codes, has been proved lately enough. */
      isPermitted: boolean;
      /** The challenge to the new number that waits for an answer. */
      challenge: OpenChallenge | undefined;
      /** BCP 47 tag, as the user has it. */
      locale: string | undefined;
    }
  | Refusal;

/** What enrolment works with. */
export interface EnrolmentFlowParts {
  settings: Settings;
  savePhone: SavePhone;
  onPhoneChange: OnPhoneChange | undefined;
  subscribers: Subscribers;
  marks: Marks;
  /** Absent where no browsers are remembered. */
  browsers: Browsers | undefined;
  /** Absent where the app has no recovery codes. */
  recoveryCodes: RecoveryCodes | undefined;
  issuer: Issuer;
  verifier: Verifier;
  emit: EmitEvent;
}

/** Seconds that the proof of the present number may be old when a new one is named. */
export const PROOF_AGE = 120;
const SAVE_DEADLINE_MS = 5000;

type Permitted = { ok: true; enrollee: Enrollee } | Refusal;

export class EnrolmentFlow {
  readonly #parts: EnrolmentFlowParts;

  constructor(parts: EnrolmentFlowParts) {
    this.#parts = parts;
  }

  /** Where the user stands. Sends nothing. */
  async survey(req: IncomingMessage): Promise<EnrolmentSurvey> {
    return failClosed(this.#parts.emit, req, async () => {
      const { subscribers, issuer } = this.#parts;
      const found = await subscribers.toEnrol(req);
      if (!found.ok) return found;
      const { enrollee } = found;
      const session = sessionOf(req);
      const state = session.read();
      const candidate = this.#candidate(enrollee, state);
      const [isNew, isUnderWay, challenge] = await Promise.all([
        this.#isPermitted(enrollee, state, PROOF_AGE),
        candidate !== undefined && this.#isPermitted(enrollee, state, this.#answerAge),
        candidate && issuer.open(session, candidate, descriptionOf),
      ]);
      return {
        ok: true,
        subject: enrollee.subject,
        to: enrollee.present === undefined ? "" : maskPhone(enrollee.present.e164),
        isChange: enrollee.present !== undefined,
        isPermitted: isNew || (isUnderWay && challenge !== undefined),
        challenge: isUnderWay ? challenge : undefined,
        locale: enrollee.locale,
      };
    });
  }

  /** Texts a code to a number that was typed, which replaces the one on record once it is proved. */
  async propose(req: IncomingMessage, number: string): Promise<Issued> {
    return failClosedAs("request-auth", this.#parts, req, async () => {
      const permitted = await this.#permit(req, PROOF_AGE);
      if (!permitted.ok) return permitted;
      const { subject, locale } = permitted.enrollee;
      const read = this.#parts.subscribers.readTextable(number);
      if (!read.ok) return tellRefused(this.#parts.emit, req, read);
      return this.#send(req, { subject, phone: read.phone, locale }, "sms");
    });
  }

  /** Sends the code to the new number again. */
  async resend(req: IncomingMessage, channel: Channel): Promise<Issued> {
    return failClosedAs("request-auth", this.#parts, req, async () => {
      if (!this.#parts.settings.channels.has(channel)) {
        return tellRefused(this.#parts.emit, req, refusal("invalid_request"));
      }
      const permitted = await this.#permit(req, this.#answerAge);
      if (!permitted.ok) return permitted;
      const candidate = this.#candidate(permitted.enrollee, sessionOf(req).read());
      if (candidate === undefined)
        return tellRefused(this.#parts.emit, req, refusal("no_challenge"));
      return this.#send(req, candidate, channel);
    });
  }

  /** Checks the code from the new number; the right one saves the number and verifies the session. */
  async answer(req: IncomingMessage, code: string): Promise<Answered> {
    return failClosedAs("validate-auth", this.#parts, req, async () => {
      const permitted = await this.#permit(req, this.#answerAge);
      if (!permitted.ok) return permitted;
      const session = sessionOf(req);
      const { enrollee } = permitted;
      const subscriber = this.#candidate(enrollee, session.read());
      if (subscriber === undefined)
        return tellRefused(this.#parts.emit, req, refusal("no_challenge"));
      const network = networkOf(req);
      const accept = () => this.#save(req, enrollee, subscriber);
      const answer = { session, subscriber, network, code, isNumberRight: true };
      return this.#parts.verifier.answer({ ...answer, descriptionOf, accept });
    });
  }

  // A code that was asked for in time may be answered for as long as it is good.
  get #answerAge(): number {
    return PROOF_AGE + this.#parts.settings.codeTtl;
  }

  async #permit(req: IncomingMessage, maxAge: number): Promise<Permitted> {
    // Read while it is there: the client may hang up.
    networkOf(req);
    const found = await this.#parts.subscribers.toEnrol(req);
    if (!found.ok) return tellRefused(this.#parts.emit, req, found);
    return (await this.#isPermitted(found.enrollee, sessionOf(req).read(), maxAge))
      ? found
      : tellRefused(this.#parts.emit, req, refusal("two_factor_required"));
  }

  // Where a number is on record, also one that was put there meanwhile, it has to be proved first; and where there
  // are recovery codes, one of them or another factor: a stolen password must not make itself a factor beside them.
  async #isPermitted(
    { subject, present }: Enrollee,
    state: SessionState,
    maxAge: number,
  ): Promise<boolean> {
    if (present === undefined && !(await this.#hasCodes(subject))) return true;
    const { marks } = state;
    const plain = { purpose: "", description: "" };
    const demand = { marks, subject, phone: present?.e164 ?? "", ...plain, maxAge };
    return (await this.#parts.marks.find(demand)) !== undefined;
  }

  async #hasCodes(subject: string): Promise<boolean> {
    const { recoveryCodes } = this.#parts;
    return recoveryCodes !== undefined && (await recoveryCodes.left(subject)) > 0;
  }

  /** The user with the number that the session's challenge is about. */
  #candidate({ subject, locale }: Enrollee, { challenges }: SessionState): Subscriber | undefined {
    // Another user may have logged in within the session since.
    const challenge = challenges.findLast(
      (each) => isEnrolment(each.purpose) && each.subject === subject,
    );
    if (challenge?.phone === undefined) return undefined;
    const read = this.#parts.subscribers.readTextable(challenge.phone);
    return read.ok ? { subject, phone: read.phone, locale } : undefined;
  }

  async #send(req: IncomingMessage, candidate: Subscriber, channel: Channel): Promise<Issued> {
    const { settings, subscribers, issuer, emit } = this.#parts;
    const locale = subscribers.localeFor(req, channel, [candidate.locale]);
    const subscriber = { ...candidate, locale };
    const network = networkOf(req);
    const asked = { subscriber, channel, purpose: ENROLMENT };
    const approve = approvalBy(req, { settings, emit, ...asked });
    const session = sessionOf(req);
    const plain = { description: "", isFresh: true };
    return issuer.issue({ ...asked, ...plain, session, network, approve });
  }

  async #save(
    req: IncomingMessage,
    { present }: Enrollee,
    { subject, phone }: Subscriber,
  ): Promise<void> {
    const { savePhone } = this.#parts;
    const save = async (): Promise<void> => {
      await savePhone(req as Request, phone.e164);
      // Told also where it came too late for the answer: the number is another one now.
      this.#tell(req, { subject, phone, present });
    };
    try {
      await within(save(), SAVE_DEADLINE_MS);
    } catch (error) {
      if (error instanceof TwoFactorError) throw error;
      const sentence = "`pages.savePhone` threw, or took longer than five seconds: mend it.";
      throw new TwoFactorError("unavailable", sentence, { reason: "save_phone", cause: error });
    }
  }

  #tell(
    req: IncomingMessage,
    { subject, phone, present }: { subject: string; phone: Phone; present: Phone | undefined },
  ): void {
    const { onPhoneChange, browsers, emit } = this.#parts;
    // The number voids them already; this takes them off the user's list.
    browsers?.forget(subject).catch(() => undefined);
    const network = networkOf(req);
    emit({ type: "phone_changed", ...factsOf({ subject, phone }, { network }) });
    if (onPhoneChange === undefined) return;
    const change = { subject, phone: phone.e164, replaces: present?.e164 };
    Promise.resolve()
      .then(() => onPhoneChange(req as Request, change))
      .catch((cause: unknown) => {
        const sentence = "`pages.onPhoneChange` threw: the number is saved, and nobody was told.";
        emit(
          undefined,
          new TwoFactorError("unavailable", sentence, { reason: "on_phone_change", cause }),
        );
      });
  }
}

/** For the code to a new number alone. */
function descriptionOf(purpose: string): string | undefined {
  return isEnrolment(purpose) ? "" : undefined;
}

function isEnrolment(purpose: string): boolean {
  return purpose === ENROLMENT;
}
