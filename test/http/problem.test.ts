/** Refusals as RFC 9457 problems: one shape for all, kept by no cache, and nothing of the inside in it. */

import { ANN, BOB, EXPRESSES, fail, serve, type Client, type Served } from "../fakes/app";
import { TwoFactorError } from "../../lib";

type Call = (
  s: Served,
) => Promise<{ status: number; headers: object; body: unknown; text: string }>;
const signedIn = (act: (client: Client, s: Served) => PromiseLike<unknown>): Call =>
  (async (s: Served) => act(await s.signedIn(), s)) as unknown as Call;

const failing = (code: "cannot_text_number" | "delivery_failed" | "unavailable") => () => {
  throw new TwoFactorError(code, "Account AC0123 has no campaign", { reason: "30002" });
};

const REFUSALS: [code: string, status: number, call: Call, options?: object][] = [
  ["invalid_request", 400, signedIn((client) => client.post("/2fa/validate-auth"))],
  ["invalid_number", 400, signedIn((client) => client.ask({ number: "911" }))],
  ["cross_site", 403, signedIn((client) => client.ask().set("Sec-Fetch-Site", "cross-site"))],
  ["not_signed_in", 403, async (s) => s.client().ask()],
  ["no_number", 403, async (s) => (await s.signedIn("ann", null)).ask()],
  ["number_mismatch", 403, signedIn((client) => client.ask({ number: BOB }))],
  ["country_not_allowed", 403, async (s) => (await s.signedIn("ann", "+447700900123")).ask()],
  [
    "wrong_code",
    403,
    signedIn(async (client) => {
      await client.ask();
      return client.answer("00000");
    }),
  ],
  ["no_challenge", 403, signedIn((client) => client.answer("123456"))],
  ["two_factor_required", 403, signedIn((client) => client.get("/private"))],
  ["method_not_allowed", 405, signedIn((client) => client.get("/2fa/request-auth"))],
  ["payload_too_large", 413, signedIn((client) => client.ask({ number: "1".repeat(2000) }))],
  [
    "unsupported_media_type",
    415,
    signedIn((client) => client.send("post", "/2fa/request-auth").type("text").send("x")),
  ],
  [
    "cannot_text_number",
    422,
    signedIn((client) => client.ask()),
    { sender: failing("cannot_text_number") },
  ],
  [
    "too_many_attempts",
    429,
    signedIn(async (client, s) => {
      await client.ask();
      await fail(client, s.lastCode(), 5);
      return client.answer(s.lastCode());
    }),
  ],
  [
    "too_many_requests",
    429,
    signedIn(async (_client, s) => {
      await (await s.signedIn("joe", ANN)).ask();
      return (await s.signedIn("eve", ANN)).ask();
    }),
    { limits: { number: { max: 1, window: 600 } } },
  ],
  [
    "factor_disabled",
    403,
    signedIn(async (client, s) => {
      await client.ask();
      await fail(client, s.lastCode(), 1);
      return (await s.signedIn()).ask();
    }),
    { limits: { consecutiveFailures: 1 } },
  ],
  [
    "delivery_failed",
    502,
    signedIn((client) => client.ask()),
    { sender: failing("delivery_failed") },
  ],
  ["unavailable", 503, signedIn((client) => client.ask()), { sender: failing("unavailable") }],
];

describe.each(EXPRESSES)("%s", (_name, express) => {
  test.each(
    REFUSALS.map((each) => ({ name: `${each[0]} is a problem of status ${each[1]}`, each })),
  )("$name (R21, R70, R71, R72)", async ({ each }) => {
    const [code, status, call, options = {}] = each;
    const s = await serve({ express, options });
    const answer = await call(s);
    const headers = answer.headers as Record<string, string>;
    expect(answer.status).toBe(status);
    expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(headers["cache-control"]).toBe("no-store");
    expect(answer.body).toMatchObject({
      type: `urn:express-sms-2fa:problem:${code}`,
      title: expect.stringMatching(/^[A-Z].*\S$/) as string,
      detail: expect.stringMatching(/^[A-Z].*\.$/) as string,
      status,
      code,
    });
    expect(answer.text).not.toMatch(/AC0123|30002|at .*\.[jt]s:\d/);
    expect(answer.text).not.toMatch(/2025550123/);
    if (status === 429 || status === 503) expect(headers["retry-after"]).toMatch(/^[1-9]\d*$/);
    else expect(headers["retry-after"]).toBeUndefined();
    expect(headers["www-authenticate"]).toBeUndefined();
  });
});

test("what goes well is JSON that no cache keeps (R70)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  const answers = [await client.ask(), await client.status(), await client.answer(s.lastCode())];
  for (const { headers } of answers) {
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(headers["cache-control"]).toBe("no-store");
  }
});

test.each([
  ["/2fa/request-auth", "POST"],
  ["/2fa/validate-auth", "POST"],
  ["/2fa/status", "GET, HEAD"],
  ["/2fa/openapi.json", "GET, HEAD"],
  ["/2fa/", "GET, HEAD"],
  ["/2fa/pages.css", "GET, HEAD"],
  ["/2fa/pages.js", "GET, HEAD"],
  ["/2fa/code", "GET, HEAD, POST"],
  ["/2fa/text", "GET, HEAD, POST"],
])(
  "a method that %s does not serve is refused alike, and told of once (R71, R87)",
  async (path, allow) => {
    const s = await serve({ options: { pages: true, openapi: true } });
    const client = await s.signedIn();
    const answer = await client.send("put", path).send("");
    const { status } = answer;
    expect(status).toBe(405);
    expect(answer.headers).toMatchObject({
      allow,
      "content-type": "application/problem+json; charset=utf-8",
      "cache-control": "no-store",
    });
    expect(answer.body).toMatchObject({
      type: "urn:express-sms-2fa:problem:method_not_allowed",
      title: expect.stringMatching(/\S/) as string,
      status,
    });
    expect(s.events).toEqual([
      expect.objectContaining({ type: "refused", code: "method_not_allowed", ip: "127.0.0.1" }),
    ]);
  },
);
