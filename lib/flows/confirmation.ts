/** Verifies a session by a check of the app's own, such as a passkey, as a right code would. No HTTP. */

import type { IncomingMessage } from "node:http";
import { countOf, type GuardedLedger, type StepOutcome } from "../ledger/guarded";
import type { Entry } from "../ledger/ledger";
import type { Attempts } from "../limits/attempts";
import type { Lockout } from "../limits/lockout";
import { readPurpose } from "../options/guard-settings";
import type { Settings } from "../options/settings";
import { TwoFactorError } from "../outcome/errors";
import type { EmitEvent } from "../outcome/events";
import { refusalOf } from "../outcome/refusal";
import { tellRefused } from "../request/fail-closed";
import { factsOf, shownIfNumber } from "../request/facts";
import { networkOf } from "../request/network";
import type { Descriptions } from "../request/descriptions";
import type { Subscribers } from "../request/subscriber";
import { leaveSession, sessionOf } from "../session/session";
import { withMark } from "../session/state";
import { refuse, refuseUnknown } from "../std/option-checks";
import type { Marks } from "../verification/marks";
import { verificationOf, type Verification } from "../verification/verification";

/** What the app has checked. */
export interface Proof {
  /** Names of RFC 8176's registry: `["hwk"]` or `["pop"]` for a passkey, `["otp"]` for a TOTP. */
  amr: string[];
  /** The purpose that it was asked for. @default the plain second factor */
  purpose?: string | undefined;
}

/** What confirming works with. */
export interface ConfirmationParts {
  settings: Settings;
  ledger: GuardedLedger;
  attempts: Attempts;
  lockout: Lockout;
  subscribers: Subscribers;
  descriptions: Descriptions;
  marks: Marks;
  emit: EmitEvent;
}

const PROOF: Record<keyof Proof, true> = { amr: true, purpose: true };
// https://www.iana.org/assignments/authentication-method-reference-values
const METHODS: ReadonlySet<unknown> = new Set(
  "face fpt geo hwk iris kba mca mfa otp pin pop pwd rba retina sc sms swk tel user vbm wia".split(
    " ",
  ),
);

export class Confirmation {
  readonly #parts: ConfirmationParts;

  constructor(parts: ConfirmationParts) {
    this.#parts = parts;
  }

  /** Renews the session and marks it. Whatever hinders that is thrown, and told of as an event. */
  async confirm(req: IncomingMessage, proof: unknown): Promise<Verification> {
    const { settings, emit } = this.#parts;
    const read = readProof(proof, settings);
    // Read while it is there: the client may hang up.
    const network = networkOf(req);
    try {
      return await this.#confirm(req, read, network);
    } catch (error) {
      tellRefused(emit, req, refusalOf(error), error);
      throw error;
    }
  }

  async #confirm(
    req: IncomingMessage,
    { amr, purpose }: { amr: string[]; purpose: string },
    network: string,
  ): Promise<Verification> {
    const { subscribers, descriptions, marks, ledger, emit } = this.#parts;
    const session = sessionOf(req);
    const found = await subscribers.toPass(req, [], purpose);
    if (!found.ok)
      throw new TwoFactorError(found.code, "Nobody is signed in, so nobody is confirmed.");
    const { passer } = found;
    const description = await descriptions.of(req, purpose);
    // The app's check may have taken long: a session that has ended meanwhile must not come back. One that the
    // client has no cookie of yet is in no store.
    if (session.isBegun && !(await session.refresh())) throw endedIn(req);
    const state = session.read();
    const [id] = marks.proofIds(session.id);
    const left = [...marks.note(id, purpose), ...marks.endAll(state.marks)];
    const outcome = await this.#claim(req, passer.subject, { id, left });
    const shown = shownIfNumber(passer.subject, passer.phone);
    const { subject, number } = passer;
    const proved = { subject, phone: number, description, shown };
    const mark = marks.makeOther(proved, { id, purpose, amr });
    try {
      await session.renew(withMark(state, mark));
    } catch (error) {
      // Nobody was let in, so the next try may be.
      ledger.undo(outcome);
      throw error;
    }
    const facts = factsOf(passer, { purpose, description, network });
    emit({ type: "confirmed", amr: [...amr], ...facts });
    emit({ type: "session_renewed", ...facts });
    return verificationOf(mark);
  }

  /** One proof for each id of a session, none after its log-out, and none against the word of support. */
  async #claim(
    req: IncomingMessage,
    subject: string,
    { id, left }: { id: string; left: Entry[] },
  ): Promise<StepOutcome> {
    const { ledger, attempts, lockout } = this.#parts;
    const off = lockout.checkOff(subject);
    const entries = [attempts.claim(id), attempts.checkKept(id), ...off, ...left];
    const outcome = await ledger.step({ entries });
    if (outcome.status === "ok") return outcome;
    if (off.some((entry) => countOf(outcome, entry).isFull)) {
      throw new TwoFactorError(
        "factor_disabled",
        "The second factor is switched off for this user.",
      );
    }
    throw endedIn(req);
  }
}

// The answer must not set the old id's cookie again.
function endedIn(req: IncomingMessage): TwoFactorError {
  leaveSession(req);
  const message = "The session has ended, or another request has renewed it.";
  return new TwoFactorError("unavailable", message, { reason: "session_ended" });
}

function readProof(
  proof: unknown,
  { user, purposes }: Settings,
): { amr: string[]; purpose: string } {
  if (user === "from-request") {
    throw new TypeError('`confirm()` needs users: with `user: "from-request"` there are none.');
  }
  refuseUnknown("confirm()", proof, PROOF);
  const { amr, purpose }: Partial<Record<keyof Proof, unknown>> = proof;
  if (!Array.isArray(amr) || amr.length === 0 || new Set(amr).size < amr.length) {
    return refuse("amr", 'to be an array of method names of RFC 8176, such as ["hwk"]', amr);
  }
  const odd = (amr as unknown[]).findIndex((name) => !METHODS.has(name));
  if (odd >= 0) refuse("amr", 'to hold method names of RFC 8176 alone, such as "hwk"', amr[odd]);
  return { amr: [...(amr as string[])], purpose: readPurpose(purpose, purposes) };
}
