/** The two endpoints and the status without HTTP: from a request and its fields to a value. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { approvalBy } from "./admission";
import { testCodeOf } from "../challenge/test-codes";
import { failClosed, failClosedAs, tellRefused } from "../request/fail-closed";
import type { EmitEvent } from "../outcome/events";
import { readAnswerFields, readRequestFields, type FieldSchemas } from "../request/fields";
import { LONGEST_MARK } from "../options/guard-settings";
import type { Issued, Issuer, OpenChallenge } from "./issuer";
import { isGone } from "../request/client-presence";
import { networkOf } from "../request/network";
import { maskPhone } from "../phone/phone";
import { refusal, type Refusal } from "../outcome/refusal";
import { sessionOf } from "../session/session";
import type { Mark, SessionState } from "../session/state";
import type { Settings } from "../options/settings";
import type { Browsers } from "../remembered/browsers";
import type { Demand, Marks } from "../verification/marks";
import type { Descriptions } from "../request/descriptions";
import { isRequiredOf } from "../request/requirement";
import type { Passer, Subscribers } from "../request/subscriber";
import type { RecoveryFlow } from "./recovery-flow";
import type { Answered, Verifier } from "./verifier";

/** What a page needs after a reload. */
export type Status =
  | {
      /** No refusal. */
      ok: true;
      /** Whether the session is verified for the plain second factor. */
      verified: boolean;
      /**
       * Whether the browser is one that the user has had remembered, with which guards with `remembered` let pass;
       * told with the option `remember`.
       */
      remembered?: boolean;
      /** The challenge that waits for an answer, whatever its purpose. */
      challenge: OpenChallenge | null;
      /** Whether the user needs a second factor at all; absent without the option `isRequired`. */
      isRequired?: boolean;
    }
  | Refusal;

/** How a session stands to what is asked of it. */
export type Survey =
  | {
      ok: true;
      /** Whether it is verified so, and so recently. */
      isMet: boolean;
      /** The challenge for this purpose that waits for an answer. */
      challenge: OpenChallenge | undefined;
      /** Why no text can be asked for, where no challenge waits. */
      hindrance: Refusal | undefined;
      /** The masked number. */
      to: string;
      /** What is to be confirmed; empty where the purpose does not describe it. */
      description: string;
      /** BCP 47 tag, as the user has it. */
      locale: string | undefined;
    }
  | Refusal;

/** What the endpoints work with. */
export interface CodeFlowParts {
  settings: Settings;
  schemas: FieldSchemas;
  subscribers: Subscribers;
  descriptions: Descriptions;
  marks: Marks;
  /** Absent where the app has no recovery codes. */
  recovery: RecoveryFlow | undefined;
  /** Absent where no browsers are remembered. */
  browsers: Browsers | undefined;
  issuer: Issuer;
  verifier: Verifier;
  emit: EmitEvent;
}

export class CodeFlow {
  readonly #parts: CodeFlowParts;

  constructor(parts: CodeFlowParts) {
    this.#parts = parts;
  }

  /** `request-auth`. `isForm`: a second press on a form's button hangs up the first, whose text is wanted. */
  async request(req: IncomingMessage, fields: object, { isForm = false } = {}): Promise<Issued> {
    return failClosedAs("request-auth", this.#parts, req, async () => {
      const { settings, schemas, subscribers, descriptions, issuer, emit } = this.#parts;
      const network = networkOf(req);
      const read = readRequestFields(fields, schemas.request);
      if (!read.ok) return tellRefused(emit, req, read);
      const session = sessionOf(req);
      emit(undefined, session.lossOf());
      const found = await subscribers.toText(req, read.fields);
      if (!found.ok) return tellRefused(emit, req, found);
      const { subscriber } = found;
      const { channel, purpose, isFresh } = read.fields;
      const approve = approvalBy(req, { settings, emit, subscriber, purpose, channel });
      const description = await descriptions.of(req, purpose);
      const asked = { channel, purpose, description, isFresh };
      const ask = { session, subscriber, network, ...asked, approve };
      return issuer.issue(isForm ? ask : { ...ask, isGone: () => isGone(req) });
    });
  }

  /** `validate-auth`. Without `res`, which takes the cookie, no browser is remembered. */
  async validate(req: IncomingMessage, fields: object, res?: ServerResponse): Promise<Answered> {
    return failClosedAs("validate-auth", this.#parts, req, async () => {
      const { settings, schemas, subscribers, descriptions, verifier, browsers } = this.#parts;
      const { recovery, emit } = this.#parts;
      const network = networkOf(req);
      const read = readAnswerFields(fields, schemas.answer);
      if (!read.ok) return tellRefused(emit, req, read);
      const { recoveryCode } = read.fields;
      if (recovery !== undefined && recoveryCode !== undefined) {
        const answered = await recovery.answer(req, recoveryCode);
        // It stands for a phone that is not there: no browser is to take its place on the strength of it.
        return answered.ok && read.fields.isToRemember
          ? { ...answered, remembered: false }
          : answered;
      }
      const session = sessionOf(req);
      const found = await subscribers.toAnswer(req, session.read(), read.fields.number);
      if (!found.ok) return tellRefused(emit, req, found);
      const { subscriber } = found;
      const { code, number, isToRemember } = read.fields;
      const isNumberRight = subscribers.isSame(number, subscriber.phone);
      if (isNumberRight === undefined) return tellRefused(emit, req, refusal("invalid_number"));
      const descriptionOf = await descriptions.ofAll(req, purposesIn(session.read()));
      const answer = { session, subscriber, descriptionOf, network, code, isNumberRight };
      if (!isToRemember) return verifier.answer(answer);
      // A cookie would outlive the date of a test number.
      const isTest = testCodeOf(settings.testCodes, subscriber.phone.e164) !== undefined;
      const remember = async () =>
        !isTest && res !== undefined && !!(await browsers?.remember(req, res, subscriber));
      return verifier.answer({ ...answer, remember });
    });
  }

  /** `status`. */
  async status(req: IncomingMessage): Promise<Status> {
    return failClosed(this.#parts.emit, req, async () => {
      const { settings, subscribers, descriptions, marks, browsers, issuer } = this.#parts;
      const session = sessionOf(req);
      const state = session.read();
      const [proved, asked] = await Promise.all([
        subscribers.toPass(req, state.marks, ""),
        subscribers.toAnswer(req, state),
      ]);
      const passer = proved.ok ? proved.passer : undefined;
      const descriptionOf = await descriptions.ofAll(req, purposesIn(state));
      const [mark, isKnown, challenge, isRequired] = await Promise.all([
        passer && marks.find(demandOf(passer, state.marks)),
        passer && browsers?.isKnown(req, passer),
        asked.ok ? issuer.open(session, asked.subscriber, descriptionOf) : undefined,
        passer ? isRequiredOf(settings, req, passer.user) : true,
      ]);
      const remembered = browsers && { remembered: isKnown === true };
      return {
        ok: true,
        verified: mark !== undefined,
        ...remembered,
        challenge: challenge ?? null,
        ...(settings.isRequired !== undefined && { isRequired }),
      };
    });
  }

  /** How the session stands to a purpose and an age, for a page. Sends nothing. */
  async survey(
    req: IncomingMessage,
    { purpose, maxAge }: { purpose: string; maxAge: number },
  ): Promise<Survey> {
    return failClosed(this.#parts.emit, req, async () => {
      const { subscribers, descriptions, marks, issuer } = this.#parts;
      const session = sessionOf(req);
      const state = session.read();
      const found = await subscribers.toPass(req, state.marks, purpose);
      if (!found.ok) return found;
      const { passer } = found;
      const { subject, phone, locale } = passer;
      const subscriber = phone && { subject, phone, locale };
      const description = await descriptions.of(req, purpose);
      const descriptionOf = (asked: string) => (asked === purpose ? description : undefined);
      const [mark, challenge] = await Promise.all([
        marks.find({ ...demandOf(passer, state.marks), purpose, description, maxAge }),
        subscriber && issuer.open(session, subscriber, descriptionOf),
      ]);
      const isMet = mark !== undefined;
      if (!isMet && subscriber === undefined) return refusal("no_number");
      const hindrance =
        isMet || challenge !== undefined || subscriber === undefined
          ? undefined
          : await issuer.hindrance(session, subscriber, purpose);
      const to = phone === undefined ? "" : maskPhone(phone.e164);
      return { ok: true, isMet, challenge, hindrance, to, description, locale };
    });
  }
}

function demandOf({ subject, number }: Passer, marks: readonly Mark[]): Demand {
  return { marks, subject, phone: number, purpose: "", description: "", maxAge: LONGEST_MARK };
}

/** What codes of this session are for, that wait or may be answered alike. */
function purposesIn({ challenges, marks }: SessionState): string[] {
  return [...challenges, ...marks].map(({ purpose }) => purpose);
}
