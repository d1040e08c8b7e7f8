/** The schemas of the OpenAPI document and the endpoints are of one mind on every body. */

import fc from "fast-check";
import { memoryRecords } from "../../lib";
import { serve, type Client, type ServeOptions } from "../fakes/app";
import { Reader, REQUEST, VALIDATE } from "./reader";

jest.setTimeout(90_000);

const MANY = { max: 1_000_000, window: 60 };

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 1, [], {}, ["sms"], { a: 1 }, 123456, 1.5),
  fc.jsonValue({ maxDepth: 1 }),
);
const blank = fc.string({
  unit: fc.constantFrom(" ", "-", "\u00ad", "\u2003", "\u207b", "\u200f", "−"),
});
const valueOf = (good: unknown[], near: unknown[] = []) =>
  fc.oneof(
    { weight: 16, arbitrary: fc.constantFrom(...good) },
    { weight: 3, arbitrary: fc.constantFrom(...near, ...good) },
    { weight: 1, arbitrary: fc.string() },
    { weight: 1, arbitrary: blank },
    { weight: 2, arbitrary: odd },
  );
const fieldsOf = (good: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.record(good, { requiredKeys: [] }) },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: fc.dictionary(fc.string(), odd) },
  );
const extra = {
  remember: fc.oneof(fc.constant(""), odd),
  recovery_code: fc.oneof(fc.constant(""), odd),
  other: odd,
  ["__proto__"]: odd,
};
const number = valueOf(["+12025550123", "12025550123", "911", ""]);
const BODIES = {
  [REQUEST]: fieldsOf({
    number,
    channel: valueOf(["sms", "call", ""], ["fax", "SMS"]),
    locale: valueOf(["es-MX", "en", "", "x".repeat(35)], ["x".repeat(36), "é"]),
    purpose: valueOf(["pay", ""], ["Pay", "none"]),
    fresh: valueOf([true, false, "true", "false", "1", "0", "on", ""], ["off", "TRUE"]),
  }),
  [VALIDATE]: fieldsOf({
    number,
    auth_code: valueOf(["123456", "12 34 56"], ["-"]),
    code: valueOf(["1"]),
    // Not served in the other mode.
    recovery_code: valueOf(["", "7KQ2-M9XD-40TR-VB8N", "x"], [" - "]),
  }),
};

describe.each(["user", "from-request"] as const)("in the mode %s", (mode) => {
  describe.each([REQUEST, VALIDATE] as const)("%s", (path) => {
    const name = path === REQUEST ? "RequestFields" : "AnswerFields";
    const given: ServeOptions = {
      ...(mode === "from-request" && { user: mode }),
      options: {
        ...(mode === "user" && { recovery: { store: memoryRecords() } }),
        channels: ["sms", "call"],
        purposes: ["pay"],
        limits: { user: MANY, number: MANY, network: MANY, calls: MANY, cooldown: 1 },
      },
    };

    /** Whether the schema and the endpoint are of one mind on a body. */
    async function compare(
      arbitrary: fc.Arbitrary<unknown>,
      send: (client: Client, body: unknown) => PromiseLike<unknown>,
    ): Promise<{ refused: number; accepted: number }> {
      const s = await serve(given);
      const client = mode === "user" ? await s.signedIn() : s.client();
      const validate = new Reader(s.two.openapi()).at("components", "schemas", name);
      const tally = { refused: 0, accepted: 0 };
      await fc.assert(
        fc.asyncProperty(arbitrary, async (generated) => {
          const text = JSON.stringify(generated);
          fc.pre(text.length < 400);
          const answer = (await send(client, generated)) as { body: { code?: string } };
          const isRefused = answer.body.code === "invalid_request";
          tally[isRefused ? "refused" : "accepted"] += 1;
          expect({ text, isRefused }).toEqual({ text, isRefused: !validate(JSON.parse(text)) });
        }),
        { numRuns: 400 },
      );
      return tally;
    }

    test("a JSON body is invalid_request exactly where the schema refuses it", async () => {
      const { refused, accepted } = await compare(
        fc
          .tuple(BODIES[path], fc.record(extra, { requiredKeys: [] }), fc.nat(5))
          .map(([body, more, n]) =>
            // Seldom a field that is not served, or one that is not known.
            n === 0 && typeof body === "object" && !Array.isArray(body)
              ? { ...body, ...more }
              : body,
          ),
        (client, body) =>
          client.send("post", `/2fa${path}`).type("json").send(JSON.stringify(body)),
      );
      expect(Math.min(refused, accepted)).toBeGreaterThan(10);
    });

    test("a form is invalid_request exactly where the schema refuses it", async () => {
      const form = BODIES[path].map((body) =>
        Object.fromEntries(
          Object.entries(typeof body === "object" && body !== null ? body : {}).map(
            ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)],
          ),
        ),
      );
      const { refused, accepted } = await compare(form, (client, body) =>
        client
          .send("post", `/2fa${path}`)
          .type("form")
          .send(new URLSearchParams(body as Record<string, string>).toString()),
      );
      expect(Math.min(refused, accepted)).toBeGreaterThan(10);
    });
  });
});

test("what carries no information is no code, in the schema as in the reading", async () => {
  const reader = new Reader((await serve()).two.openapi());
  const validate = reader.at("components", "schemas", "AnswerFields");
  // Every character is a string of its own; the few hundred that are blank, all together, are one more.
  const isBlank = (text: string) =>
    text.normalize("NFKC").replace(/[\s\p{Cf}\p{DI}\u20e3\p{Pd}\u2212\u30fc]/gu, "") === "";
  const characters = Array.from({ length: 0x110000 }, (_, point) => point)
    .filter((point) => point < 0xd800 || point > 0xdfff)
    .map((point) => String.fromCodePoint(point));
  const wrong = characters.filter((each) => validate({ auth_code: each }) === isBlank(each));
  expect(wrong).toEqual([]);
  expect(validate({ auth_code: characters.filter(isBlank).join("") })).toBe(false);
});
