/** Takes in what gateways tell of texts. Advisory alone: nothing that lets somebody in reads any of it. */

import type { IncomingMessage } from "node:http";
import { readCallback } from "../delivery/callback";
import { isSignedBy, type Parameters } from "../delivery/callback-signature";
import type { GuardedLedger } from "../ledger/guarded";
import type { Deliveries } from "../limits/deliveries";
import type { DeliverySettings } from "../options/delivery-settings";
import { TwoFactorError } from "../outcome/errors";
import type { EmitEvent } from "../outcome/events";
import { refusal, type Refusal } from "../outcome/refusal";
import { maskPhone, readPhone } from "../phone/phone";
import { failClosed, tellRefused } from "../request/fail-closed";
import { networkOf } from "../request/network";

/** What a gateway has posted. */
export interface Callback {
  /** Which text its URL names; absent where it names none. */
  reference: string | undefined;
  parameters: Parameters;
  signature: string;
}

/** What callbacks are taken in with. */
export interface DeliveryFlowParts {
  settings: DeliverySettings;
  deliveries: Deliveries;
  ledger: GuardedLedger;
  emit: EmitEvent;
}

export class DeliveryFlow {
  readonly #parts: DeliveryFlowParts;

  constructor(parts: DeliveryFlowParts) {
    this.#parts = parts;
  }

  /** Takes in one callback. One that tells nothing of a text of ours is good, and changes nothing. */
  report(
    req: IncomingMessage,
    { reference, parameters, signature }: Callback,
  ): Promise<{ ok: true } | Refusal> {
    const { settings, deliveries, ledger, emit } = this.#parts;
    return failClosed(emit, req, async () => {
      const text = deliveries.open(reference);
      const url = deliveries.urlFor(reference);
      if (!isSignedBy(settings.signingKeys, url, parameters, signature)) {
        // Nobody but our gateway was given such an address: its key or its URL is another one.
        const fault = text === undefined ? undefined : wrongSignature();
        return tellRefused(emit, req, refusal("bad_signature"), fault);
      }
      const report = readCallback(parameters);
      if (text === undefined || report === undefined) return { ok: true };
      const raise = deliveries.raise(text, report);
      const outcome = await ledger.step({ entries: [raise] });
      if (deliveries.isNews(outcome, raise)) {
        const { state, reason, to } = report;
        const why = reason !== undefined && { reason };
        emit({ type: "delivery", state, ...why, ...numberIn(to), ip: networkOf(req) });
      }
      return { ok: true };
    });
  }
}

function wrongSignature(): TwoFactorError {
  const sentence =
    "A callback about a text of ours is refused, for its signature is wrong: see that `deliveryStatus` has the " +
    "gateway's own key, and in `publicUrl` the very URL that it was given.";
  return new TwoFactorError("bad_signature", sentence, { reason: "delivery_signature" });
}

function numberIn(to: string | undefined): { phone?: string; country?: string } {
  const read = to === undefined ? undefined : readPhone(to);
  if (read?.ok !== true) return {};
  const { e164, country } = read.phone;
  return { phone: maskPhone(e164), ...(country !== undefined && { country }) };
}
