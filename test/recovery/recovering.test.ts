/** Recovery codes as a user meets them: made behind a fresh proof, used once each, counted, told of. */

import session from "express-session";
import { memoryRecords, twoFactor, type LimitOptions } from "../../lib";
import { BOB, SECRET, serve, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { dump } from "../fakes/stores";
import { codesOf, recover, serveRecovering, wrongOnes } from "./kit";

const told = ({ events }: Served, type: Served["events"][number]["type"]) =>
  events.filter((event) => event.type === type);

test("a code verifies as a text would, in a renewed session, with no text and nothing asked before", async () => {
  const store = new session.MemoryStore();
  const s = await serveRecovering({ session: { store } });
  const [code] = await codesOf(s);
  const client = await s.signedIn();
  const old = client.copy();
  const answer = await recover(client, ` ${String(code).toLowerCase()} `);
  expect([answer.status, answer.body]).toEqual([
    200,
    {
      status: "verified",
      amr: ["recovery"],
      at: expect.any(String) as string,
      recoveryCodesLeft: 9,
    },
  ]);
  expect(client.cookie).not.toBe(old.cookie);
  expect([await client.visit(), await old.visit()]).toEqual([200, 403]);
  expect((await client.get("/own")).body).toMatchObject({ cart: "three apples" });
  expect((await client.get("/verification")).body).toMatchObject({
    verification: { subject: "ann", amr: ["recovery"] },
  });
  expect(s.sent).toHaveLength(1);
  expect(await dump(store)).not.toContain(String(code).replaceAll("-", ""));
});

test("it is the plain second factor: a fresh one for an age, and none for a purpose", async () => {
  fakeDate();
  const s = await serveRecovering();
  const [code] = await codesOf(s);
  const client = await s.signedIn();
  await recover(client, code);
  expect([await client.visit("/fresh"), await client.visit("/pay")]).toEqual([200, 403]);
  pass(60);
  expect([await client.visit("/fresh"), await client.visit()]).toEqual([403, 200]);
});

test("it is told of as confirmed, with its method and what is left, and so is a set", async () => {
  const s = await serveRecovering();
  const [code] = await codesOf(s);
  expect(told(s, "recovery_codes_made")).toEqual([
    expect.objectContaining({ subject: "ann", phone: "••••23", ip: "127.0.0.1" }),
  ]);
  const client = await s.signedIn();
  await recover(client, wrongOnes(1)[0]);
  expect(told(s, "wrong_code")).toEqual([
    expect.objectContaining({ subject: "ann", amr: ["recovery"] }),
  ]);
  await recover(client, code);
  expect(told(s, "confirmed")).toEqual([
    expect.objectContaining({
      subject: "ann",
      amr: ["recovery"],
      recoveryCodesLeft: 9,
      failures: 1,
      owasp: "authn_login_successafterfail",
    }),
  ]);
  expect(told(s, "verified")).toHaveLength(1);
  expect(JSON.stringify(s.events)).not.toContain(String(code));
});

test.each<[string, LimitOptions, object[]]>([
  [
    "blocks",
    { failures: { max: 1, window: 600 } },
    [
      { type: "suspicious", reason: "blocked" },
      { type: "wrong_code" },
      { type: "refused", code: "too_many_attempts" },
    ],
  ],
  [
    "switches the factor off",
    { consecutiveFailures: 1 },
    [
      { type: "factor_disabled" },
      { type: "suspicious", reason: "factor_disabled" },
      { type: "wrong_code" },
      { type: "factor_disabled", code: "factor_disabled" },
    ],
  ],
])(
  "a wrong one that %s is told of with its method and where it came from",
  async (_what, limits, events) => {
    const s = await serveRecovering({ options: { limits, recovery: { store: memoryRecords() } } });
    const client = await s.signedIn();
    for (const wrong of wrongOnes(2)) await recover(client, wrong);
    const about = { subject: "ann", phone: "••••23", ip: "127.0.0.1", amr: ["recovery"] };
    expect(s.events).toEqual(
      events.map((event) => expect.objectContaining({ ...about, ...event }) as object),
    );
  },
);

test("two and fewer left is an event, and told in the answer", async () => {
  const s = await serveRecovering();
  const codes = await codesOf(s);
  const left: unknown[] = [];
  for (const code of codes) {
    const answer = await recover(await s.signedIn(), code);
    left.push((answer.body as { recoveryCodesLeft: number }).recoveryCodesLeft);
  }
  expect(left).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  expect(told(s, "recovery_codes_low").map(({ recoveryCodesLeft }) => recoveryCodesLeft)).toEqual([
    2, 1, 0,
  ]);
  expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 0 });
});

test("a user who has lost the number too gets in, and the proof is void once there is a number again", async () => {
  const s = await serveRecovering();
  const codes = await codesOf(s);
  const client = await s.signedIn("ann", null);
  expect((await client.ask()).body).toMatchObject({ code: "no_number" });
  expect((await recover(client, codes[0])).status).toBe(200);
  expect(await client.visit()).toBe(200);
  expect((await client.post("/codes")).status).toBe(200);
  await client.signIn("ann", BOB);
  expect(await client.visit()).toBe(403);
});

test("a set is made behind a recovery code too, and voids what is left of the one before", async () => {
  const s = await serveRecovering();
  const [first, second] = await codesOf(s);
  const client = await s.signedIn();
  await recover(client, first);
  const made = (await client.post("/codes")).body as string[];
  expect(made).toHaveLength(10);
  const other = await s.signedIn();
  expect((await recover(other, second)).status).toBe(403);
  expect((await recover(other, made[0])).status).toBe(200);
});

test("voidRecoveryCodes() leaves none, of that user alone", async () => {
  const s = await serveRecovering();
  const [ann, bob] = [await codesOf(s), await codesOf(s, "bob", BOB)];
  await s.two.voidRecoveryCodes("ann");
  expect((await recover(await s.signedIn(), ann[0])).status).toBe(403);
  expect((await recover(await s.signedIn("bob", BOB), bob[0])).status).toBe(200);
});

test("without the option nothing of it is served, and the functions say what is missing", async () => {
  const s = await serve({
    before: (app, two) =>
      app.post("/codes", (req, res, next) => {
        two.recoveryCodes(req).then(() => res.json({}), next);
      }),
  });
  const client = await s.signedIn();
  expect((await recover(client, "x")).body).toMatchObject({
    code: "invalid_request",
    detail: "`recovery_code` is not served.",
  });
  expect((await client.post("/codes")).body).toMatchObject({
    unhandled: expect.stringContaining("need the option `recovery`") as string,
  });
  await expect(s.two.voidRecoveryCodes("ann")).rejects.toThrow("need the option `recovery`");
  expect(await s.two.state("ann")).not.toHaveProperty("recoveryCodesLeft");
});

describe("what the field takes", () => {
  test("the answer has one code: a recovery code beside another is refused, an empty one is none", async () => {
    const s = await serveRecovering();
    const codes = await codesOf(s);
    const client = await s.signedIn();
    await client.ask();
    const code = s.lastCode();
    const both = await recover(client, codes[0], { auth_code: code });
    expect([both.status, both.body]).toEqual([
      400,
      expect.objectContaining({ detail: "Expected one code, got several." }),
    ]);
    expect((await recover(client, "", {})).status).toBe(400);
    expect((await recover(client, " - ")).status).toBe(403);
    expect((await recover(client, ["x"] as unknown as string)).status).toBe(400);
    expect((await recover(client, "", { auth_code: code })).status).toBe(200);
    expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 10 });
  });

  test("no browser is remembered on the strength of a recovery code", async () => {
    const store = memoryRecords();
    const s = await serveRecovering({
      store,
      options: { remember: { store }, recovery: { store } },
    });
    const [code] = await codesOf(s);
    const answer = await recover(await s.signedIn(), code, { remember: true });
    expect(answer.body).toMatchObject({ status: "verified", remembered: false });
    expect(await s.two.remembered("ann")).toEqual([]);
  });
});

test.each<[string, unknown, RegExp]>([
  ["no object", true, /`recovery` to be given an object/],
  ["no store", {}, /^Expected `recovery.store` to be a store such as `memoryRecords\(\)`/],
  ["a store without spend", { store: { replace: () => 0, count: () => 0 } }, /no method `spend`/],
  ["a misspelt key", { stores: memoryRecords() }, /Did you mean `store`/],
  ["null", null, /`recovery`/],
])("the option with %s is refused at the start", (_what, recovery, sentence) => {
  const options = { secret: SECRET, user: () => null, appName: "Acme", sender: () => undefined };
  expect(() => twoFactor({ ...options, recovery } as never)).toThrow(sentence);
});

test("recovery codes are refused where there are no users", () => {
  const options = { secret: SECRET, appName: "Acme", sender: () => undefined };
  const recovery = { store: memoryRecords() };
  expect(() => twoFactor({ ...options, user: "from-request", recovery })).toThrow(
    /^Expected `recovery` to be absent/,
  );
});
