/** Several gateways behind one sender: who gets a text, who is left out, and that nobody gets two. */

import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { TwoFactorError, type Message, type Sender } from "../../lib";
import { deliver } from "../../lib/delivery/deliver";
import { failover, type FailoverOptions } from "../../lib/senders/failover";
import { outbox } from "../../lib/senders/outbox";
import { signalwire } from "../../lib/senders/signalwire/index";
import { twilio } from "../../lib/senders/twilio/index";
import { codeIn, serve, type Served } from "../fakes/app";
import { fakeDate, hurryDeadlines, pass, until } from "../fakes/clock";
import { startSignalWireApi, type Behaviour, type SignalWireApi } from "../fakes/signalwire-api";

/** A gateway that does as it is told, and notes what it was given. */
class Gateway {
  readonly given: Message[] = [];
  /** What it does with each text. @default takes it */
  act: (message: Message) => unknown = () => undefined;
  readonly send: Sender;

  constructor(name: string) {
    const send: Sender = (message) => {
      this.given.push(message);
      return this.act(message);
    };
    this.send = Object.defineProperty(send, "name", { value: name });
  }

  /** Fails so from now on. */
  fail(makeError: () => unknown): void {
    this.act = () => {
      throw makeError();
    };
  }
}

const failing = (members: object) => () => Object.assign(new Error("+12025550123"), members);
const REFUSED = failing({ status: 400 });
const UNREACHABLE = failing({ code: "ECONNREFUSED" });
const HANGING = () => new Promise(() => undefined);

async function start(options?: FailoverOptions, more: object = {}) {
  const [one, two] = [new Gateway("one"), new Gateway("two")];
  const s = await serve({ options: { sender: failover([one.send, two.send], options), ...more } });
  return { one, two, s };
}

/** Another user asks, so that no limit is met. */
let asked = 0;
async function ask(s: Served) {
  asked += 1;
  const client = await s.signedIn(`user${asked}`, `+1202555${String(1000 + (asked % 9000))}`);
  return (await client.ask()) as { status: number; body: object };
}

const told = ({ events }: Served, type: string) =>
  events
    .filter((event) => event.type === type)
    .map(({ sender, reason }) => [sender, reason].join(" ").trim());

// First of all: a process tells of each kind of fault once.
test("a fault of the first gateway is told in the terminal, though the second sends; one of the app's own with its error", async () => {
  const warn = jest.spyOn(process, "emitWarning").mockImplementation();
  const { one, two, s } = await start();
  one.fail(failing({ status: 401 }));
  expect((await ask(s)).body).toMatchObject({ status: "sent" });
  const sentence =
    "The gateway `one` has sent no text, and the next was asked: `http:401`. See docs/troubleshooting.md.";
  expect(warn).toHaveBeenCalledWith(
    sentence,
    expect.objectContaining({ type: "ExpressSms2faWarning", code: "SMS2FA_SENDER" }),
  );
  one.fail(() => new RangeError("no such template"));
  expect((await ask(s)).status).toBe(502);
  const told = s.events.filter(({ type }) => type === "fault").at(-1);
  expect(told).toMatchObject({ reason: "sender_threw" });
  expect(told?.error).toContain("RangeError: no such template");
  expect(two.given).toHaveLength(1);
});

test("a call goes to the gateways alone that serve calls, and is refused at the start where none does", async () => {
  const [one, two] = [new Gateway("one"), new Gateway("two")];
  Object.assign(one.send, { channels: ["sms"] });
  const sender = failover([one.send, two.send]);
  expect(sender.channels).toEqual(["sms", "call"]);
  const s = await serve({ options: { sender, channels: ["sms", "call"] } });
  await (await s.signedIn()).ask({ channel: "call" });
  expect([one.given.length, two.given.length]).toEqual([0, 1]);
  expect(s.events.at(-1)).toMatchObject({ type: "sent", channel: "call", sender: "two" });
  Object.assign(two.send, { channels: ["sms"] });
  const options = { sender: failover([one.send, two.send]), channels: ["sms", "call"] } as const;
  await expect(serve({ options })).rejects.toThrow(/^Expected `sender` to serve "call"/);
});

test("a text that the first gateway refuses is sent by the second, once and with one code, and the event names it", async () => {
  const { one, two, s } = await start();
  one.fail(REFUSED);
  const client = await s.signedIn();
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
  expect([one.given, two.given].map(({ length }) => length)).toEqual([1, 1]);
  expect(codeIn(two.given[0])).toBe(codeIn(one.given[0]));
  expect((await client.answer(codeIn(two.given[0]))).status).toBe(200);
  expect(told(s, "gateway_failed")).toEqual(["one http:400"]);
  expect(told(s, "sent")).toEqual(["two"]);
  expect(JSON.stringify(s.events)).not.toContain(codeIn(two.given[0]));
});

test("while the first gateway sends, no other is asked", async () => {
  const { two, s } = await start();
  expect((await ask(s)).body).toMatchObject({ status: "sent" });
  expect([two.given.length, told(s, "sent")]).toEqual([0, ["one"]]);
});

test.each<[string, (gateway: Gateway) => void, string]>([
  [
    "a connection that is reset",
    (one) => {
      one.fail(failing({ code: "ECONNRESET" }));
    },
    "sender_threw",
  ],
  [
    "a 500",
    (one) => {
      one.fail(failing({ status: 500 }));
    },
    "http:500",
  ],
  [
    "an error that says nothing",
    (one) => {
      one.fail(failing({}));
    },
    "sender_threw",
  ],
  ["false", (one) => (one.act = () => false), "returned_false"],
  ["no answer in time", (one) => (one.act = HANGING), "timeout"],
  [
    "its own word",
    (one) => {
      one.fail(
        () => new TwoFactorError("delivery_failed", "x", { reason: "late", mayStillArrive: true }),
      );
    },
    "late",
  ],
])(
  "what may still arrive is not sent twice, and its code stays good: %s",
  async (_what, set, reason) => {
    const { one, two, s } = await start({ timeout: 0.1 });
    set(one);
    const client = await s.signedIn();
    expect((await client.ask()).body).toMatchObject({ code: "delivery_failed" });
    expect(two.given).toEqual([]);
    expect(told(s, "send_failed")).toEqual([`one ${reason}`]);
    expect((await client.answer(codeIn(one.given[0]))).status).toBe(200);
  },
);

test.each([
  ["has opted out", 21610, "opted_out"],
  ["is none", 21211, "invalid_number"],
  ["takes no texts", 21614, "not_a_mobile"],
])(
  "a number that %s at the first gateway is not texted by the second, nor does it speak against the first",
  async (_what, code, reason) => {
    const { one, two, s } = await start();
    one.fail(failing({ status: 400, code }));
    for (let each = 0; each < 12; each += 1) expect((await ask(s)).status).toBe(422);
    expect(two.given).toEqual([]);
    expect(told(s, "send_failed")).toEqual(Array(12).fill(`one ${reason}`));
    one.act = () => undefined;
    expect((await ask(s)).body).toMatchObject({ status: "sent" });
    expect(told(s, "sent")).toEqual(["one"]);
  },
);

test.each([
  ["to countries that it is not enabled for", failing({ status: 400, code: 21408 })],
  ["in a burst that it throttles", failing({ status: 429 })],
  ["that find it busy", () => new TwoFactorError("unavailable", "x", { reason: "busy" })],
  ["that it refuses for reasons unknown", REFUSED],
])("whoever asks for texts %s puts no gateway out for others (attack)", async (_what, error) => {
  const { one, two, s } = await start();
  one.fail(error);
  two.fail(error);
  for (let each = 0; each < 20; each += 1) expect((await ask(s)).status).toBeGreaterThan(500);
  expect([one.given.length, two.given.length]).toEqual([20, 20]);
  one.act = () => undefined;
  expect((await ask(s)).body).toMatchObject({ status: "sent" });
  expect(told(s, "sent")).toEqual(["one"]);
});

describe("a gateway that gives no answer", () => {
  /** Five users find it so. */
  async function broken() {
    fakeDate();
    const made = await start({ timeout: 0.1 });
    made.one.act = HANGING;
    for (let each = 0; each < 5; each += 1) expect((await ask(made.s)).status).toBe(502);
    expect(made.two.given).toEqual([]);
    return made;
  }

  test("is left out after five texts: the second is asked at once, and events say why", async () => {
    const { one, two, s } = await broken();
    expect((await ask(s)).body).toMatchObject({ status: "sent" });
    expect([one.given.length, two.given.length]).toEqual([5, 1]);
    expect(told(s, "gateway_failed")).toEqual(["one breaker_open"]);
    expect(told(s, "sent")).toEqual(["two"]);
  });

  test("is tried by one text alone after 30 seconds; others that come meanwhile do not wait for it", async () => {
    fakeDate();
    const { one, two, s } = await start();
    one.fail(UNREACHABLE);
    for (let each = 0; each < 5; each += 1) await ask(s);
    pass(29);
    await ask(s);
    expect([one.given.length, two.given.length]).toEqual([5, 6]);
    pass(1);
    let answer: (value?: unknown) => void = () => undefined;
    one.act = () => new Promise((resolve) => (answer = resolve));
    const trying = ask(s);
    await until(() => one.given.length === 6);
    expect((await ask(s)).body).toMatchObject({ status: "sent" });
    expect([one.given.length, two.given.length]).toEqual([6, 7]);
    answer();
    expect((await trying).body).toMatchObject({ status: "sent" });
    await ask(s);
    expect([one.given.length, two.given.length]).toEqual([7, 7]);
  });

  test("is left out for 30 seconds more where that one gets no answer either", async () => {
    const { one, two, s } = await broken();
    pass(30);
    expect((await ask(s)).status).toBe(502);
    pass(29);
    expect((await ask(s)).body).toMatchObject({ status: "sent" });
    expect([one.given.length, two.given.length]).toEqual([6, 1]);
  });

  test("is in again where it refuses that one's number: it has answered", async () => {
    const { one, two, s } = await broken();
    pass(30);
    one.fail(failing({ status: 400, code: 21610 }));
    expect((await ask(s)).status).toBe(422);
    one.act = () => undefined;
    await ask(s);
    expect([one.given.length, two.given.length]).toEqual([7, 0]);
  });

  test("is left out although refusals and busy moments stand between the time-outs", async () => {
    const { one, two, s } = await start({ timeout: 0.1 });
    for (let each = 0; each < 5; each += 1) {
      one.act = HANGING;
      await ask(s);
      one.fail(() => new TwoFactorError("unavailable", "x", { reason: "busy" }));
      await ask(s);
    }
    const before = two.given.length;
    await ask(s);
    expect([one.given.length, two.given.length - before]).toEqual([9, 1]);
  });
});

test("a gateway of which every third text fails is not left out", async () => {
  const { one, two, s } = await start();
  let count = 0;
  one.act = () => {
    count += 1;
    if (count % 3 === 0) throw UNREACHABLE();
  };
  for (let each = 0; each < 30; each += 1) await ask(s);
  expect([one.given.length, two.given.length]).toEqual([30, 10]);
});

test("with all left out a text fails at once, as if it had not been asked for, and nobody is asked to send it", async () => {
  fakeDate();
  const { one, two, s } = await start();
  one.fail(UNREACHABLE);
  two.fail(UNREACHABLE);
  for (let each = 0; each < 5; each += 1) await ask(s);
  const client = await s.signedIn();
  const answer = await client.ask();
  expect([answer.status, answer.body]).toMatchObject([502, { code: "delivery_failed" }]);
  expect([one.given.length, two.given.length]).toEqual([5, 5]);
  expect(told(s, "send_failed").at(-1)).toBe("breakers_open");
  expect((await client.status()).body).toMatchObject({ challenge: null });
  one.act = () => undefined;
  pass(30);
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
});

test("where all refuse, the last one's refusal is told, with its wait", async () => {
  const { one, two, s } = await start();
  one.fail(UNREACHABLE);
  two.fail(() => new TwoFactorError("unavailable", "x", { reason: "throttled", retryAfter: 7 }));
  const client = await s.signedIn();
  const answer = await client.ask();
  expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "7"]);
  expect(told(s, "gateway_failed")).toEqual(["one unreachable"]);
  expect(told(s, "send_failed")).toEqual(["two throttled"]);
});

test("a text that one gateway has refused and the next has no room for counts as asked for: nobody makes them ask on and on (attack)", async () => {
  const { one, two, s } = await start();
  one.fail(REFUSED);
  two.fail(() => new TwoFactorError("unavailable", "x", { reason: "throttled", retryAfter: 1 }));
  const client = await s.signedIn("asking");
  const statuses: number[] = [];
  for (let time = 0; time < 20; time += 1) statuses.push((await client.ask()).status);
  expect(one.given).toHaveLength(5);
  expect(statuses.slice(5)).toEqual(Array(15).fill(429));
});

describe("a first gateway whose connection never stands", () => {
  let silent: Server;
  beforeEach(async () => {
    // It takes the connection and says nothing, so that no TLS ever stands.
    silent = createServer((socket) => socket.on("error", () => undefined));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
  });
  afterEach(() => {
    silent.close();
  });

  function connecting(): Sender {
    const { port } = silent.address() as AddressInfo;
    return twilio({
      apiBaseUrl: `https://127.0.0.1:${port}`,
      accountSid: `AC${"0a".repeat(16)}`,
      authToken: "fedcba9876543210fedcba9876543210",
      number: "+12025550100",
    });
  }

  test("has surely sent nothing, so the second one sends, though the first one's own time is longer", async () => {
    const two = new Gateway("two");
    const s = await serve({
      options: { sender: failover([connecting(), two.send], { timeout: 0.2 }) },
    });
    expect((await ask(s)).body).toMatchObject({ status: "sent" });
    expect(told(s, "gateway_failed")).toEqual(["twilio timeout"]);
    expect(two.given).toHaveLength(1);
  });

  test("leaves nothing to wait for where `sendTimeout` is over first: another text may be asked for at once", async () => {
    const two = new Gateway("two");
    const s = await serve({
      options: { sender: failover([connecting(), two.send]), sendTimeout: 1 },
    });
    const client = await s.signedIn("timed");
    const late = await client.ask();
    expect(late).toMatchObject({ status: 502, body: { code: "delivery_failed" } });
    expect(two.given).toEqual([]);
    expect((await client.status()).body).toMatchObject({ challenge: null });
  });
});

describe("the signal that a gateway is given", () => {
  test("aborts when its own time is over", async () => {
    const { one, s } = await start({ timeout: 0.1 });
    one.act = HANGING;
    await ask(s);
    expect(one.given[0]?.signal.aborted).toBe(true);
  });

  test("aborts when the app's `sendTimeout` is over before", async () => {
    const { one, two, s } = await start({}, { sendTimeout: 1 });
    one.act = HANGING;
    await ask(s);
    await until(() => one.given[0]?.signal.aborted === true);
    expect(two.given).toEqual([]);
  });

  test("a refusal that comes after `sendTimeout` sends no text by the next: the user has been answered", async () => {
    hurryDeadlines();
    const { one, two, s } = await start({}, { sendTimeout: 1 });
    let refuse: (error: Error) => void = () => undefined;
    one.act = () => new Promise((_resolve, reject) => (refuse = reject));
    expect((await ask(s)).status).toBe(502);
    refuse(REFUSED());
    await s.two.close();
    expect(two.given).toEqual([]);
  });
});

describe("its options", () => {
  const one = () => undefined;
  const two = () => undefined;
  test.each<[string, unknown, unknown, string]>([
    ["no senders", undefined, {}, "Expected `senders` of failover() to be an array of 2 to 10"],
    ["one", [one], {}, "Expected `senders` of failover() to be an array of 2 to 10"],
    ["what is none", [one, "two"], {}, 'hold functions, such as `signalwire()` makes, got "two"'],
    ["a factory", [one, outbox], {}, "got outbox itself: call it, as `outbox()`"],
    ["one twice", [one, one], {}, "hold each sender once"],
    ["a misspelt option", [one, two], { timeOut: 3 }, "Unknown option `timeOut` of failover()"],
    [
      "a sender that says what it serves as a text",
      [one, Object.assign(() => undefined, { channels: "sms" })],
      {},
      'Expected `channels` of a sender to be an array of "sms" and "call", got "sms"',
    ],
    ["no time", [one, two], { timeout: 0 }, "Expected `timeout` to be a number of seconds"],
    ["a text", [one, two], { timeout: "5" }, "Expected `timeout` to be a number of seconds"],
    ["no object", [one, two], 5, "Expected failover() to be given an object of options"],
  ])("refuse %s in a sentence", (_what, senders, options, sentence) => {
    const make = failover as (senders: unknown, options: unknown) => Sender;
    expect(() => make(senders, options)).toThrow(sentence);
  });

  test("a `timeout` that `sendTimeout` would cut off is refused at the start", async () => {
    const sender = failover([one, two], { timeout: 12 });
    await expect(serve({ options: { sender } })).rejects.toThrow(
      "Expected `timeout` of failover() to be `sendTimeout`, 10 seconds, at most, got 12.",
    );
    await serve({ options: { sender, sendTimeout: 12 } });
    await serve({ options: { sender: failover([one, two]), sendTimeout: 1 } });
  });

  test("the factory itself is no sender", async () => {
    const sender = failover as unknown as Sender;
    await expect(serve({ options: { sender } })).rejects.toThrow("call it, as `failover()`");
  });
});

describe("the names that events tell", () => {
  const refuse = () => {
    throw REFUSED();
  };
  const message = {
    to: "+12025550123",
    text: "123456",
    channel: "sms",
    code: "123456",
    locale: "en",
    purpose: "",
    validFor: 600,
  } as const;

  test("are those of the functions; one without, or one that two have, is counted", async () => {
    const named = () => [new Gateway("same"), new Gateway("same"), new Gateway("")];
    const gateways = named();
    for (const each of gateways) each.fail(REFUSED);
    const senders = [...gateways.map(({ send }) => send), outbox({ print: false })];
    const delivery = await deliver(failover(senders), message, 10);
    expect(delivery).toMatchObject({ ok: true, sender: "outbox" });
    expect(delivery.passedOver?.map(({ sender }) => sender)).toEqual([
      "same-1",
      "same-2",
      "gateway-3",
    ]);
  });

  test("tell of a failover within another which of its gateways it was", async () => {
    const taking = Object.defineProperty(() => undefined, "name", { value: "inner" });
    const inside = failover([refuse, taking]);
    const delivery = await deliver(failover([new Gateway("b").send, inside]), message, 10);
    expect(delivery).toMatchObject({ ok: true, sender: "b" });
    const first = failover([refuse, inside]);
    expect(await deliver(first, message, 10)).toMatchObject({
      ok: true,
      sender: "inner",
      passedOver: [{ sender: "refuse" }, { sender: "refuse" }],
    });
  });
});

describe("two Spaces of SignalWire's", () => {
  let apis: [SignalWireApi, SignalWireApi];
  beforeEach(async () => {
    apis = [await startSignalWireApi(), await startSignalWireApi()];
  });
  afterEach(async () => {
    await Promise.all(apis.map((api) => api.close()));
  });

  const serveBoth = (options: FailoverOptions) => {
    const senders = apis.map(({ url: apiBaseUrl, project, token, number }) =>
      signalwire({ apiBaseUrl, project, token, number }),
    );
    return serve({ options: { sender: failover(senders, options) } });
  };

  test.each<[string, Behaviour]>([
    ["no balance", { do: "refuse", status: 400, code: 4001 }],
    ["wrong credentials", { do: "refuse", status: 401, code: 20003 }],
    ["throttling", { do: "refuse", status: 429, code: 20429 }],
  ])("%s at the first: the second sends", async (_what, behaviour) => {
    apis[0].next(behaviour);
    const s = await serveBoth({});
    expect((await ask(s)).body).toMatchObject({ status: "sent" });
    expect(apis.map(({ messages }) => messages.length)).toEqual([0, 1]);
    expect(told(s, "sent")).toEqual(["signalwire-2"]);
  });

  test.each<[string, Behaviour]>([
    ["hangs", { do: "hang" }],
    ["drops the connection", { do: "drop", when: "after" }],
    ["answers 503", { do: "refuse", status: 503 }],
    ["says opted out", { do: "refuse", status: 400, code: 21610 }],
  ])("the first %s: the second does not send", async (_what, behaviour) => {
    apis[0].next(behaviour);
    const s = await serveBoth({ timeout: 0.3 });
    expect((await ask(s)).status).toBeGreaterThan(400);
    expect(apis.map(({ requests }) => requests.length)).toEqual([1, 0]);
  });
});
