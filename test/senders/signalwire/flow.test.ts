/** SignalWire's answers as a user of the endpoints meets them, and what each leaves behind. */

import { inspect } from "node:util";
import { signalwire } from "../../../lib/senders/signalwire/index";
import { serve } from "../../fakes/app";
import { fakeDate, pass } from "../../fakes/clock";
import { startSignalWireApi, type Behaviour, type SignalWireApi } from "../../fakes/signalwire-api";

let api: SignalWireApi;
beforeEach(async () => {
  api = await startSignalWireApi();
});
afterEach(async () => {
  await api.close();
});

async function signedIn(timeout = 10) {
  fakeDate();
  const { url: apiBaseUrl, project, token, number } = api;
  const sender = signalwire({ apiBaseUrl, project, token, number, timeout });
  const s = await serve({ options: { sender } });
  return { s, client: await s.signedIn() };
}

const codeSent = () => /^\d{6}/.exec(api.messages[0]?.body ?? "")?.[0] ?? "";

const refuse = (status: number, code?: number): Behaviour => ({
  do: "refuse",
  status,
  ...(code !== undefined && { code }),
});

test("a text that is taken is told as sent, is good for the code's whole life, and its code is right (R34)", async () => {
  const { client } = await signedIn();
  expect((await client.ask()).body).toMatchObject({ status: "sent", expiresIn: 600 });
  expect(api.messages[0]?.fields["ValidityPeriod"]).toBe("600");
  expect((await client.answer(codeSent())).status).toBe(200);
});

test("a text that is sent again is good for what is left of the code's life, so that none arrives dead (R34)", async () => {
  const { client } = await signedIn();
  await client.ask();
  pass(90);
  expect((await client.ask()).body).toMatchObject({ status: "sent", expiresIn: 510 });
  expect(api.messages.map(({ fields }) => fields["ValidityPeriod"])).toEqual(["600", "510"]);
});

test.each<[string, Behaviour, number, string]>([
  ["STOP", refuse(400, 21610), 422, "cannot_text_number"],
  ["a landline", refuse(400, 21614), 422, "cannot_text_number"],
  ["wrong credentials", refuse(401, 20003), 502, "delivery_failed"],
  ["throttling", refuse(429, 20429), 503, "unavailable"],
  ["a page in place of JSON", { do: "answer", status: 403, body: "<p>" }, 502, "delivery_failed"],
  [
    "a failure in a 201",
    { do: "accept", fields: { status: "failed", error_code: 30006 } },
    422,
    "cannot_text_number",
  ],
])("a refusal for %s leaves no challenge and no wait", async (_what, next, status, code) => {
  const { client } = await signedIn();
  api.next(next);
  const refused = await client.ask();
  expect([refused.status, (refused.body as { code: string }).code]).toEqual([status, code]);
  expect((await client.status()).body).toMatchObject({ challenge: null });
  expect((await client.ask()).body).toMatchObject({ status: "sent", resendIn: 30 });
  expect(api.requests).toHaveLength(2);
});

test.each<[string, Behaviour]>([
  ["a 500", refuse(500)],
  ["a dropped connection", { do: "drop", when: "after" }],
  ["silence", { do: "hang" }],
  ["a trickled answer", { do: "trickle", everyMs: 50 }],
  ["an empty 201", { do: "answer", status: 201, body: "" }],
  ["5 MB", { do: "flood", bytes: 5_000_000 }],
])("%s leaves the challenge and its wait, and sends nothing again", async (_what, next) => {
  const { s, client } = await signedIn(0.3);
  api.next(next);
  const lost = await client.ask();
  expect([lost.status, (lost.body as { code: string }).code]).toEqual([502, "delivery_failed"]);
  expect((await client.ask()).body).toMatchObject({ status: "pending", resendIn: 30 });
  expect(api.requests).toHaveLength(1);
  const code = /Body=(\d{6})/.exec(api.requests[0]?.body ?? "")?.[1] ?? "";
  const seen = [lost.text, inspect(lost.headers), JSON.stringify(s.events)].join();
  for (const secret of [code, api.token, api.project, "2025550123"]) {
    expect(secret).not.toBe("");
    expect(seen).not.toContain(secret);
  }
  expect((await client.answer(code)).status).toBe(200);
});
