/** `withTwoFactor()`: who is asked, how often, what is sent once more, and where nobody is led. */

import express from "express";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { Gate, serve, wrongCodes, type Served, type ServeOptions } from "../fakes/app";
import {
  createClient,
  TwoFactorRefusal,
  withTwoFactor,
  type Problem,
} from "../../lib/client/index.mjs";
import { signedInFetch, type PageFetch } from "./jar";

interface Opened {
  s: Served;
  asked: string[];
  fetch: PageFetch;
  /** Has the user verified, as a dialog would. */
  verify: (problem: Problem) => Promise<void>;
}

async function open(given: ServeOptions = {}): Promise<Opened> {
  const s = await serve({
    before: (app, two) => {
      app.post("/echo", two.require2fa(), express.json(), (req, res) => res.json(req.body));
    },
    ...given,
  });
  const asked: string[] = [];
  const fetch = await signedInFetch(s, asked);
  const client = createClient({ baseUrl: "/2fa", fetch });
  const verify = async ({ ask }: Problem): Promise<void> => {
    await client.requestCode(ask);
    await client.submitCode(s.lastCode());
  };
  return { s, asked, fetch, verify };
}

const post = (body: BodyInit, more: RequestInit = {}): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body,
  ...more,
});

test("a refused request is made once more after the user has verified, with the same body", async () => {
  const { asked, fetch, verify } = await open();
  const guarded = withTwoFactor(fetch, { onTwoFactorRequired: verify });
  const answer = await guarded("/echo", post('{"to":"Ann"}'));
  expect([answer.status, await answer.json()]).toEqual([200, { to: "Ann" }]);
  expect(asked).toEqual([
    "POST /echo",
    "POST /2fa/request-auth",
    "POST /2fa/validate-auth",
    "POST /echo",
  ]);
  expect((await guarded("/private")).status).toBe(200);
  expect(asked).toHaveLength(5);
});

describe("the dialog of docs/client.md, as it stands there,", () => {
  /** Runs it, `answers` being what the user types; gives the status of the request and what was asked. */
  async function run(answersOf: (right: string) => (string | null)[]) {
    const { s, asked, fetch } = await open({
      before: (app, two) => {
        app.post("/transfer", two.require2fa(), (_req, res) => res.json({}));
      },
    });
    const blocks = readFileSync(join(__dirname, "..", "..", "docs", "client.md"), "utf8").split(
      "```",
    );
    const sample = blocks.find((each) => each.includes("window.prompt")) ?? "";
    const { outputText } = ts.transpileModule(sample.replace(/^ts\n|^import .*$/gm, ""), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const questions: string[] = [];
    const told: unknown[] = [];
    let answers: (string | null)[] | undefined;
    const names = {
      createClient: (options: { baseUrl: string }) => createClient({ ...options, fetch }),
      TwoFactorRefusal,
      withTwoFactor,
      fetch,
      console: { log: (status: unknown) => told.push(status) },
      window: {
        prompt: (question: string) => {
          questions.push(question);
          answers ??= answersOf(s.lastCode());
          return answers.shift() ?? null;
        },
      },
    };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the document's own code
    const sampleOf = new Function(
      ...Object.keys(names),
      `return (async () => {${outputText}})();`,
    ) as (...given: unknown[]) => Promise<void>;
    const failed = await sampleOf(...Object.values(names)).catch((error: unknown) => error);
    return { failed, told, questions, asked };
  }

  test("asks again after a slip of the hand, and the request is made once more (C239)", async () => {
    const { failed, told, questions, asked } = await run((right) => [
      "12",
      " ",
      ...wrongCodes(right, 1),
      right,
    ]);
    expect([failed, told]).toEqual([undefined, [200]]);
    expect(questions).toHaveLength(4);
    expect(questions.at(-1)).toContain("4 tries left");
    expect(asked.filter((each) => each === "POST /transfer")).toHaveLength(2);
    expect(asked.filter((each) => each === "POST /2fa/request-auth")).toHaveLength(1);
  });

  test("stops once no try is left, and when the user gives up (C239)", async () => {
    const spent = await run((right) => wrongCodes(right, 9));
    expect(spent.questions).toHaveLength(5);
    expect(spent.failed).toMatchObject({ code: "wrong_code", attemptsLeft: 0 });
    const left = await run(() => [null]);
    expect([left.questions.length, String(left.failed)]).toEqual([1, "Error: Given up."]);
  });
});

test("so is one that is a Request, whose body can be read once", async () => {
  const { s, fetch, verify } = await open();
  const guarded = withTwoFactor(fetch, { onTwoFactorRequired: verify });
  const request = new Request(`http://127.0.0.1:${s.port}/echo`, post('{"to":"Bob"}'));
  const answer = await guarded(request);
  expect([answer.status, await answer.json()]).toEqual([200, { to: "Bob" }]);
});

test("a stream can't be sent again: nobody is asked, and the refusal is handed over", async () => {
  const { asked, fetch, verify } = await open();
  const prompt = jest.fn(verify);
  const guarded = withTwoFactor(fetch, { onTwoFactorRequired: prompt });
  const stream = new Blob(['{"to":"Ann"}']).stream();
  const answer = await guarded("/echo", { ...post(stream), duplex: "half" } as RequestInit);
  expect([answer.status, asked]).toEqual([403, ["POST /echo"]]);
  expect(prompt).not.toHaveBeenCalled();
  expect(await answer.json()).toMatchObject({ code: "two_factor_required" });
});

test("once more is all: a second refusal is handed over, still to be read", async () => {
  const { asked, fetch } = await open();
  const prompt = jest.fn();
  const answer = await withTwoFactor(fetch, { onTwoFactorRequired: prompt })("/private");
  expect(asked).toEqual(["GET /private", "GET /private"]);
  expect(prompt).toHaveBeenCalledTimes(1);
  expect(await answer.json()).toMatchObject({ code: "two_factor_required", status: 403 });
});

test("requests at the same time share one prompt, one that is answered late too", async () => {
  const { asked, fetch, verify } = await open();
  const prompt = jest.fn(verify);
  const gate = new Gate();
  const guarded = withTwoFactor(
    async (input, init) => {
      const answer = await fetch(input, init);
      if (input === "/private?late" && answer.status === 403) await gate.pass();
      return answer;
    },
    { onTwoFactorRequired: prompt },
  );
  const late = guarded("/private?late");
  await gate.held;
  const answers = await Promise.all(Array.from({ length: 8 }, () => guarded("/private")));
  gate.open();
  answers.push(await late);
  expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(200));
  expect(prompt).toHaveBeenCalledTimes(1);
  expect(asked.filter((each) => each === "POST /2fa/request-auth")).toHaveLength(1);
});

test("two that ask for different proofs are asked one after the other", async () => {
  const { fetch, verify } = await open({
    options: { purposes: ["pay"] },
    guard: { purpose: "pay" },
  });
  let [running, most] = [0, 0];
  const asks: unknown[] = [];
  const guarded = withTwoFactor(fetch, {
    onTwoFactorRequired: async (problem) => {
      most = Math.max(most, ++running);
      asks.push(problem.ask);
      await verify(problem);
      running -= 1;
    },
  });
  const answers = await Promise.all([
    guarded("/private"),
    guarded("/echo", post("{}")),
    guarded("/private"),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(asks).toHaveLength(2);
  expect(asks).toEqual(expect.arrayContaining([{ purpose: "pay" }, undefined]));
  expect(most).toBe(1);
});

test("where the prompt is given up the request rejects, and the next one asks anew", async () => {
  const { asked, fetch, verify } = await open();
  const prompt = jest.fn(verify).mockRejectedValueOnce(new Error("Closed."));
  const guarded = withTwoFactor(fetch, { onTwoFactorRequired: prompt });
  await expect(guarded("/private")).rejects.toThrow("Closed.");
  expect(asked).toEqual(["GET /private"]);
  expect((await guarded("/private")).status).toBe(200);
  expect(prompt).toHaveBeenCalledTimes(2);
});

test("an aborted request stops waiting for the prompt; the others do not", async () => {
  const { asked, fetch, verify } = await open();
  const gate = new Gate();
  const guarded = withTwoFactor(fetch, {
    onTwoFactorRequired: async (problem) => {
      await gate.pass();
      await verify(problem);
    },
  });
  const controller = new AbortController();
  const aborted = guarded("/private", { signal: controller.signal });
  const patient = guarded("/private");
  await gate.held;
  controller.abort(new Error("Gone."));
  await expect(aborted).rejects.toThrow("Gone.");
  gate.open();
  expect((await patient).status).toBe(200);
  expect(asked.filter((each) => each === "GET /private")).toHaveLength(3);
});

test.each<[string, number, string, object]>([
  ["another problem", 403, "application/problem+json", { code: "cross_site" }],
  ["the words in plain JSON", 403, "application/json", { code: "two_factor_required" }],
  [
    "the words under another status",
    200,
    "application/problem+json",
    { code: "two_factor_required" },
  ],
])("%s is handed over, and asks nobody", async (_what, status, type, body) => {
  const { fetch } = await open({
    before: (app) =>
      app.get("/odd", (_req, res) => res.status(status).type(type).send(JSON.stringify(body))),
  });
  const prompt = jest.fn();
  const answer = await withTwoFactor(fetch, { onTwoFactorRequired: prompt })("/odd");
  expect([answer.status, await answer.json()]).toEqual([status, body]);
  expect(prompt).not.toHaveBeenCalled();
});

describe("without a prompt of the app's", () => {
  const assign = jest.fn<undefined, [URL]>();
  beforeEach(() => {
    assign.mockClear();
    const here = new URL("https://app.example/orders?page=2#last");
    const { href, origin, protocol, pathname, search, hash } = here;
    const location = { href, origin, protocol, pathname, search, hash, assign };
    Object.defineProperty(globalThis, "location", { value: location, configurable: true });
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, "location");
  });

  /** A refusal of the guard's, as if from `url`. */
  const refusing = (page: unknown, url: string): PageFetch =>
    jest.fn(() => {
      const problem = {
        code: "two_factor_required",
        verifyAt: { request: "/2fa/request-auth", validate: "/2fa/validate-auth", page },
      };
      const headers = { "Content-Type": "application/problem+json; charset=utf-8" };
      const answer = new Response(JSON.stringify(problem), { status: 403, headers });
      Object.defineProperty(answer, "url", { value: url });
      return Promise.resolve(answer);
    });

  test("it goes to the page that the problem names, and hands the refusal over", async () => {
    const inner = refusing("/2fa/?purpose=pay&maxAge=120", "https://app.example/transfer");
    const answer = await withTwoFactor(inner)("/transfer");
    expect(answer.status).toBe(403);
    expect(inner).toHaveBeenCalledTimes(1);
    const [[url]] = assign.mock.calls as [[URL]];
    expect(url.href).toBe(
      "https://app.example/2fa/?purpose=pay&maxAge=120&returnTo=%2Forders%3Fpage%3D2%23last",
    );
    expect(await answer.json()).toHaveProperty("verifyAt.page");
  });

  test.each([
    ["https://evil.example/2fa/"],
    ["//evil.example/2fa/"],
    ["/\\evil.example/2fa/"],
    ["\\\\evil.example"],
    ["http://app.example/2fa/"],
    ["https://app.example:8443/2fa/"],
    ["https://app.example@evil.example/"],
    ["javascript:alert(1)"],
    ["java\nscript:alert(1)"],
    ["data:text/html,x"],
    ["blob:https://app.example/1"],
    ["https://"],
    [undefined],
    [null],
    [{}],
  ])("a page at %j leads nobody away from this origin", async (page) => {
    const answer = await withTwoFactor(refusing(page, "https://app.example/transfer"))("/transfer");
    expect(answer.status).toBe(403);
    const elsewhere = assign.mock.calls.filter(([url]) => url.origin !== "https://app.example");
    expect(elsewhere).toEqual([]);
    if (typeof page === "string" || page === undefined) expect(assign).not.toHaveBeenCalled();
  });

  test("another origin's answer leads nobody to a page of this one", async () => {
    const inner = refusing("/log-out?now", "https://api.evil.example/x");
    expect((await withTwoFactor(inner)("https://api.evil.example/x")).status).toBe(403);
    expect(assign).not.toHaveBeenCalled();
  });
});
