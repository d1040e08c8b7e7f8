/** Described actions: what you see is what you sign. A code and a proof hold for what text and page have shown, and for nothing else. */

import { createHash } from "node:crypto";
import { twoFactor, type Describe, type Purpose, type TwoFactorOptions } from "../../lib";
import {
  ANN,
  BOB,
  codeIn,
  EXPRESSES,
  SECRET,
  serve,
  type Client,
  type ServeOptions,
} from "../fakes/app";
import { bindsCode } from "../../lib/delivery/signature";
import { fakeDate, hurryDeadlines, pass } from "../fakes/clock";
import { DistantCounters, dump, FaultyStore } from "../fakes/stores";

declare module "express-session" {
  interface SessionData {
    pending?: string;
  }
}

const ROOMY = { max: 100, window: 600 };
const describe50: Describe = (req) => req.session.pending;

/** An app that keeps what is pending in its session, and does it once that is confirmed. */
function servePaying({ purpose = {}, ...given }: ServeOptions & { purpose?: Purpose } = {}) {
  const purposes: TwoFactorOptions["purposes"] = {
    pay: { describe: describe50, ...purpose },
    close: { describe: (req) => req.session.pending },
  };
  const limits = { cooldown: 1, user: ROOMY, number: ROOMY };
  return serve({
    ...given,
    options: { purposes, limits, ...given.options },
    before: (app, two) => {
      app.get("/want/:what", (req, res) => {
        req.session.pending = req.params.what;
        res.json({});
      });
      app.get("/want-nothing", (req, res) => {
        delete req.session.pending;
        res.json({});
      });
      app.post("/pay", two.require2fa({ purpose: "pay" }), (req, res) => {
        res.json({ done: req.session.pending });
      });
      app.post("/close", two.require2fa({ purpose: "close" }), (_req, res) => res.json({}));
      app.post("/passkey", (req, res, next) => {
        two.confirm(req, { amr: ["hwk"], purpose: "pay" }).then(() => res.json({}), next);
      });
    },
  });
}

const want = (client: Client, what: string) => client.get(`/want/${encodeURIComponent(what)}`);
const pay = async (client: Client) => (await client.post("/pay")).status;
const FIFTY = "pay 50.00 USD to Alice";
const MORE = "pay 5000.00 USD to Alice";

describe.each(EXPRESSES)("%s", (_name, express) => {
  test("what is pending is in the text, in the answer, in the events, and confirmed by the code", async () => {
    const s = await servePaying({ express });
    const client = await s.signedIn();
    await want(client, FIFTY);
    expect((await client.post("/pay")).body).toMatchObject({
      code: "two_factor_required",
      ask: { purpose: "pay" },
    });
    const asked = await client.ask({ purpose: "pay" });
    expect(asked.body).toMatchObject({ status: "sent", description: FIFTY });
    expect(s.sent[0]).toMatchObject({ purpose: "pay", description: FIFTY });
    expect(s.sent[0]?.text).toBe(
      `${s.lastCode()} is your Acme security code. It confirms: "${FIFTY}". ` +
        "It expires in 10 minutes. Do not share it with anyone.",
    );
    expect((await client.status()).body).toMatchObject({ challenge: { description: FIFTY } });
    expect((await client.answer(s.lastCode())).status).toBe(200);
    expect((await client.post("/pay")).body).toEqual({ done: FIFTY });
    const told = s.events.filter(({ type }) => ["sent", "verified"].includes(type));
    expect(told.map(({ description }) => description)).toEqual([FIFTY, FIFTY]);
  });
});

test("a description that changed between request and answer takes no code that was sent before (dynamic linking) (R124)", async () => {
  const counters = new DistantCounters();
  const s = await servePaying({ options: { counters } });
  const client = await s.signedIn();
  await want(client, FIFTY);
  await client.ask({ purpose: "pay" });
  const old = s.lastCode();
  await want(client, MORE);
  expect((await client.answer(old)).body).toMatchObject({ code: "no_challenge" });
  expect(await pay(client)).toBe(403);
  expect((await client.status()).body).toMatchObject({ challenge: null });
  // Nothing was compared, so nothing is counted.
  expect(counters.countOf("attempts") + counters.countOf("failures")).toBe(0);
});

test("a changed description has another code, at once asked for, and the old one is wrong there (R124)", async () => {
  fakeDate();
  const s = await servePaying();
  const client = await s.signedIn();
  await want(client, FIFTY);
  await client.ask({ purpose: "pay" });
  const old = s.lastCode();
  pass(2);
  await want(client, MORE);
  expect((await client.ask({ purpose: "pay" })).body).toMatchObject({
    status: "sent",
    description: MORE,
  });
  const fresh = s.lastCode();
  if (fresh !== old) {
    expect((await client.answer(old)).body).toMatchObject({ code: "wrong_code" });
  }
  expect((await client.answer(fresh)).status).toBe(200);
  expect((await client.post("/pay")).body).toEqual({ done: MORE });
});

test("a description that changed between answer and guard needs a new proof, and the one before still holds for its own (R124)", async () => {
  const s = await servePaying();
  const client = await s.signedIn();
  await want(client, FIFTY);
  await client.ask({ purpose: "pay" });
  await client.answer(s.lastCode());
  await want(client, MORE);
  expect(await pay(client)).toBe(403);
  await want(client, FIFTY);
  expect(await pay(client)).toBe(200);
});

test.each([
  ["another amount", "pay 50.01 USD to Alice"],
  ["another payee", "pay 50.00 USD to Alive"],
  ["another case", "Pay 50.00 USD to Alice"],
  ["a word more", "pay 50.00 USD to Alice now"],
  ["nothing", ""],
])("a proof of one action is none of %s (R124)", async (_what, other) => {
  const s = await servePaying();
  const client = await s.signedIn();
  await want(client, FIFTY);
  await client.ask({ purpose: "pay" });
  await client.answer(s.lastCode());
  if (other === "") await client.get("/want-nothing");
  else await want(client, other);
  expect(await pay(client)).not.toBe(200);
});

test("the same words for another purpose, or for none, are another proof (R124)", async () => {
  const s = await servePaying();
  const client = await s.signedIn();
  await want(client, FIFTY);
  await client.ask({ purpose: "pay" });
  await client.answer(s.lastCode());
  expect((await client.post("/close")).status).toBe(403);
  expect(await client.visit()).toBe(403);
});

test("the session's store tells neither what is confirmed nor a digest that could be tried out", async () => {
  const store = new FaultyStore();
  const s = await servePaying({ session: { store } });
  const client = await s.signedIn();
  await want(client, FIFTY);
  await client.ask({ purpose: "pay" });
  const digests = ["sha256", "sha1", "md5"].flatMap((name) =>
    (["hex", "base64", "base64url"] as const).map((form) =>
      createHash(name).update(FIFTY).digest(form),
    ),
  );
  for (const answer of [() => undefined, () => client.answer(s.lastCode())]) {
    await answer();
    const [data] = Object.values(
      JSON.parse(await dump(store)) as Record<string, { twoFactor: object }>,
    );
    const ours = JSON.stringify(data?.twoFactor);
    expect(ours).not.toContain("Alice");
    expect(digests.filter((digest) => ours.includes(digest.slice(0, 20)))).toEqual([]);
  }
});

test("a code is asked for again without a new text's price while nothing has changed", async () => {
  fakeDate();
  const s = await servePaying();
  const client = await s.signedIn();
  await want(client, FIFTY);
  await client.ask({ purpose: "pay" });
  expect((await client.ask({ purpose: "pay" })).body).toMatchObject({
    status: "pending",
    description: FIFTY,
  });
  pass(2);
  await client.ask({ purpose: "pay" });
  expect(s.sent.map(codeIn)).toEqual([s.lastCode(), s.lastCode()]);
});

test("back at the first action, its code is good again: it says what it confirms", async () => {
  const s = await servePaying();
  const client = await s.signedIn();
  await want(client, FIFTY);
  await client.ask({ purpose: "pay" });
  await want(client, MORE);
  await want(client, FIFTY);
  expect((await client.answer(s.lastCode())).status).toBe(200);
  expect(await pay(client)).toBe(200);
});

test("a passkey confirms what is pending, and nothing else", async () => {
  const s = await servePaying();
  const client = await s.signedIn();
  expect((await client.post("/passkey")).status).toBe(400);
  await want(client, FIFTY);
  expect((await client.post("/passkey")).status).toBe(200);
  expect(await pay(client)).toBe(200);
  expect(s.events).toContainEqual(
    expect.objectContaining({ type: "confirmed", purpose: "pay", description: FIFTY }),
  );
  await want(client, MORE);
  expect(await pay(client)).toBe(403);
});

describe("where nothing is pending", () => {
  test("nothing is sent, answered or passed, and it is no fault of the server's", async () => {
    const s = await servePaying();
    const client = await s.signedIn();
    const nothing = {
      code: "invalid_request",
      detail: "There is nothing to confirm. Begin again.",
    };
    expect((await client.ask({ purpose: "pay" })).body).toMatchObject(nothing);
    expect((await client.post("/pay")).body).toMatchObject(nothing);
    expect(s.sent).toEqual([]);
    expect(s.events).toContainEqual(
      expect.objectContaining({ type: "guard_refused", reason: "describe_empty" }),
    );
  });

  test("a code for it is waited for no more, and another's can be answered", async () => {
    const s = await servePaying();
    const client = await s.signedIn();
    await client.ask();
    const plain = s.lastCode();
    await want(client, FIFTY);
    await client.ask({ purpose: "pay" });
    await client.get("/want-nothing");
    expect((await client.answer(plain)).status).toBe(200);
    expect(await client.visit()).toBe(200);
    expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
  });

  test("whoever is not signed in hears that first, and nobody is asked for a description", async () => {
    const asked = jest.fn(() => FIFTY);
    const s = await servePaying({ purpose: { describe: asked } });
    expect((await s.client().post("/pay")).body).toMatchObject({ code: "not_signed_in" });
    expect((await s.client().ask({ purpose: "pay" })).body).toMatchObject({
      code: "not_signed_in",
    });
    expect(asked).not.toHaveBeenCalled();
  });
});

describe("a describe that fails", () => {
  test("is told of once where its texts are too long, whatever length users give them", async () => {
    const warned = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    let length = 100;
    const s = await servePaying({ purpose: { describe: () => "x".repeat(length) } });
    const client = await s.signedIn();
    for (; length < 103; length += 1) {
      expect((await client.ask({ purpose: "pay" })).status).toBe(503);
    }
    expect(warned).toHaveBeenCalledTimes(1);
    expect(s.events.filter(({ type }) => type === "fault")).toHaveLength(1);
    warned.mockRestore();
  });

  test.each<[string, Describe, string]>([
    [
      "throws",
      () => {
        throw new Error("no row 42 for ann");
      },
      "describe_threw",
    ],
    ["rejects", () => Promise.reject(new Error("no row 42 for ann")), "describe_threw"],
    ["gives no text", () => 50 as never, "describe_kind"],
    ["gives too long a text", () => "x".repeat(71), "describe_long"],
    ["never answers", () => new Promise<never>(() => undefined), "describe_timeout"],
  ])(
    "closes with 503 where it %s, at request, answer, guard and status",
    async (_how, describe, reason) => {
      hurryDeadlines();
      let isBroken = false;
      const s = await servePaying({
        purpose: { describe: (req) => (isBroken ? describe(req) : FIFTY) },
      });
      const client = await s.signedIn();
      await client.ask({ purpose: "pay" });
      isBroken = true;
      expect((await client.ask({ purpose: "pay" })).status).toBe(503);
      expect((await client.answer(s.lastCode())).status).toBe(503);
      expect((await client.status()).status).toBe(503);
      expect(await pay(client)).toBe(503);
      expect(s.events.map((event) => event.reason)).toContain(reason);
      expect(JSON.stringify(s.events.filter(({ type }) => type !== "fault"))).not.toContain(
        "row 42",
      );
      expect(s.sent).toHaveLength(1);
      isBroken = false;
      expect((await client.answer(s.lastCode())).status).toBe(200);
      expect(await pay(client)).toBe(200);
    },
  );
});

test("a call says what it confirms with the code, behind the keys: no voicemail hears it", async () => {
  const s = await servePaying({ options: { channels: ["sms", "call"] } });
  const client = await s.signedIn();
  await want(client, FIFTY);
  await client.ask({ purpose: "pay", channel: "call" });
  const { code, ...before } = s.sent[0]?.spoken ?? {};
  expect(code).toMatch(/^It confirms: pay 50\.00 USD to Alice\. Your security code is: \d, /);
  expect(JSON.stringify(before)).not.toContain("Alice");
  await client.answer(s.lastCode());
  expect(await pay(client)).toBe(200);
});

test.each([
  ["a line for a browser", `pay 5 USD\n\n@evil.example #${"1".repeat(6)}`],
  ["the same in one line", `pay 5 USD @evil.example #${"1".repeat(6)}`],
  ["sentences of ours", 'pay 5 USD". It expires in 99 minutes. Tell it to Bob. "'],
  ["another code", "pay 5 USD. 999999 is your Acme code"],
  ["marks of direction", "pay \u202eDSU 00.05\u202c"],
])("a description that holds %s stays one line in quotes", async (_what, forged) => {
  const s = await servePaying({ options: { origin: "https://app.acme.example" } });
  const client = await s.signedIn();
  await want(client, forged);
  await client.ask({ purpose: "pay" });
  const text = String(s.sent[0]?.text);
  const lines = text.split("\n");
  expect(lines).toHaveLength(3);
  expect(lines.at(-1)).toBe(`@app.acme.example #${s.lastCode()}`);
  expect(lines[0]?.match(/"/g)).toHaveLength(2);
  expect(lines[0]).toMatch(
    /^\d{6} is your Acme security code\. It confirms: "[^"]+"\. It expires in 10 minutes\. Do not share it with anyone\.$/,
  );
  expect(bindsCode(text.slice(0, text.lastIndexOf("\n")))).toBe(false);
  expect(text).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
});

test("events show neither the numbers of phones nor of accounts in a description", async () => {
  const s = await servePaying();
  const client = await s.signedIn();
  await want(client, `pay 12,500.00 USD to ${BOB} (DE89 3704 0044 0532 0130 00)`);
  await client.ask({ purpose: "pay" });
  const [sent] = s.events.filter(({ type }) => type === "sent");
  expect(sent?.description).toBe("pay ••••00 USD to ••••88 (DE••••00)");
  await want(client, "pay 125.00 USD to Alice");
  await client.post("/pay");
  expect(JSON.stringify(s.events)).not.toContain("0532");
});

test("two apps of one secret and one session share no proof, though their purposes have one name", async () => {
  const counters = new DistantCounters();
  const purposes = { pay: { describe: () => FIFTY } };
  const bank = twoFactor({
    secret: SECRET,
    user: (req) => req.session.user,
    appName: "Bank",
    sender: () => undefined,
    counters,
    purposes,
  });
  const s = await serve({
    options: { counters, purposes },
    before: (app, two) => {
      app.use("/bank/2fa", bank.router);
      app.get("/bank/pay", bank.require2fa({ purpose: "pay" }), (_req, res) => res.json({}));
      app.get("/pay", two.require2fa({ purpose: "pay" }), (_req, res) => res.json({}));
    },
  });
  const client = await s.signedIn();
  await client.ask({ purpose: "pay" });
  expect((await client.answer(s.lastCode())).status).toBe(200);
  expect(await client.visit("/pay")).toBe(200);
  expect(await client.visit("/bank/pay")).toBe(403);
});

test("a user who needs no factor passes, once there is something to confirm", async () => {
  const s = await servePaying({ options: { isRequired: () => false } });
  const client = await s.signedIn("ann", ANN);
  expect(await pay(client)).toBe(400);
  await want(client, FIFTY);
  expect(await pay(client)).toBe(200);
});

test("a number alone, in the other mode, is asked for what is pending too", async () => {
  const s = await servePaying({ user: "from-request" });
  const client = s.client();
  await want(client, FIFTY);
  await client.ask({ number: ANN, purpose: "pay" });
  expect((await client.answer(s.lastCode())).status).toBe(200);
  expect(await pay(client)).toBe(200);
  await want(client, MORE);
  expect(await pay(client)).toBe(403);
});
