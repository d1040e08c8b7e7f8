/** The browser client at the real endpoints: what it asks, what it gives, and what it refuses to believe. */

import { memoryRecords } from "../../lib";
import { serve, wrongCodes, type ServeOptions } from "../fakes/app";
import { createClient, TwoFactorRefusal } from "../../lib/client/index.mjs";
import { pageFetch, signedInFetch } from "./jar";

/** What a promise rejects with. */
async function refusalOf(work: Promise<unknown>): Promise<TwoFactorRefusal> {
  const outcome = await work.then(
    (value) => value,
    (error: unknown) => error,
  );
  if (outcome instanceof TwoFactorRefusal) return outcome;
  throw new Error(`It gave ${JSON.stringify(outcome) || String(outcome)}.`);
}

async function open(given: ServeOptions = {}) {
  const s = await serve(given);
  const asked: string[] = [];
  const fetch = await signedInFetch(s, asked);
  return { s, asked, fetch, client: createClient({ baseUrl: "/2fa/", fetch }) };
}

test("a call is asked for as a text is, and the proof says so", async () => {
  const { s, client } = await open({ options: { channels: ["sms", "call"] } });
  expect(await client.requestCode({ channel: "call" })).toMatchObject({ channel: "call" });
  expect(await client.status()).toMatchObject({ challenge: { channel: "call" } });
  expect(await client.submitCode(s.lastCode())).toMatchObject({ amr: ["tel"] });
});

test("a browser is remembered with a code where the server offers it, and told of (R61)", async () => {
  const { s, client } = await open({ options: { remember: { store: memoryRecords() } } });
  expect(await client.status()).toMatchObject({ remembered: false });
  await client.requestCode();
  const right = await client.submitCode(s.lastCode(), { remember: true });
  expect(right).toMatchObject({ status: "verified", remembered: true });
  expect(await client.status()).toMatchObject({ verified: true, remembered: true });
});

test("a recovery code verifies without a code being asked for, and a wrong one says so", async () => {
  const store = memoryRecords();
  const { s, client, fetch } = await open({
    options: { recovery: { store } },
    before: (app, two) => {
      app.post("/codes", (req, res, next) => {
        two.recoveryCodes(req).then((codes) => res.json(codes), next);
      });
    },
  });
  await client.requestCode();
  await client.submitCode(s.lastCode());
  const made = (await (await fetch("/codes", { method: "POST" })).json()) as string[];
  expect(await client.submitRecoveryCode(String(made[0]))).toEqual({
    status: "verified",
    amr: ["recovery"],
    at: expect.any(String) as string,
    recoveryCodesLeft: 9,
  });
  expect((await refusalOf(client.submitRecoveryCode(String(made[0])))).code).toBe("wrong_code");
});

test("a code is asked for, answered and told of, in the endpoints' own words", async () => {
  const { s, client, asked } = await open();
  expect(await client.status()).toEqual({ verified: false, challenge: null });
  const sent = await client.requestCode();
  expect(sent).toMatchObject({ status: "sent", channel: "sms", to: "••••23", attemptsLeft: 5 });
  expect(await client.requestCode({ locale: "es" })).toMatchObject({ status: "pending" });
  expect(await client.status()).toMatchObject({ challenge: { expiresIn: 600 } });
  const right = await client.submitCode(s.lastCode(), { number: "+1 202 555 0123" });
  expect(right).toMatchObject({ status: "verified", amr: ["sms"] });
  expect(await client.status()).toEqual({ verified: true, challenge: null });
  expect(asked).toEqual([
    "GET /2fa/status",
    "POST /2fa/request-auth",
    "POST /2fa/request-auth",
    "GET /2fa/status",
    "POST /2fa/validate-auth",
    "GET /2fa/status",
  ]);
});

test("fields reach the endpoint, and none of them stands for the code", async () => {
  const { s, client } = await open({ options: { purposes: ["pay"] } });
  expect((await refusalOf(client.requestCode({ purpose: "none" }))).code).toBe("invalid_request");
  await client.requestCode({ purpose: "pay", fresh: true });
  const [wrong = ""] = wrongCodes(s.lastCode(), 1);
  const fields = { auth_code: s.lastCode() };
  expect((await refusalOf(client.submitCode(wrong, fields as object))).code).toBe("wrong_code");
});

test("a refusal tells its code, status, wait and what is left, and never the code", async () => {
  const { s, client } = await open({ options: { limits: { attempts: 2 } } });
  await client.requestCode();
  const [first = "", second = "", third = ""] = wrongCodes(s.lastCode(), 3);
  const wrong = await refusalOf(client.submitCode(first));
  expect(wrong).toMatchObject({
    name: "TwoFactorRefusal",
    code: "wrong_code",
    status: 403,
    attemptsLeft: 1,
    retryAfter: undefined,
    message: "Check the last text, and try again.",
  });
  await refusalOf(client.submitCode(second));
  const tooMany = await refusalOf(client.submitCode(third));
  expect(tooMany).toMatchObject({ code: "too_many_attempts", status: 429 });
  expect(tooMany.retryAfter).toBeGreaterThan(0);
  expect(tooMany.problem?.type).toBe("urn:express-sms-2fa:problem:too_many_attempts");
  expect(JSON.stringify([wrong, tooMany])).not.toContain(first);
});

test("the app's own headers go with each call, a function's anew", async () => {
  let token = 0;
  const seen: unknown[] = [];
  const s = await serve({
    before: (app) => {
      app.use("/2fa", (req, _res, next) => {
        seen.push(req.headers["x-csrf-token"]);
        next();
      });
    },
  });
  const fetch = await signedInFetch(s);
  const fixed = createClient({ baseUrl: "/2fa", fetch, headers: { "X-CSRF-Token": "t" } });
  await fixed.requestCode();
  const fresh = createClient({
    baseUrl: "/2fa",
    fetch,
    headers: () => ({ "X-CSRF-Token": String(++token), "Content-Type": "text/plain" }),
  });
  await fresh.status();
  expect(await fresh.requestCode()).toMatchObject({ status: "pending" });
  expect(seen).toEqual(["t", "1", "2"]);
});

test.each<[string, number, string, string]>([
  ["a log-in page", 200, "text/html", "<h1>Log in</h1>"],
  ["JSON that is no object", 200, "application/json", "true"],
  ["null", 200, "application/json", "null"],
  ["half of an object", 200, "application/json", '{"status":"verif'],
  ["JSON under another name", 200, "text/plain", '{"status":"verified"}'],
  ["a proxy's own page", 502, "text/html", "<h1>Bad gateway</h1>"],
  ["an error in JSON", 500, "application/json", '{"status":"verified"}'],
  ["a problem without a code", 403, "application/problem+json", '{"title":"No"}'],
])("%s does not pass for an answer", async (_what, status, type, body) => {
  const s = await serve({
    before: (app) =>
      app.post("/2fa/validate-auth", (_req, res) => res.status(status).type(type).send(body)),
  });
  const client = createClient({ baseUrl: "/2fa", fetch: pageFetch(s) });
  const refused = await refusalOf(client.submitCode("123456"));
  expect(refused).toMatchObject({ code: "unavailable", status, problem: undefined });
});

test("a code follows no redirect (307 would carry it to wherever that leads)", async () => {
  const bodies: unknown[] = [];
  const s = await serve({
    before: (app) => {
      app.post("/2fa/validate-auth", (_req, res) => {
        res.redirect(307, "/elsewhere");
      });
      app.post("/elsewhere", (req, res) => {
        bodies.push(req.headers["content-length"]);
        res.json({ status: "verified" });
      });
    },
  });
  const client = createClient({ baseUrl: "/2fa", fetch: pageFetch(s) });
  await expect(client.submitCode("123456")).rejects.toMatchObject({ name: "TypeError" });
  expect(bodies).toEqual([]);
});
