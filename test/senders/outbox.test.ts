/** The outbox: what it keeps and prints, and where it refuses to be made. */

import type { Message } from "../../lib/delivery/sender";
import { outbox, type OutboxOptions } from "../../lib/senders/outbox";

const environment = process.env;
beforeEach(() => {
  process.env = { ...environment, NODE_ENV: "test" };
});
afterEach(() => {
  process.env = environment;
  jest.restoreAllMocks();
});

function text(changes: Partial<Message> = {}): Message {
  return {
    to: "+14155550123",
    text: "Acme: 042917 is your code.",
    channel: "sms",
    code: "042917",
    locale: "en",
    purpose: "",
    validFor: 600,
    signal: new AbortController().signal,
    ...changes,
  };
}

function quiet(options: OutboxOptions = {}) {
  return outbox({ print: false, ...options });
}

describe("the outbox", () => {
  test("keeps what would have been sent, and when", () => {
    const box = quiet();
    const before = Date.now();
    box(text());
    expect(box.messages).toEqual([
      {
        to: "+14155550123",
        text: "Acme: 042917 is your code.",
        channel: "sms",
        code: "042917",
        locale: "en",
        purpose: "",
        at: expect.any(Number) as number,
      },
    ]);
    expect(box.messages[0]?.at).toBeGreaterThanOrEqual(before);
  });

  test.each([
    [undefined, 50],
    [3, 3],
    [1, 1],
  ])("of size %p keeps the last %d texts", (size, kept) => {
    const box = quiet({ size });
    for (let number = 0; number <= kept; number += 1) box(text({ text: `text ${number}` }));
    expect(box.messages).toHaveLength(kept);
    expect(box.messages[0]?.text).toBe("text 1");
    expect(box.messages.at(-1)?.text).toBe(`text ${kept}`);
  });

  test("is emptied by clear()", () => {
    const box = quiet();
    box(text());
    box.clear();
    expect(box.messages).toEqual([]);
    box(text());
    expect(box.messages).toHaveLength(1);
  });

  test("is not changed through what it shows", () => {
    const box = quiet();
    box(text());
    (box.messages as unknown[]).length = 0;
    expect(box.messages).toHaveLength(1);
    expect(() => {
      "use strict";
      (box.messages[0] as { text: string }).text = "x";
    }).toThrow(TypeError);
    expect(() => {
      (box as { messages: unknown }).messages = [];
    }).toThrow(TypeError);
  });
});

describe("the line that the outbox prints", () => {
  test("goes to the console, once for each text", () => {
    const log = jest.spyOn(console, "log").mockImplementation(() => undefined);
    const box = outbox();
    box(text());
    box(text());
    expect(log.mock.calls).toEqual([
      ["[express-sms-2fa] A text to ••••23 is in the outbox."],
      ["[express-sms-2fa] A text to ••••23 is in the outbox."],
    ]);
  });

  test("goes where it is told, or nowhere", () => {
    const log = jest.spyOn(console, "log").mockImplementation(() => undefined);
    const print = jest.fn();
    outbox({ print })(text());
    quiet()(text());
    expect(print).toHaveBeenCalledTimes(1);
    expect(log).not.toHaveBeenCalled();
  });

  test.each([
    "+14155550123",
    "+1415555\n[audit] user 42 is verified",
    "+1415\r\nX: 042917\u001b[2J\u2028x",
    "042917",
    "",
  ])("is one line without the code or more than two digits of %j", (to) => {
    const lines: string[] = [];
    outbox({ print: (line) => lines.push(line) })(text({ to }));
    expect(lines).toHaveLength(1);
    const [line] = lines;
    expect(line).toMatch(/^\[express-sms-2fa\] A text to ••••\d{0,2} is in the outbox\.$/u);
    expect(line).not.toContain("042917");
  });
});

describe("an outbox in production", () => {
  beforeEach(() => {
    process.env["NODE_ENV"] = "production";
  });

  test.each([undefined, false])("is refused where inProduction is %p", (inProduction) => {
    expect(() => outbox({ inProduction })).toThrow(/NODE_ENV is production.*inProduction: true/);
  });

  // `set NODE_ENV=production && …` on Windows leaves a blank behind the word.
  test.each(["production ", "Production"])("is refused too where NODE_ENV is %j", (mode) => {
    process.env["NODE_ENV"] = mode;
    expect(() => outbox()).toThrow(/NODE_ENV is production/);
  });

  test("is made where it is asked for by name", () => {
    const box = quiet({ inProduction: true });
    box(text());
    expect(box.messages).toHaveLength(1);
  });
});

describe("an option of outbox()", () => {
  test.each([
    ["size", [undefined, 1, 10_000], [0, -1, 1.5, 10_001, NaN, "5", null]],
    ["print", [undefined, false, () => undefined], [true, null, "x", 0, {}]],
    ["inProduction", [undefined, true, false], [null, "true", 1, {}]],
  ] as [string, unknown[], unknown[]][])("%s is checked", (option, good, bad) => {
    const make = (value: unknown) => () => outbox({ [option]: value });
    for (const value of good) expect(make(value)).not.toThrow();
    for (const value of bad) expect(make(value)).toThrow(`Expected \`${option}\` to be`);
  });

  test.each([
    ["sise", "size"],
    ["Print", "print"],
    ["inproduction", "inProduction"],
  ])("is refused as %s, which may mean %s", (wrong, right) => {
    expect(() => outbox({ [wrong]: 1 })).toThrow(`Did you mean \`${right}\`?`);
  });
});
