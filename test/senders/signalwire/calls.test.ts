/** Calls through SignalWire over the real client: what is said to whom, and that no machine hears a code. */

import { inspect } from "node:util";
import { CALL_WORDS, speak } from "../../../lib/delivery/spoken";

import { TwoFactorError } from "../../../lib/outcome/errors";
import { signalwire, type SignalWireOptions } from "../../../lib/senders/signalwire/index";
import type { Message } from "../../../lib/delivery/sender";
import { serve } from "../../fakes/app";
import { startSignalWireApi, type Behaviour, type SignalWireApi } from "../../fakes/signalwire-api";
import { answerCall } from "../../fakes/telephone";

const TO = "+14155550123";
const CODE = "042917";

type Language = keyof typeof CALL_WORDS;

let api: SignalWireApi;
beforeEach(async () => {
  api = await startSignalWireApi();
});
afterEach(async () => {
  await api.close();
});

function sender(options: SignalWireOptions = {}) {
  const { url: apiBaseUrl, project, token, number } = api;
  return signalwire({ apiBaseUrl, project, token, number, ...options });
}

function call({
  name = "Acme",
  locale = "en",
  ...changes
}: { name?: string; locale?: Language } & Partial<Message> = {}): Message {
  const { signal } = new AbortController();
  const spoken = speak({ name, code: CODE, words: CALL_WORDS[locale] });
  const what = { text: "", code: CODE, locale, purpose: "", spoken, validFor: 600, signal };
  return { to: TO, channel: "call", ...what, ...changes };
}

/** Calls, and gives the document and the keys that it asks for. */
async function calling(
  given: Parameters<typeof call>[0] = {},
  options: SignalWireOptions = {},
): Promise<{ document: string; keys: string }> {
  const message = call(given);
  await sender(options)(message);
  const keys = (message.spoken?.keys ?? []).map(({ key }) => key).join("");
  return { document: api.calls[0]?.document ?? "", keys };
}

describe("a call through SignalWire", () => {
  test("carries its whole document, from the project's number, and the code stands in no URL or header (R119)", async () => {
    const { document } = await calling();
    expect(api.calls).toEqual([
      {
        to: TO,
        from: api.number,
        document,
        fields: { To: TO, From: api.number, Twiml: document, Timeout: "25" },
      },
    ]);
    const [request] = api.requests;
    expect(request?.path).toBe(`/2010-04-01/Accounts/${api.project}/Calls.json`);
    const digits = Array.from(CODE).join(", ");
    for (const secret of [CODE, digits, TO]) {
      expect(JSON.stringify([request?.path, request?.headers])).not.toContain(secret);
    }
    for (const [url] of document.matchAll(/https?:[^"<]*/g)) expect(url).not.toMatch(/\d/);
  });

  test("says the code twice, digit by digit, to whoever presses the keys that are asked for", async () => {
    const { document, keys } = await calling();
    const [one = "", two = ""] = keys;
    const code = "en-US: Your security code is: 0, 4, 2, 9, 1, 7.";
    const greeting = "en-US: Hello. This is a call from Acme with your security code.";
    expect(answerCall(document, keys)).toEqual({
      said: [
        `${greeting} To hear it, press ${one}.`,
        `en-US: Now press ${two}.`,
        code,
        "…",
        code,
        "en-US: Do not share it with anyone.",
      ],
      waited: 0,
      wentTo: undefined,
    });
  });

  test.each<[Language, string]>([
    ["es", "es-US: Tu clave de seguridad es: 0, 4, 2, 9, 1, 7."],
    ["fr", "fr-FR: Votre code de sécurité est : 0, 4, 2, 9, 1, 7."],
    ["de", "de-DE: Ihr Sicherheitscode lautet: 0, 4, 2, 9, 1, 7."],
    ["pt", "pt-BR: O seu PIN de acesso é: 0, 4, 2, 9, 1, 7."],
  ])("speaks %s with a voice of that language", async (locale, sentence) => {
    const { document, keys } = await calling({ locale });
    expect(answerCall(document, keys).said).toContain(sentence);
  });

  test("escapes what an app is called", async () => {
    const name = `</Say><Hangup/> A&B "C" 'D' \u0001 \ud800 é 😀`;
    const { document, keys } = await calling({ name });
    const [greeting] = answerCall(document, keys).said;
    expect(greeting).toContain(`</Say><Hangup/> A&B "C" 'D'   é 😀`);
  });

  test("comes from `callFrom`, where that is set", async () => {
    const { messagingServiceSid, project, token, url: apiBaseUrl, number: callFrom } = api;
    const send = signalwire({ apiBaseUrl, project, token, messagingServiceSid, callFrom });
    expect(send.channels).toEqual(["sms", "call"]);
    await send(call());
    expect(api.calls).toMatchObject([{ from: callFrom }]);
  });

  test("tells what became of it where the text would, and not at the address for texts alone", async () => {
    const [statusCallback, forTexts] = [
      "https://app.example/2fa/delivery?ref=1",
      "https://a.example/",
    ];
    await calling({ statusCallback }, { statusCallback: forTexts });
    await sender({ statusCallback: forTexts })(call());
    const told = api.calls.map(({ fields }) => fields["StatusCallback"]);
    expect(told).toEqual([statusCallback, undefined]);
  });

  test("shares one connection with texts", async () => {
    const send = sender();
    await send(call());
    await send({ ...call(), channel: "sms", text: "Acme: 042917" });
    expect([api.calls.length, api.messages.length, api.connections]).toEqual([1, 1, 1]);
  });

  test("is proved as one, by a code that no URL of the whole way holds (R119)", async () => {
    const deliveryStatus = {
      publicUrl: "https://app.example/2fa",
      signingKey: "PSK_0123456789abcdef",
    };
    const options = { sender: sender(), channels: ["sms", "call"] as const, deliveryStatus };
    const s = await serve({ options });
    const client = await s.signedIn();
    expect((await client.ask({ channel: "call" })).body).toMatchObject({ status: "sent" });
    const { document = "" } = api.calls[0] ?? {};
    const keys = [...document.matchAll(/finishOnKey="(\d)"/g)].map(([, key]) => key).join("");
    const { said } = answerCall(document, keys);
    const code = (said[2] ?? "").replace(/\D/g, "");
    expect((await client.answer(code)).body).toMatchObject({ amr: ["tel"] });
    expect(s.events[0]).toMatchObject({ type: "sent", channel: "call", sender: "signalwire" });
    expect(JSON.stringify(s.events)).not.toContain(code);
    const { StatusCallback: callback = "" } = api.calls[0]?.fields ?? {};
    expect(callback).toMatch(/^https:\/\/app\.example\/2fa\/delivery-status\?/);
    const urls = [api.requests[0]?.path, callback, ...(document.match(/https?:[^"<]*/g) ?? [])];
    const told = urls.join(" ");
    const decoded = Array.from(told.match(/[\w-]{8,}/g) ?? [], (part) =>
      Buffer.from(part, "base64url").toString("latin1"),
    );
    for (const secret of [code, Array.from(code).join(", ")]) {
      expect([told, ...decoded].join(" ")).not.toContain(secret);
    }
  });
});

describe("an answering machine, whose PIN an attacker has guessed", () => {
  const tellsCode = ({ said }: { said: readonly string[] }) => said.join().includes("0, 4, 2");

  test.each([1, 90, 599.5, 600, NaN])(
    "that presses nothing is told nothing while the code is good for %d s",
    async (validFor) => {
      const { document } = await calling({ validFor });
      const { waited } = answerCall(document);
      expect(waited).toBeGreaterThanOrEqual(Number.isNaN(validFor) ? 600 : validFor);
    },
  );

  test("whose greeting is tones of keys gets in with one pair of a hundred", async () => {
    const { document, keys } = await calling();
    const digits = Array.from("0123456789");
    const good = digits
      .flatMap((one) => digits.map((two) => one + two))
      .filter((pair) => tellsCode(answerCall(document, pair.repeat(20))));
    expect(good).toEqual([keys]);
  });

  test.each(["0123456789", "9876543210", "#*0123456789"])(
    "whose greeting is all keys, %s, again and again, gets nothing more than one try",
    async (tones) => {
      const { document } = await calling({ spoken: { ...speakWith(["4", "7"]) } });
      const heard = answerCall(document, tones.repeat(50));
      expect(tellsCode(heard)).toBe(false);
      expect(heard.wentTo).toBe("https://wrong-key.invalid/");
    },
  );

  test("is spoken to where that is asked for, once its greeting is over", async () => {
    const { document } = await calling({}, { speakToMachines: true });
    expect(api.calls[0]?.fields).toMatchObject({ MachineDetection: "DetectMessageEnd" });
    const heard = answerCall(document);
    expect(tellsCode(heard)).toBe(true);
    expect(heard).toMatchObject({ waited: 0, wentTo: undefined });
  });

  function speakWith([first = "", second = ""]: string[]) {
    const spoken = speak({ name: "Acme", code: CODE, words: CALL_WORDS.en });
    const keys = [
      { key: first, asks: `Press ${first}.` },
      { key: second, asks: `Press ${second}.` },
    ];
    return { ...spoken, keys };
  }
});

describe("a call that fails", () => {
  const refuse = (status: number, code?: number | string): Behaviour => ({
    do: "refuse",
    status,
    ...(code !== undefined && { code }),
    message: `${TO} ${CODE}`,
  });

  async function failure(send: unknown) {
    const error: unknown = await Promise.resolve(send).then(
      () => "called",
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof TwoFactorError)) throw new Error(`No TwoFactorError: ${String(error)}`);
    return error;
  }

  test.each<[string, Behaviour, object]>([
    [
      "a number that is none",
      refuse(400, 21211),
      { code: "cannot_text_number", reason: "invalid_number" },
    ],
    [
      "a number that can't be reached",
      refuse(400, 21214),
      { code: "cannot_text_number", reason: "invalid_number" },
    ],
    ["another's number to call from", refuse(400, 21210), { reason: "sender_number" }],
    ["a country that is not enabled", refuse(400, 21215), { reason: "country_not_enabled" }],
    ["one that is barred for calls", refuse(400, 13227), { reason: "country_not_enabled" }],
    ["no balance", refuse(402, 4001), { reason: "no_balance" }],
    ["wrong credentials", refuse(401, 20003), { reason: "credentials" }],
    ["too many calls at once", refuse(429, 10004), { code: "unavailable", reason: "throttled" }],
    ["throttling", refuse(429), { code: "unavailable", reason: "throttled" }],
    ["a code that is none", refuse(400, "missing_required_parameter"), { reason: "refused" }],
    [
      "a call that has failed at once",
      { do: "accept", fields: { status: "failed" } },
      { reason: "refused" },
    ],
    ["a busy line", { do: "accept", fields: { status: "busy" } }, { reason: "refused" }],
  ])("for %s surely did not ring", async (_what, behaviour, told) => {
    api.next(behaviour);
    const error = await failure(sender()(call()));
    expect(error).toMatchObject({ code: "delivery_failed", mayStillArrive: false, ...told });
  });

  test.each<[string, Behaviour, string]>([
    ["a failure of the gateway", refuse(500), "gateway_error"],
    ["silence", { do: "hang" }, "timeout"],
    ["a dropped connection", { do: "drop", when: "after" }, "connection_lost"],
    ["a page", { do: "answer", status: 200, body: "<p>" }, "bad_answer"],
  ])("for %s may have rung", async (_what, behaviour, reason) => {
    api.next(behaviour);
    const error = await failure(sender({ timeout: 0.1 })(call()));
    expect(error).toMatchObject({ code: "delivery_failed", mayStillArrive: true, reason });
  });

  test.each<[string, () => Promise<TwoFactorError>, string]>([
    ["with nothing to say", () => failure(sender()(withoutWords())), "nothing_to_say"],
    [
      "with no number to call from",
      () => {
        const { messagingServiceSid, project, token, url: apiBaseUrl } = api;
        return failure(signalwire({ apiBaseUrl, project, token, messagingServiceSid })(call()));
      },
      "sender_number",
    ],
  ])("%s asks nothing of the gateway", async (_what, fail, reason) => {
    expect(await fail()).toMatchObject({ reason, mayStillArrive: false });
    expect(api.requests).toEqual([]);
  });

  test("shows no code, number, key or token", async () => {
    const message = call();
    for (const behaviour of [refuse(400, 21211), refuse(500), { do: "hang" } as const]) {
      api.next(behaviour);
      const error = await failure(sender({ timeout: 0.1 })(message));
      const shown = [inspect(error, { depth: Infinity, showHidden: true }), error.stack].join();
      const { code, greeting } = message.spoken ?? {};
      for (const secret of [CODE, code, greeting, TO, TO.slice(1), api.token]) {
        expect(shown).not.toContain(secret);
      }
    }
  });

  function withoutWords(): Message {
    const { spoken: _spoken, ...rest } = call();
    return rest;
  }
});

describe("the options for calls", () => {
  const GOOD = {
    space: "example.signalwire.com",
    project: "0f3c2b1a-1111-4222-8333-444455556666",
    token: "PT0123456789abcdef0123456789abcdef",
  };
  const complaint = (options: object) => {
    try {
      signalwire({ ...GOOD, number: "+12025550100", ...options });
    } catch (error) {
      return String(error);
    }
    return "nothing";
  };

  test.each([
    ["4155550123", /^TypeError: Expected `callFrom` to be a number of the project in E\.164 form/],
    ["", /^TypeError: Expected `callFrom` to be set to a number of the project/],
    [7, /^TypeError: Expected `callFrom` to be a number.*type number/],
    [null, /^TypeError: Expected `callFrom`/],
  ])("%p is no number to call from, and is not shown", (callFrom, sentence) => {
    expect(complaint({ callFrom })).toMatch(sentence);
    expect(complaint({ callFrom })).not.toContain("4155550123");
  });

  test("`speakToMachines` is true or false", () => {
    expect(complaint({ speakToMachines: "no" })).toMatch(
      /^TypeError: Expected `speakToMachines` to be true or false/,
    );
    expect(complaint({ speakToMachines: false })).toBe("nothing");
  });

  test("a messaging service alone serves texts, and is refused at the start where calls are asked for", async () => {
    const sender = signalwire({ ...GOOD, messagingServiceSid: "ab12" });
    expect(sender.channels).toEqual(["sms"]);
    const options = { sender, channels: ["sms", "call"] } as const;
    await expect(serve({ options })).rejects.toThrow(
      /^Expected `sender` to serve "call".*`callFrom`/,
    );
  });
});
