/** The gateway's callbacks of the texts that it took: signed and forged, twice and in any order. */

import { load } from "../../bench/subject.mjs";
import { between, oneOf } from "./random.mjs";

const { callbackOf } = load("fake-signalwire/answers.js");
const { signatureOf } = load("fake-signalwire/callback.js");
const { FAKE_ACCOUNT } = load("fake-signalwire/server.js");

const ENDS = [["delivered"], ["undelivered", "30003"], ["failed", "30007"]];

/** Tells the app what became of a text. */
export async function report(at, message) {
  const url = message.fields.StatusCallback;
  if (url === undefined || at.random() < 0.3) return;
  const tellings = [["sent"], oneOf(at.random, ENDS), oneOf(at.random, ENDS)];
  if (at.random() < 0.5) tellings.reverse();
  for (const [status, code] of tellings) {
    if (!(await at.pause(between(at.random, 10, 400)))) return;
    await tell(at, message, url, { status, code });
  }
}

async function tell(at, message, url, { status, code }) {
  const isForged = at.random() < 0.1;
  const parameters = Object.entries({
    ...callbackOf(message, FAKE_ACCOUNT.project),
    MessageStatus: status,
    SmsStatus: status,
    ...(code !== undefined && { ErrorCode: code }),
  });
  const key = isForged ? "PSK_forged" : FAKE_ACCOUNT.signingKey;
  const { pathname, search } = new URL(url);
  const answer = await at.caller.call({
    method: "POST",
    path: pathname + search,
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      "X-SignalWire-Signature": signatureOf(key, url, parameters),
    },
    body: new URLSearchParams(parameters).toString(),
  });
  const expected = isForged ? [403, 503] : [204, 503];
  if (answer && !expected.includes(answer.status)) {
    at.caller.tell("a callback", `${isForged ? "forged: " : ""}${answer.status} ${answer.text}`);
  }
}
