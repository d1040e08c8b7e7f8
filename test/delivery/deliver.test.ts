/** How a delivery may end, and what each end leaves behind: a sender never hangs or breaks the app. */

import { codeIn, serve } from "../fakes/app";
import { fakeDate, hurryDeadlines, pass, until } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";
import { TwoFactorError, type Message } from "../../lib/index";

describe("a send that is refused for certain", () => {
  const expectNothingLeft = async (makeError: () => unknown, status: number, code: string) => {
    let isFailing = true;
    const sent: Message[] = [];
    const s = await serve({
      options: {
        sender: (message) => {
          if (isFailing) throw makeError();
          sent.push(message);
        },
      },
    });
    const client = await s.signedIn();
    const failed = await client.ask();
    expect([failed.status, (failed.body as { code: string }).code]).toEqual([status, code]);
    expect((await client.status()).body).toEqual({ verified: false, challenge: null });
    isFailing = false;
    const again = await client.ask();
    expect(again.body).toMatchObject({ status: "sent", resendIn: 30, attemptsLeft: 5 });
    expect(sent).toHaveLength(1);
    expect((await client.answer(codeIn(sent[0]))).status).toBe(200);
  };

  test.each([
    [
      "an error with the gateway's 401",
      () => failing("no", { status: 401 }),
      502,
      "delivery_failed",
    ],
    [
      "a client's odd error",
      () => ({ status: 404, code: undefined, message: "" }),
      502,
      "delivery_failed",
    ],
    ["opted out", () => new TwoFactorError("cannot_text_number", "x"), 422, "cannot_text_number"],
    ["unreachable", () => new TwoFactorError("unavailable", "x"), 503, "unavailable"],
    ["a client's, opted out", () => ({ status: 400, code: 21610 }), 422, "cannot_text_number"],
    ["a client's, no number", () => ({ status: 400, code: 21211 }), 422, "cannot_text_number"],
    ["a client's, a landline", () => ({ status: 400, code: "30006" }), 422, "cannot_text_number"],
    [
      "a client's own class",
      () => Object.assign(new Error("+12025550123"), { status: 400, code: 21614 }),
      422,
      "cannot_text_number",
    ],
    ["a client's, its own number", () => ({ status: 400, code: 21606 }), 502, "delivery_failed"],
    ["a client's, throttled", () => ({ status: 429, code: 20429 }), 502, "delivery_failed"],
    ["another code of ours", () => new TwoFactorError("wrong_code", "x"), 502, "delivery_failed"],
  ])(
    "(%s) leaves no challenge and no wait: the next try is sent at once, as if it were the first (B020, B022, B023, B024, R37)",
    async (_what, makeError, status, code) => expectNothingLeft(makeError, status, code),
  );

  test("leaves no wait over counters at a distance either (B020)", async () => {
    let isFailing = true;
    const counters = new DistantCounters(40);
    const sender = () => {
      if (isFailing) throw failing("no", { code: "ECONNREFUSED" });
    };
    const s = await serve({ options: { counters, sender } });
    const client = await s.signedIn();
    expect((await client.ask()).status).toBe(502);
    isFailing = false;
    expect((await client.ask()).body).toMatchObject({ status: "sent" });
  });

  test("leaves the code of an earlier text that is still good (B009)", async () => {
    fakeDate();
    let isFailing = false;
    const sent: Message[] = [];
    const sender = (message: Message) => {
      if (isFailing) throw failing("no", { status: 400 });
      sent.push(message);
    };
    const s = await serve({ options: { sender } });
    const client = await s.signedIn();
    await client.ask();
    pass(30);
    isFailing = true;
    expect((await client.ask()).status).toBe(502);
    expect((await client.answer(codeIn(sent[0]))).status).toBe(200);
  });

  test.each([
    ["opted_out", "opted_out"],
    ["twilio:21610", "twilio:21610"],
    ["the text", "delivery_failed"],
    ["to +12025550123", "delivery_failed"],
    ["code:042917", "delivery_failed"],
    ["code:042-917", "delivery_failed"],
    ["PT0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d4e5f", "delivery_failed"],
    ["a".repeat(33), "delivery_failed"],
    ["refused\n[audit]", "delivery_failed"],
    ["", "delivery_failed"],
    [{ toString: () => "x" } as unknown as string, "delivery_failed"],
    [undefined, "delivery_failed"],
  ])("with the reason %j is told of as %j: no sentence of a gateway's", async (reason, told) => {
    const sender = () => {
      throw new TwoFactorError("delivery_failed", "x", {
        ...(reason !== undefined && { reason }),
      });
    };
    const s = await serve({ options: { sender } });
    await (await s.signedIn()).ask();
    expect(s.events.at(-1)).toMatchObject({ type: "send_failed", reason: told });
  });

  test.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new TwoFactorError("delivery_failed", "x", { mayStillArrive: true });
      },
    ],
    ["rejects", () => Promise.reject(new Error("connection reset"))],
    [
      "rejects for a busy gateway",
      () => Promise.reject(Object.assign(new Error(), { status: 503 })),
    ],
    ["resolves with a refusal", () => Promise.resolve({ ok: false, status: 500 })],
    ["never answers", () => new Promise<never>(() => undefined)],
  ])("is not tried again by itself, where the sender %s (R38)", async (_how, send) => {
    hurryDeadlines();
    const sender = jest.fn(send);
    const s = await serve({ options: { sender, sendTimeout: 1 } });
    expect((await (await s.signedIn()).ask()).status).toBeGreaterThanOrEqual(500);
    await s.two.close();
    await new Promise(setImmediate);
    expect(sender).toHaveBeenCalledTimes(1);
  });

  test("tells how long to wait where the gateway did", async () => {
    const sender = () => {
      throw new TwoFactorError("unavailable", "x", { retryAfter: 17 });
    };
    const s = await serve({ options: { sender } });
    expect((await (await s.signedIn()).ask()).headers["retry-after"]).toBe("17");
  });
});

/** An error as a client makes one. */
function failing(message: string, members: object): Error {
  return Object.assign(new Error(message), members);
}

const REFUSED = failing("connect", { code: "ECONNREFUSED" });

/** As `fetch` gives one where the gateway refuses. */
function response(status: number): Response {
  return new Response("{}", { status });
}

/** A sender that takes the text, and then fails so. */
async function afterLeaving(fail: (message: Message) => unknown) {
  const sent: Message[] = [];
  const sender = (message: Message): unknown => {
    sent.push(message);
    return fail(message);
  };
  const s = await serve({ options: { sender } });
  const client = await s.signedIn();
  const asked = await client.ask();
  return { s, sent, client, asked };
}

describe("a sender of the app's own that fails after the text has left (C212)", () => {
  const timeout = new DOMException("The operation timed out.", "TimeoutError");
  test.each([
    ["an error", () => new Error("no"), "sender_threw"],
    ["a text", () => "no", "sender_threw"],
    ["undefined", () => undefined, "sender_threw"],
    ["null", () => null, "sender_threw"],
    ["a connection that is reset", () => failing("x", { code: "ECONNRESET" }), "sender_threw"],
    ["a time-out of axios", () => failing("x", { code: "ECONNABORTED" }), "sender_threw"],
    ["a time-out of fetch", () => timeout, "sender_threw"],
    ["an abort", () => new DOMException("Aborted.", "AbortError"), "sender_threw"],
    ["a 503", () => failing("x", { status: 503 }), "http:503"],
    ["a 500 of axios", () => failing("x", { response: { status: 500 } }), "http:500"],
    ["a 504 of a Response", () => failing("x", { response: response(504) }), "http:504"],
    ["a 502 that hides a refusal", () => failing("x", { status: 502, cause: REFUSED }), "http:502"],
    [
      "two addresses, one of which is slow",
      () => new AggregateError([REFUSED, failing("x", { code: "ETIMEDOUT" })]),
      "sender_threw",
    ],
    ["its own word", () => failing("x", { status: 400, mayStillArrive: true }), "http:400"],
    ["a client's code without a status", () => ({ code: 21610 }), "sender_threw"],
    ["odd members", () => ({ status: Symbol("400"), code: Symbol("1") }), "sender_threw"],
    ["a cause that is its own", () => circular(), "sender_threw"],
  ])("by %s leaves the code good", async (_what, makeError, reason) => {
    const { s, sent, client, asked } = await afterLeaving(() => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- as a client might
      throw makeError();
    });
    expect([asked.status, asked.body]).toMatchObject([502, { code: "delivery_failed" }]);
    expect(s.events.at(-1)).toMatchObject({ type: "send_failed", reason });
    expect((await client.ask()).body).toMatchObject({ status: "pending" });
    expect((await client.answer(codeIn(sent[0]))).status).toBe(200);
    expect(await client.visit()).toBe(200);
  });

  test.each([
    ["a connection refused", () => REFUSED, "unreachable"],
    ["a host not found", () => failing("x", { code: "ENOTFOUND" }), "unreachable"],
    ["a name server that is away", () => failing("x", { code: "EAI_AGAIN" }), "unreachable"],
    [
      "what fetch makes of it",
      () => new TypeError("fetch failed", { cause: REFUSED }),
      "unreachable",
    ],
    ["a host of two addresses", () => new AggregateError([REFUSED, REFUSED]), "unreachable"],
    ["a 400", () => failing("x", { statusCode: 400 }), "http:400"],
    ["a 404 of axios", () => failing("x", { response: { status: 404 } }), "http:404"],
    ["a 422 of a Response", () => failing("x", { response: response(422) }), "http:422"],
    ["a 403 of AWS", () => failing("x", { $metadata: { httpStatusCode: 403 } }), "http:403"],
    ["its own word", () => failing("x", { mayStillArrive: false }), "sender_threw"],
  ])("is told from one that says that nothing was sent: %s", async (_what, makeError, reason) => {
    const { s, client } = await afterLeaving(() => {
      throw makeError();
    });
    expect(s.events.at(-1)).toMatchObject({ type: "send_failed", reason });
    expect((await client.status()).body).toMatchObject({ challenge: null });
  });

  const throwing = (): never => {
    throw new Error("member");
  };
  const odd = new TwoFactorError("unavailable", "x");
  Object.defineProperty(odd, "reason", { get: throwing });
  test.each([
    ["a proxy whose members throw", new Proxy({}, { get: throwing, getPrototypeOf: throwing })],
    ["one of ours with a getter that throws", odd],
    ["a thenable", { then: throwing }],
  ])("by %s is a failure and no time-out, and its code stays good (C212)", async (_what, error) => {
    for (const sender of [
      (): never => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- as a client might
        throw error;
      },
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a client's
      () => Promise.reject(error),
    ]) {
      const s = await serve({ options: { sender } });
      const client = await s.signedIn();
      expect((await client.ask()).body).toMatchObject({ code: "delivery_failed" });
      expect(s.events.at(-1)).toMatchObject({ type: "send_failed", reason: "sender_threw" });
      expect((await client.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
    }
  });
});

function circular(): Error {
  const error = new Error("x");
  error.cause = error;
  return error;
}

describe("a sender that resolves although nothing was taken (C213)", () => {
  test.each([
    ["a Response of 401", () => response(401), "http:401", false],
    ["a Response of 404", () => response(404), "http:404", false],
    ["a Response of 500", () => response(500), "http:500", true],
    ["what is like one", () => ({ ok: false, status: 429 }), "http:429", false],
    ["a client's answer without `ok`", () => ({ statusCode: 403 }), "http:403", false],
    ["an answer that says no", () => ({ ok: false }), "returned_false", true],
    ["false", () => false, "returned_false", true],
    ["an error", () => failing("x", { status: 400 }), "http:400", false],
    ["a sender", () => () => undefined, "returned_function", false],
  ])("with %s has failed", async (_what, give, reason, isGood) => {
    const { s, sent, client, asked } = await afterLeaving(give);
    expect([asked.status, asked.body]).toMatchObject([502, { code: "delivery_failed" }]);
    expect(s.events.at(-1)).toMatchObject({ type: "send_failed", reason });
    expect((await client.answer(codeIn(sent[0]))).status).toBe(isGood ? 200 : 403);
  });

  test.each([
    ["nothing", () => undefined],
    ["true", () => true],
    ["a Response of 201", () => response(201)],
    ["a gateway's record of the message", () => ({ sid: "SM1", status: "queued" })],
    ["a count", () => 1],
  ])("with %s has sent it", async (_what, give) => {
    const { sent, client, asked } = await afterLeaving(give);
    expect(asked.body).toMatchObject({ status: "sent" });
    expect((await client.answer(codeIn(sent[0]))).status).toBe(200);
  });
});

describe("a sender whose error is made by another copy of this package (C215)", () => {
  const others = (): { TwoFactorError: typeof TwoFactorError } => {
    let copy: unknown;
    jest.isolateModules(() => {
      copy = jest.requireActual("../../lib/outcome/errors");
    });
    return copy as { TwoFactorError: typeof TwoFactorError };
  };

  test("is understood: 422 for a number that takes no texts", async () => {
    const { TwoFactorError: Other } = others();
    expect(Other).not.toBe(TwoFactorError);
    const { s, asked } = await afterLeaving(() => {
      throw new Other("cannot_text_number", "x", { reason: "opted_out" });
    });
    expect([asked.status, asked.body]).toMatchObject([422, { code: "cannot_text_number" }]);
    expect(s.events.at(-1)).toMatchObject({ type: "send_failed", reason: "opted_out" });
  });

  test("is told by instanceof, which tells no other error so", () => {
    const { TwoFactorError: Other } = others();
    class Own extends TwoFactorError {}
    const theirs: unknown = new Other("unavailable", "x");
    expect(theirs instanceof TwoFactorError).toBe(true);
    expect(new TwoFactorError("unavailable", "x") instanceof Other).toBe(true);
    expect(new Own("unavailable", "x") instanceof TwoFactorError).toBe(true);
    expect(theirs instanceof Own).toBe(false);
    for (const other of [new Error("x"), { name: "TwoFactorError" }, null, undefined, "x"]) {
      expect((other as unknown) instanceof TwoFactorError).toBe(false);
    }
  });
});

describe("a sender's mistake with the gateway's own sentence (C265)", () => {
  test("in the place of the code puts nothing of it into an event or an answer", async () => {
    const { s, sent, asked } = await afterLeaving(({ text }) => {
      throw new (TwoFactorError as unknown as new (message: string) => Error)(text);
    });
    expect(asked.body).toMatchObject({ code: "delivery_failed" });
    expect(s.events.at(-1)).toMatchObject({ type: "send_failed", reason: "sender_threw" });
    expect(JSON.stringify([s.events, asked.body])).not.toContain(codeIn(sent[0]));
  });

  test("in another copy's error, whose codes are others, puts nothing of it there either", async () => {
    const { s, sent, asked } = await afterLeaving(({ text }) => {
      const error = new TwoFactorError("delivery_failed", text, { reason: text });
      throw Object.defineProperties(error, { code: { value: text }, status: { value: text } });
    });
    expect(asked.body).toMatchObject({ code: "delivery_failed" });
    expect(s.events.at(-1)).toMatchObject({ type: "send_failed", reason: "delivery_failed" });
    expect(JSON.stringify([s.events, asked.body])).not.toContain(codeIn(sent[0]));
  });
});

describe("a send that may still arrive", () => {
  test("keeps its challenge: the code that comes late works (R37)", async () => {
    const sent: Message[] = [];
    const sender = (message: Message) => {
      sent.push(message);
      throw new TwoFactorError("delivery_failed", "502", { mayStillArrive: true });
    };
    const limits = { number: { max: 1, window: 600 } };
    const s = await serve({ options: { sender, limits } });
    const client = await s.signedIn();
    expect((await client.ask()).status).toBe(502);
    expect((await client.ask()).body).toMatchObject({ status: "pending" });
    // It counts against the caps: another session gets no text to this number.
    expect((await (await s.signedIn()).ask()).status).toBe(429);
    expect(sent).toHaveLength(1);
    expect((await client.answer(codeIn(sent[0]))).status).toBe(200);
    expect(await client.visit()).toBe(200);
  });

  test("is answered 502 at the deadline, and its late code works (R39, B085)", async () => {
    const sent: Message[] = [];
    let abort: AbortSignal | undefined;
    let deliver: () => void = () => undefined;
    const sender = (message: Message) => {
      abort = message.signal;
      return new Promise<void>((resolve) => {
        deliver = () => {
          sent.push(message);
          resolve();
        };
      });
    };
    const s = await serve({ options: { sender, sendTimeout: 1 } });
    const client = await s.signedIn();
    const asked = await client.ask();
    expect(asked.status).toBe(502);
    expect(asked.body).toMatchObject({ code: "delivery_failed" });
    expect(abort?.aborted).toBe(true);
    expect(s.events.at(-1)).toMatchObject({ type: "send_failed", reason: "timeout" });
    deliver();
    expect((await client.answer(codeIn(sent[0]))).status).toBe(200);
  });

  test("has no unhandled rejection when the sender rejects after the deadline (B022)", async () => {
    let reject: (reason: unknown) => void = () => undefined;
    const sender = () =>
      new Promise((_resolve, refuse) => {
        reject = refuse;
      });
    const s = await serve({ options: { sender, sendTimeout: 1 } });
    expect((await (await s.signedIn()).ask()).status).toBe(502);
    reject(new Error("late"));
    // Jest fails a test that leaves a rejection unhandled.
    await new Promise((resolve) => setImmediate(resolve));
  });
});

test("while the gateway is down, 503 says when to try, the guard is closed, and the app goes on (R98)", async () => {
  const sender = () => {
    throw new TwoFactorError("unavailable", "down");
  };
  const s = await serve({ options: { sender } });
  const client = await s.signedIn();
  const refused = await client.ask();
  expect([refused.status, refused.type]).toEqual([503, "application/problem+json"]);
  expect(refused.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
  expect(refused.body).toMatchObject({ status: 503, code: "unavailable" });
  expect(await client.visit()).toBe(403);
  expect((await client.answer("000000")).body).toMatchObject({ code: "no_challenge" });
  expect((await client.get("/own")).body).toMatchObject({ cart: "three apples" });
});

test("a slow first text and a quick resend carry the same code (B085)", async () => {
  fakeDate();
  const sent: Message[] = [];
  const waiting: (() => void)[] = [];
  const sender = (message: Message) =>
    new Promise<void>((resolve) => {
      const take = () => {
        sent.push(message);
        resolve();
      };
      if (waiting.push(take) > 1) take();
    });
  const s = await serve({ options: { sender, limits: { cooldown: 1 } } });
  const client = await s.signedIn();
  const first = client.copy().ask().then();
  await until(() => waiting.length > 0);
  pass(1);
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
  waiting[0]?.();
  await first;
  expect(sent.map(codeIn)).toEqual([codeIn(sent[0]), codeIn(sent[0])]);
  expect((await client.answer(codeIn(sent[1]))).status).toBe(200);
});
