/** What an attacker would read: the answers, the logs, the events and the stores tell no secret. */

import { createHash } from "node:crypto";
import type { Request } from "express";
import { inspect } from "node:util";
import { ANN, codeIn, EXPRESSES, SECRET, serve, type Served } from "../fakes/app";
import { dump, DistantCounters, FaultyStore } from "../fakes/stores";

const TOKEN = "PTb7d1c09e44f2ab";

const NUMBER = /2025550123/;

/** Takes down all that the process prints and warns of. */
function listen(): { heard: () => string; stop: () => void } {
  const heard: string[] = [];
  const take = (...given: unknown[]) => {
    heard.push(given.map((each) => (typeof each === "string" ? each : inspect(each))).join(" "));
    return true;
  };
  const spies = [
    ...(["log", "info", "warn", "error", "debug"] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation(take),
    ),
    jest.spyOn(process.stdout, "write").mockImplementation(take),
    jest.spyOn(process.stderr, "write").mockImplementation(take),
    jest.spyOn(process, "emitWarning").mockImplementation(take),
  ];
  return {
    heard: () => heard.join("\n"),
    stop: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}

/** An error as a gateway's client throws it: it shows the text, the number and the credentials. */
function clientError(to: string, text: string): Error {
  const config = { headers: { Authorization: `Basic ${TOKEN}` }, data: `To=${to}&Body=${text}` };
  return Object.assign(new Error(`POST failed for ${to}: ${text} (${TOKEN})`), {
    config,
    status: 500,
    moreInfo: TOKEN,
    toJSON: () => config,
  });
}

describe.each(EXPRESSES)("%s", (_name, express) => {
  test.each([
    ["rejects with", (error: Error) => Promise.reject(error)],
    [
      "throws",
      (error: Error) => {
        throw error;
      },
    ],
    [
      "throws the text itself of",
      (error: Error) => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- a client that does so
        throw error.message;
      },
    ],
  ])(
    "a sender that %s an error that holds code, number and token leaks none of them (R11, R89, B111)",
    async (_how, act) => {
      const ears = listen();
      try {
        let code = "";
        const s = await serve({
          express,
          options: {
            sender: (message) => {
              code = codeIn(message);
              return act(clientError(message.to, message.text));
            },
          },
        });
        const client = await s.signedIn();
        const answer = await client.ask();
        expect(answer.status).toBe(502);
        expect(code).toMatch(/^\d{6}$/);
        const seen = [
          answer.text,
          inspect(answer.headers),
          JSON.stringify(s.events),
          inspect(s.events, { depth: null }),
          inspect(s.errors, { depth: null, showHidden: true }),
          ears.heard(),
        ].join("\n");
        for (const secret of [code, TOKEN, "2025550123", SECRET])
          expect(seen).not.toContain(secret);
        expect(seen).toContain("send_failed");
      } finally {
        ears.stop();
      }
    },
  );
});

/** A whole flow with its slips, and all the answers that it gave. */
async function run(s: Served): Promise<string[]> {
  const client = await s.signedIn();
  const answers = [
    await client.ask(),
    await client.ask(),
    await client.status(),
    await client.answer("000001"),
    await client.ask({ number: "+12025550188" }),
    await client.get("/private"),
    await client.answer(s.lastCode()),
    await client.answer(s.lastCode()),
    await client.ask(),
    await client.status(),
    await client.get("/private"),
  ];
  return answers.map(({ text, headers }) => `${inspect(headers)} ${text}`);
}

test("no code and no full number stand in any answer or header (B096, R11)", async () => {
  const s = await serve();
  const answers = await run(s);
  expect(answers.join("\n")).toContain("••••23");
  for (const answer of answers) {
    expect(answer).not.toContain(s.lastCode());
    expect(answer).not.toMatch(NUMBER);
  }
});

test("no code, full number or session id stands in any event, nor a line break to forge one (R88, R90)", async () => {
  const s = await serve();
  await run(s);
  const client = await s.signedIn("eve\r\n{forged}\u001b[31m\u0085\u009b\u2028");
  await client.ask().set("User-Agent", "x\u0085[31m");
  await client.answer("12\n34", { number: "+12025550123\nBcc: x" });
  await client.answer(s.lastCode());
  await client.post("/reset");
  await s.two.unlock("eve\u2029");
  // Whether they are logged as JSON or word by word.
  const told = s.events.map((event) => Object.values(event).join(" "));
  expect(told.length).toBeGreaterThan(12);
  expect(s.events.findLast(({ type }) => type === "verified")?.subject).toMatch(/^eve.+forged/);
  for (const event of told) {
    expect(event).not.toContain(s.lastCode());
    expect(event).not.toMatch(NUMBER);
    expect(event).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(event).not.toContain(decodeURIComponent(client.cookie).slice(14, 40));
  }
});

test("where the number is the subject, events mask it all the same (R88)", async () => {
  const s = await serve({ user: "from-request" });
  const client = s.client();
  await client.ask({ number: ANN });
  await client.answer("000001");
  await client.answer(s.lastCode());
  await client.post("/reset");
  await client.ask({ number: ANN });
  expect(s.events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["sent", "wrong_code", "verified", "session_renewed", "mark_dropped"]),
  );
  expect(JSON.stringify(s.events)).not.toMatch(NUMBER);
  expect(s.events.find(({ type }) => type === "verified")?.subject).toBe("••••23");
});

test("the process prints nothing in a whole flow, in production too (B095)", async () => {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  const ears = listen();
  try {
    const s = await serve();
    await run(s);
    expect(ears.heard()).not.toContain(s.lastCode());
    expect(ears.heard()).not.toMatch(NUMBER);
    expect(ears.heard()).not.toContain(SECRET);
  } finally {
    ears.stop();
    process.env.NODE_ENV = before;
  }
});

test("neither the code nor an unkeyed digest of it stands in the session store or among the counters, nor the number of a user (B097, R9)", async () => {
  const store = new FaultyStore();
  const user = (req: Request) => ({ id: String(req.session.user?.id), phone: ANN });
  const counters = new DistantCounters();
  const s = await serve({ session: { store }, user, options: { counters } });
  const client = s.client();
  await client.signIn("ann", null);
  await client.ask();
  const code = s.lastCode();
  const waiting = await dump(store);
  await client.answer(code);
  const verified = await dump(store);

  const id = /"challenges":\[\{"id":"([\w-]+)"/.exec(waiting)?.[1] ?? "";
  expect(id).not.toBe("");
  const inputs = [code, ANN, ...[id, ANN, "ann"].flatMap((salt) => [salt + code, code + salt])];
  expect(waiting).toContain("twoFactor");
  expect(verified).toContain("twoFactor");
  const counted = [...counters.names].join("\n");
  expect(counted).toContain(id);
  for (const stored of [waiting, verified, counted]) {
    expect(stored).not.toContain(code);
    expect(stored).not.toMatch(NUMBER);
    for (const input of inputs) {
      expect(stored).not.toContain(Buffer.from(input).toString("base64").replace(/=+$/, ""));
      for (const algorithm of ["md5", "sha1", "sha256", "sha512"]) {
        const digest = createHash(algorithm).update(input).digest();
        for (const encoding of ["hex", "base64", "base64url"] as const) {
          expect(stored).not.toContain(digest.toString(encoding).slice(0, 16));
        }
      }
    }
  }
});

test("the names of counters tell no user, number, address or session", async () => {
  const counters = new DistantCounters();
  const s = await serve({ options: { counters } });
  const client = await s.signedIn("ann@acme.example");
  await client.ask();
  await client.answer("000001");
  await client.answer(s.lastCode());
  await client.post("/reset");
  const { names } = counters;
  expect(names.size).toBeGreaterThan(10);
  const keys = [...names].join("\n");
  expect(keys).not.toMatch(NUMBER);
  expect(keys).not.toContain("acme.example");
  expect(keys).not.toContain("127.0.0.1");
  expect(keys).not.toContain(decodeURIComponent(client.cookie).slice(14, 40));
});

test("a wrong secret is never shown by the sentence that refuses it", async () => {
  await expect(serve({ options: { secret: "hunter2" } })).rejects.toThrow(
    /at least 32 bytes, got 7/,
  );
  await expect(serve({ options: { secret: "hunter2" } })).rejects.not.toThrow(/hunter2/);
  await expect(serve({ options: { secret: [SECRET, "hunter2"] } })).rejects.not.toThrow(/hunter2/);
});
