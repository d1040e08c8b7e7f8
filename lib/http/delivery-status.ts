/** The endpoint at which gateways tell of texts: from a signed form to the flow, and back. */

import type { DeliveryFlow } from "../flows/delivery-flow";
import { refusal } from "../outcome/refusal";
import { networkOf } from "../request/network";
import { tellRefused } from "../request/fail-closed";
import { readForm } from "./body";
import { targetOf } from "./request-target";
import { answerNothing, answerRefusal, refuseMethod, type Exchange } from "./response";

// All that a query may hold: whatever else stands there, no gateway was given this address.
const QUERY = /^(?:\?ref=([\w-]{44}))?$/;

/** Answers a callback. Whose page has sent it does not matter: nobody can sign it who has not the key. */
export async function takeCallback(exchange: Exchange, deliveries: DeliveryFlow): Promise<void> {
  const { req, res, emit } = exchange;
  // Read while it is there: the client may hang up.
  networkOf(req);
  if (req.method !== "POST") {
    refuseMethod(exchange, "POST");
    return;
  }
  const form = await readForm(req);
  if (!form.ok) {
    answerRefusal(res, tellRefused(emit, req, form));
    return;
  }
  const query = QUERY.exec(targetOf(req).query);
  if (query === null) {
    answerRefusal(res, tellRefused(emit, req, refusal("bad_signature")));
    return;
  }
  const { headers } = req;
  const signature = headers["x-signalwire-signature"] ?? headers["x-twilio-signature"];
  const told = await deliveries.report(req, {
    reference: query[1],
    parameters: form.parameters,
    signature: String(signature ?? ""),
  });
  if (told.ok) answerNothing(res);
  else answerRefusal(res, told);
}
