/** The OpenAPI document is true of every kind of answer, over HTTP. */

import { memoryRecords, TwoFactorError } from "../../lib/index";
import {
  ANN,
  BOB,
  serve,
  wrongCodes,
  type Client,
  type Served,
  type ServeOptions,
} from "../fakes/app";
import { callBack, serveReporting, told } from "../fakes/reporting";
import {
  DELIVERY,
  FULL,
  Reader,
  REQUEST,
  STATUS,
  VALIDATE,
  type Answer,
  type Operation,
} from "./reader";

type Scenario = [
  what: string,
  path: string,
  call: (s: Served, client: Client) => PromiseLike<unknown>,
  given?: ServeOptions,
];

const refusing = (code: "cannot_text_number" | "delivery_failed" | "unavailable") => ({
  options: {
    sender: () => {
      throw new TwoFactorError(code, "It says no.", { retryAfter: 7 });
    },
  },
});
const remembering: ServeOptions = { options: { remember: { store: memoryRecords() } } };
const broken: ServeOptions = {
  user: () => {
    throw new Error("The app is broken.");
  },
};
const post = (client: Client, path: string, body: object = {}) =>
  client.post(`/2fa${path}`, path === VALIDATE ? { auth_code: "123456", ...body } : body);
async function exhaust(s: Served, client: Client): Promise<void> {
  await client.ask();
  for (const code of wrongCodes(s.lastCode(), 3)) await client.answer(code);
}

const COMMON: Scenario[] = [REQUEST, VALIDATE].flatMap((path): Scenario[] => [
  ["invalid_request", path, (_s, client) => post(client, path, { remember: true })],
  [
    "invalid_number",
    path,
    async (_s, client) => {
      await client.ask();
      return post(client, path, { number: "911" });
    },
  ],
  ["cross_site", path, (_s, client) => post(client, path).set("Sec-Fetch-Site", "cross-site")],
  ["method_not_allowed", path, (_s, client) => client.send("put", `/2fa${path}`)],
  ["payload_too_large", path, (_s, client) => post(client, path, { number: "1".repeat(2000) })],
  [
    "unsupported_media_type",
    path,
    (_s, client) => client.send("post", `/2fa${path}`).type("text").send("x"),
  ],
  ["not_signed_in", path, (s) => post(s.client(), path)],
  ["no_number", path, async (s) => post(await s.signedIn("ann", null), path)],
  [
    "factor_disabled",
    path,
    async (s, client) => {
      await exhaust(s, client);
      return post(path === REQUEST ? await s.signedIn() : client, path);
    },
    { options: { limits: { consecutiveFailures: 1 } } },
  ],
  [
    "too_many_attempts",
    path,
    async (s, client) => {
      await exhaust(s, client);
      // Another session, for in this one the last text is still fresh.
      return post(path === REQUEST ? await s.signedIn() : client, path);
    },
    { options: { limits: { failures: { max: 2, window: 900 } } } },
  ],
  ["unavailable", path, (_s, client) => post(client, path), broken],
]);

const SCENARIOS: Scenario[] = [
  ...COMMON,
  ["sent", REQUEST, (_s, client) => client.ask()],
  [
    "sent",
    REQUEST,
    (_s, client) => client.ask({ channel: "call" }),
    { options: { channels: ["sms", "call"] } },
  ],
  ["invalid_request", REQUEST, (_s, client) => client.ask({ channel: "call" })],
  [
    "pending",
    REQUEST,
    async (_s, client) => {
      await client.ask();
      return client.ask();
    },
  ],
  [
    "verified",
    REQUEST,
    async (s, client) => {
      await client.ask();
      await client.answer(s.lastCode());
      return client.ask();
    },
  ],
  ["number_mismatch", REQUEST, (_s, client) => client.ask({ number: BOB })],
  ["country_not_allowed", REQUEST, async (s) => (await s.signedIn("ann", "+447700900123")).ask()],
  ["send_refused", REQUEST, (_s, client) => client.ask(), { options: { beforeSend: () => false } }],
  ["cannot_text_number", REQUEST, (_s, client) => client.ask(), refusing("cannot_text_number")],
  ["delivery_failed", REQUEST, (_s, client) => client.ask(), refusing("delivery_failed")],
  ["unavailable", REQUEST, (_s, client) => client.ask(), refusing("unavailable")],
  [
    "too_many_requests",
    REQUEST,
    async (s) => {
      await (await s.signedIn("joe", ANN)).ask();
      return (await s.signedIn("eve", ANN)).ask();
    },
    { options: { rateLimitHeaders: true, limits: { number: { max: 1, window: 600 } } } },
  ],
  [
    "verified",
    VALIDATE,
    async (s, client) => {
      await client.ask();
      return client.answer(s.lastCode());
    },
  ],
  [
    "verified",
    VALIDATE,
    async (s, client) => {
      await client.ask();
      return client.answer(s.lastCode(), { remember: true });
    },
    remembering,
  ],
  [
    "invalid_request",
    VALIDATE,
    (_s, client) => client.answer("123456", { remember: 1 }),
    remembering,
  ],
  ["remembered or not", STATUS, (_s, client) => client.status(), remembering],
  [
    "wrong_code",
    VALIDATE,
    async (_s, client) => {
      await client.ask();
      return client.answer("12");
    },
  ],
  ["no_challenge", VALIDATE, (_s, client) => client.answer("123456")],
  ["not verified", STATUS, (_s, client) => client.status()],
  [
    "a challenge",
    STATUS,
    async (_s, client) => {
      await client.ask();
      return client.status();
    },
  ],
  ["method_not_allowed", STATUS, (_s, client) => client.post("/2fa/status")],
  ["unavailable", STATUS, (_s, client) => client.status(), broken],
];

describe("what the document says of an answer is what is answered", () => {
  const cases = SCENARIOS.map(([what, path, call, given = {}]) => ({ what, path, call, given }));

  test.each(cases)("$what of $path", async ({ what, path, call, given }) => {
    const s = await serve(given);
    const answer = (await call(s, await s.signedIn())) as Answer;
    const { code, status } = answer.body as { code?: string; status?: unknown };
    if (path !== STATUS || code !== undefined) expect(code ?? status).toBe(what);
    const reader = new Reader(s.two.openapi());
    const method = path === STATUS ? "get" : "post";
    const faults = reader.faultsIn(answer, "paths", path, method, "responses", `${answer.status}`);
    expect(faults).toEqual([]);
  });

  test("each code that it names for an endpoint is among those cases, and no other is", async () => {
    const { paths } = (await serve({ options: { beforeSend: () => true } })).two.openapi();
    for (const path of [REQUEST, VALIDATE, STATUS]) {
      const { responses } = paths[path]?.[path === STATUS ? "get" : "post"] as Operation;
      const named = Object.values(responses).flatMap((each) =>
        Object.keys(each?.content["application/problem+json"]?.examples ?? {}),
      );
      const tried = SCENARIOS.filter((each) => each[1] === path).map(([what]) => what);
      const refused = tried.filter(
        (what) => !/^(sent|pending|verified|not verified|remembered or not|a chal.*)$/.test(what),
      );
      expect(named.sort()).toEqual([...new Set(refused)].sort());
    }
  });

  test("of callbacks every refusal is described, and nothing else is", async () => {
    const s = await serveReporting();
    const client = await s.signedIn();
    const sent = (await client.ask()) as Answer;
    const reader = new Reader(s.two.openapi());
    expect(reader.faultsIn(sent, "paths", REQUEST, "post", "responses", "200")).toEqual([]);
    const { statusCallback: url = "" } = s.sent[0] ?? {};
    const down = await serveReporting({
      options: { counters: { step: () => Promise.reject(new Error()) } },
    });
    const { pathname } = new URL(url);
    const answers = [
      await callBack(s, told("delivered"), url, { signature: "" }),
      await client.get(pathname),
      await callBack(s, told("delivered", { Body: "x".repeat(20_000) }), url),
      await client.send("post", pathname).type("text").send("x"),
      await callBack(down, told("delivered"), url),
    ] as Answer[];
    const { responses } = reader.operation("post", DELIVERY);
    expect(Object.keys(responses).map(Number)).toEqual([
      204,
      400,
      ...answers.map(({ status }) => status),
    ]);
    for (const answer of answers) {
      const at = ["paths", DELIVERY, "post", "responses", `${answer.status}`];
      expect(reader.faultsIn(answer, ...at)).toEqual([]);
    }
    const good = await callBack(s, told("undelivered", { ErrorCode: "21610" }), url);
    expect([good.status, good.text, responses[204]?.content]).toEqual([204, "", undefined]);
    const status = (await client.status()) as Answer;
    expect(status.body).toHaveProperty("challenge.deliveryReason", "opted_out");
    expect(reader.faultsIn(status, "paths", STATUS, "get", "responses", "200")).toEqual([]);
    expect((await serve()).two.openapi().paths).not.toHaveProperty([DELIVERY]);
  });

  test("with every option on, and by GET", async () => {
    const s = await serve(FULL);
    const reader = new Reader(s.two.openapi());
    const client = await s.signedIn();
    const faults = (answer: Answer, path: string) =>
      reader.faultsIn(answer, "paths", path, "get", "responses", `${answer.status}`);
    const asked = await client.get(
      `/2fa/request-auth?number=${encodeURIComponent(ANN)}&purpose=pay`,
    );
    expect([asked.status, faults(asked as Answer, REQUEST)]).toEqual([200, []]);
    const wrong = await client.get("/2fa/validate-auth?code=1");
    expect([wrong.status, faults(wrong as Answer, VALIDATE)]).toEqual([403, []]);
    const right = await client.get(`/2fa/validate-auth?code=${s.lastCode()}`);
    expect([right.status, faults(right as Answer, VALIDATE)]).toEqual([200, []]);
    const none = await client.get("/2fa/request-auth");
    expect([none.status, faults(none as Answer, REQUEST)]).toEqual([400, []]);
  });

  test("the guard's problem is the response that it keeps for the app's own routes", async () => {
    const s = await serve({
      options: { purposes: ["pay"], pages: true },
      guard: { purpose: "pay", maxAge: 60 },
    });
    const answer = await (await s.signedIn()).get("/private");
    expect(answer.body).toHaveProperty("ask.purpose");
    const reader = new Reader(s.two.openapi());
    expect(
      reader.faultsIn(answer as Answer, "components", "responses", "TwoFactorRequired"),
    ).toEqual([]);
  });
});
