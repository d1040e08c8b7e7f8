/** The fake of SignalWire is no easier to please than SignalWire: what is wrong with a request, it refuses. */

import { startSignalWireApi, type SignalWireApi } from "./signalwire-api";

let api: SignalWireApi;
beforeEach(async () => {
  api = await startSignalWireApi();
});
afterEach(async () => {
  await api.close();
});

interface Changes {
  method?: string;
  path?: string;
  authorization?: string | undefined;
  type?: string;
  fields?: Record<string, string | undefined>;
}

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** Posts a good text, but for the changes. */
async function post(changes: Changes = {}): Promise<[number, unknown]> {
  const good: Changes["fields"] = { To: "+14155550123", From: api.number, Body: "x" };
  const fields = { ...good, ...changes.fields };
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) body.set(name, value);
  }
  const { method = "POST", type = "application/x-www-form-urlencoded" } = changes;
  const path = changes.path ?? `/2010-04-01/Accounts/${api.project}/Messages.json`;
  const authorization =
    "authorization" in changes ? changes.authorization : basic(api.project, api.token);
  const response = await fetch(api.url + path, {
    method,
    headers: {
      "Content-Type": type,
      ...(authorization !== undefined && { Authorization: authorization }),
    },
    body: body.toString(),
  });
  const answer = (await response.json()) as { code?: number };
  return [response.status, answer.code];
}

test("it takes a text that is right in all", async () => {
  expect(await post()).toEqual([201, undefined]);
  expect(api.messages).toHaveLength(1);
});

test.each<[string, () => Changes, [number, number]]>([
  ["no credentials", () => ({ authorization: undefined }), [401, 20003]],
  ["another token", () => ({ authorization: basic(api.project, "PT0") }), [401, 20003]],
  ["another project", () => ({ authorization: basic("x", api.token) }), [401, 20003]],
  ["a token as Bearer", () => ({ authorization: `Bearer ${api.token}` }), [401, 20003]],
  [
    "another account's path",
    () => ({ path: "/2010-04-01/Accounts/x/Messages.json" }),
    [404, 20404],
  ],
  ["another path", () => ({ path: "/Messages.json" }), [404, 20404]],
  ["another method", () => ({ method: "PUT" }), [405, 20004]],
  ["JSON", () => ({ type: "application/json" }), [415, 10000]],
  ["nobody to text", () => ({ fields: { To: undefined } }), [400, 21604]],
  ["no E.164 number to text", () => ({ fields: { To: "4155550123" } }), [400, 21211]],
  ["no number to text from", () => ({ fields: { From: undefined } }), [400, 21603]],
  ["another's number to text from", () => ({ fields: { From: "+12025550199" } }), [400, 21210]],
  ["another's messaging service", () => ({ fields: { MessagingServiceSid: "x" } }), [404, 20404]],
  ["no text", () => ({ fields: { Body: undefined } }), [400, 21602]],
  ["a text too long", () => ({ fields: { Body: "x".repeat(1601) } }), [400, 21617]],
  ["no time at all", () => ({ fields: { ValidityPeriod: "0" } }), [400, 10000]],
  ["more than two days", () => ({ fields: { ValidityPeriod: "172801" } }), [400, 10000]],
  ["a time in words", () => ({ fields: { ValidityPeriod: "NaN" } }), [400, 10000]],
  ["a price of five decimals", () => ({ fields: { MaxPrice: "0.00001" } }), [400, 10000]],
  ["a callback that is no URL", () => ({ fields: { StatusCallback: "x" } }), [400, 11100]],
])("it refuses %s", async (_what, changes, refusal) => {
  expect(await post(changes())).toEqual(refusal);
  expect(api.messages).toEqual([]);
});

describe("calls", () => {
  const path = () => `/2010-04-01/Accounts/${api.project}/Calls.json`;
  const DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hi.</Say></Response>';
  const call = (fields: Record<string, string | undefined> = {}, more: Changes = {}) =>
    post({ path: path(), ...more, fields: { Body: undefined, Twiml: DOCUMENT, ...fields } });

  test("it takes one that is right in all, under either name of its document", async () => {
    expect(await call()).toEqual([201, undefined]);
    expect(await call({ Twiml: undefined, Laml: DOCUMENT })).toEqual([201, undefined]);
    expect(api.calls.map(({ document }) => document)).toEqual([DOCUMENT, DOCUMENT]);
    expect(api.messages).toEqual([]);
  });

  test.each<[string, Record<string, string | undefined>, [number, number]]>([
    ["nobody to call", { To: undefined }, [400, 21201]],
    ["no E.164 number to call", { To: "4155550123" }, [400, 21211]],
    ["no number to call from", { From: undefined }, [400, 21213]],
    ["another's number to call from", { From: "+12025550199" }, [400, 21210]],
    ["no document", { Twiml: undefined }, [400, 10000]],
    ["a document that is none", { Twiml: "Hi." }, [400, 12100]],
    ["more than ten minutes of ringing", { Timeout: "601" }, [400, 21208]],
    ["a detection that is none", { MachineDetection: "Hangup" }, [400, 10000]],
    ["what is not documented", { TimeLimit: "60" }, [400, 10000]],
  ])("it refuses %s", async (_what, fields, refusal) => {
    expect(await call(fields)).toEqual(refusal);
    expect(api.calls).toEqual([]);
  });

  test("it refuses wrong credentials for them too", async () => {
    expect(await call({}, { authorization: undefined })).toEqual([401, 20003]);
  });
});
