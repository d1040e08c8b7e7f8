/** An app's own wording: what it is told, what it may give, and what happens where it gives something else. */

import { twoFactor, type MessageContent, type WriteMessage } from "../../lib";
import { SECRET, serve } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";

afterEach(() => {
  jest.restoreAllMocks();
});

const GOOD = {
  secret: SECRET,
  user: "from-request",
  appName: "Acme",
  sender: () => undefined,
} as const;

const asMessage = (message: unknown) => message as WriteMessage;

function hearWarnings(): () => [string, unknown][] {
  const spy = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  return () =>
    spy.mock.calls
      .map(([sentence, options]) => [String(sentence), options] as [string, unknown])
      .filter(([, options]) => JSON.stringify(options).includes("SMS2FA_MESSAGE"));
}

test("own words are the text, and the lines for phones are still added last (R44)", async () => {
  const s = await serve({
    options: {
      origin: "https://app.acme.example",
      androidAppHash: "FA+9qCX9VSu",
      message: ({ code, appName, minutes }) => `  ${appName}: ${code}\nGood for ${minutes} min.\n`,
    },
  });
  const client = await s.signedIn();
  expect((await client.ask()).status).toBe(200);
  const code = s.sent[0]?.code ?? "";
  expect(s.sent[0]?.text).toBe(
    `Acme: ${code}\nGood for 10 min.\n\nFA+9qCX9VSu\n@app.acme.example #${code}`,
  );
  expect((await client.answer(code)).status).toBe(200);
});

test("own words show what is confirmed as it is, or are sent to nobody", async () => {
  const warnings = hearWarnings();
  let isShown = true;
  const s = await serve({
    options: {
      purposes: { pay: { describe: () => "pay 50.00 USD to Alice" } },
      message: ({ code, description = "" }) => `${code} ${isShown ? description : "pay"}`,
    },
  });
  const client = await s.signedIn();
  await client.ask({ purpose: "pay" });
  expect(s.sent[0]?.text).toBe(`${s.lastCode()} pay 50.00 USD to Alice`);
  isShown = false;
  const other = await s.signedIn("bob", "+12025550188");
  expect((await other.ask({ purpose: "pay" })).status).toBe(503);
  expect(s.sent).toHaveLength(1);
  expect(s.events.at(-1)).toMatchObject({ type: "send_failed", reason: "message_no_description" });
  expect(warnings()).toHaveLength(1);
  expect(() =>
    twoFactor({
      ...GOOD,
      purposes: { pay: { describe: () => "x" } },
      message: ({ code }) => code,
    }),
  ).toThrow(/to give a text that holds `description` as it is\..* for pay/);
});

test("own words are told the code, the name, what is left, the language and the purpose", async () => {
  fakeDate();
  const told: MessageContent[] = [];
  const s = await serve({
    options: {
      purposes: ["pay"],
      message: (content) => {
        told.push(content);
        return content.code;
      },
    },
  });
  const client = await s.signedIn();
  told.length = 0;
  await client.ask({ locale: "fr-CH", purpose: "pay" });
  pass(30);
  await client.ask({ locale: "fr-CH", purpose: "pay" });
  const code = s.sent[0]?.code;
  const first = { code, appName: "Acme", minutes: 10, locale: "fr", purpose: "pay" };
  expect(told).toEqual([first, { ...first, minutes: 9 }]);
});

const fail = (error: Error) => {
  throw error;
};

describe.each<[string, (content: MessageContent) => unknown, string, RegExp]>([
  [
    "throws",
    ({ code }) => fail(new Error(`no wording for ${code.slice(0, 3)}-${code.slice(3)}`)),
    "message_threw",
    /^The app's `message` threw\./,
  ],
  [
    "rejects",
    ({ code }) => Promise.reject(new Error(`no wording for ${code}`)),
    "message_promise",
    /got a promise\./,
  ],
  ["gives nothing", () => undefined, "message_no_text", /to give a text, got undefined\. No text/],
  ["gives blanks", () => " \n", "message_no_text", /to give a text, got an empty one\. No text/],
  [
    "forgets the code",
    () => "Hello.",
    "message_no_code",
    /that holds the code, its digits together/,
  ],
  [
    "sets the digits apart",
    ({ code }) => Array.from(code).join(" "),
    "message_no_code",
    /that holds the code, its digits together/,
  ],
  [
    "has the code between other digits",
    ({ code }) => `Order 9${code}7 needs a yes.`,
    "message_no_code",
    /that holds the code, its digits together and no other beside them/,
  ],
  [
    "writes a novel",
    ({ code }) => code.padEnd(1601, "x"),
    "message_too_long",
    /of 1600 characters at most/,
  ],
  [
    "binds the code to another host",
    ({ code }) => `${code}\n@evil.example #${code}`,
    "message_binds",
    /without a line such as "@host #code"/,
  ],
])("a message that %s", (what, message, reason, sentence) => {
  const isToldOnce = !/blanks|number|digits/.test(what);

  test("closes: no text, all as before, an event, and one warning with the app's own error", async () => {
    const warnings = hearWarnings();
    let isBroken = false;
    const options = {
      message: asMessage((content: MessageContent) =>
        isBroken ? message(content) : `Code ${content.code}`,
      ),
      // One text more than this test gets would be refused.
      limits: { user: { max: 2, window: 600 }, cooldown: 600 },
    };
    const s = await serve({ options });
    const client = await s.signedIn();
    isBroken = true;
    for (let each = 0; each < 3; each += 1) {
      const asked = await client.ask();
      expect([asked.status, asked.type]).toEqual([503, "application/problem+json"]);
      expect(asked.body).toMatchObject({ code: "unavailable" });
      expect(s.events.at(-1)).toMatchObject({ type: "send_failed", code: "unavailable", reason });
    }
    expect(s.sent).toEqual([]);
    expect((await client.get("/2fa/status")).body).toEqual({ verified: false, challenge: null });
    isBroken = false;
    expect((await client.ask()).body).toMatchObject({ status: "sent", attemptsLeft: 5 });
    const code = s.sent[0]?.code ?? "";
    if (isToldOnce) {
      expect(warnings()).toEqual([
        [
          expect.stringMatching(sentence),
          expect.objectContaining({ type: "ExpressSms2faWarning", code: "SMS2FA_MESSAGE" }),
        ],
      ]);
    }
    expect(JSON.stringify([warnings(), s.events, s.errors])).not.toMatch(/\d{3}[ -]?\d{3}/);
    expect((await client.answer(code)).status).toBe(200);
  });

  test("is refused at the start, in a sentence that says when it was tried", () => {
    const start = () => twoFactor({ ...GOOD, message: asMessage(message) });
    const first = new RegExp(sentence.source.split(/\\n|No text| \.\*/)[0] ?? "", "s");
    expect(start).toThrow(first);
    expect(start).toThrow(/ It was tried with a sample code, in en\.$/);
  });
});

test("a message that fails at a resend leaves the first text's code good", async () => {
  fakeDate();
  hearWarnings();
  let isBroken = false;
  const message: WriteMessage = ({ code }) => (isBroken ? "" : `Code ${code}`);
  const s = await serve({ options: { message } });
  const client = await s.signedIn();
  await client.ask();
  pass(30);
  isBroken = true;
  expect((await client.ask()).status).toBe(503);
  expect((await client.get("/2fa/status")).body).toMatchObject({
    challenge: { attemptsLeft: 5, resendIn: 0 },
  });
  expect((await client.answer(s.sent[0]?.code ?? "")).status).toBe(200);
});

test("what a message threw at the start is the cause of the refusal", () => {
  const cause = new Error("i18n is not ready");
  try {
    twoFactor({ ...GOOD, message: () => fail(cause) });
    throw new Error("It started.");
  } catch (error) {
    expect((error as Error).cause).toBe(cause);
  }
});

test("each purpose is tried at the start, in each language", () => {
  const message: WriteMessage = ({ code, purpose, locale }) =>
    purpose === "pay" && locale === "de" ? "" : code;
  expect(() => twoFactor({ ...GOOD, purposes: ["settings", "pay"], message })).toThrow(
    /It was tried with a sample code, in de for pay\.$/,
  );
});
