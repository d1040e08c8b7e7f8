/** The OpenAPI document: valid, and true of every kind of answer and of every body. */

import { execFileSync } from "node:child_process";
import Ajv, { type ValidateFunction } from "ajv/dist/2020";
import { fullFormats } from "ajv-formats/dist/formats";
import fc from "fast-check";
import { TwoFactorError, type OpenApiDocument } from "../../lib";
import {
  ANN,
  BOB,
  EXPRESSES,
  serve,
  wrongCodes,
  type Client,
  type ServeOptions,
  type Served,
} from "../fakes/app";

jest.setTimeout(90_000);

const DOCUMENT = "https://app.example/openapi.json";
const MANY = { max: 1_000_000, window: 60 };

/** Every option that the document reflects. */
const FULL: ServeOptions = {
  user: "from-request",
  options: {
    openapi: true,
    purposes: ["pay", "close-account"],
    codeLength: 8,
    codeTtl: 120,
    allowGet: true,
    rateLimitHeaders: true,
    beforeSend: () => true,
  },
};

interface Operation {
  operationId: string;
  security: object[];
  parameters?: { name: string; required: boolean }[];
  requestBody?: { required: boolean; content: Record<string, { examples: Examples }> };
  responses: Record<string, ResponseObject | undefined>;
}
interface ResponseObject {
  headers: Record<string, { required: boolean; schema: object }>;
  content: Record<string, { schema: object; examples: Examples }>;
}
type Examples = Record<string, { value: unknown }>;

/** What an answer is checked against. */
class Reader {
  readonly document: OpenApiDocument;
  readonly #ajv = new Ajv({ strict: false, allErrors: true, formats: fullFormats });

  constructor(document: OpenApiDocument) {
    this.document = document;
    this.#ajv.addSchema(tightened(document), DOCUMENT);
  }

  operation(method: string, path: string): Operation {
    const operation = this.document.paths[path]?.[method] as Operation | undefined;
    if (operation === undefined) throw new Error(`There is no ${method} ${path}.`);
    return operation;
  }

  /** The schema that stands at these members. */
  at(...members: string[]): ValidateFunction {
    const pointer = members.map((each) => each.replaceAll("~", "~0").replaceAll("/", "~1"));
    const validate = this.#ajv.getSchema(`${DOCUMENT}#/${pointer.join("/")}`);
    if (validate === undefined) throw new Error(`There is no schema at ${members.join(" ")}.`);
    return validate as ValidateFunction;
  }

  /** What is wrong with an answer: nothing, if the document tells the truth. */
  faultsIn(answer: Answer, ...response: string[]): unknown[] {
    const described = response.reduce<unknown>(
      (at, name) => (at as Record<string, unknown> | undefined)?.[name],
      this.document,
    ) as ResponseObject | undefined;
    if (described === undefined) return [`${answer.status} is not documented`];
    const [type = ""] = (answer.headers["content-type"] ?? "").split(";");
    if (described.content[type] === undefined) return [`${type} is not documented`];
    const validate = this.at(...response, "content", type, "schema");
    validate(answer.body);
    const headers = Object.entries(described.headers).filter(
      ([name, { required }]) => required && answer.headers[name.toLowerCase()] === undefined,
    );
    const untold = ["retry-after", "allow", "ratelimit", "ratelimit-policy"].filter(
      (name) =>
        answer.headers[name] !== undefined &&
        !Object.keys(described.headers).some((each) => each.toLowerCase() === name),
    );
    return [...(validate.errors ?? []), ...headers.map(([name]) => name), ...untold];
  }
}

interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: unknown;
}

/** The document with no answer allowed to hold more than it says. */
function tightened(document: OpenApiDocument): object {
  return JSON.parse(JSON.stringify(document), (name, value: unknown) => {
    const isObject = typeof value === "object" && value !== null && "properties" in value;
    return isObject && !name.endsWith("Fields") ? { ...value, additionalProperties: false } : value;
  }) as object;
}

/** What a well-kept validator of others says of some documents. It is ESM alone, which Jest can't load. */
function verdictsOn(documents: OpenApiDocument[]): unknown {
  const program = `
    import { Validator } from "@seriousme/openapi-schema-validator";
    import { readFileSync } from "node:fs";
    const verdicts = [];
    for (const document of JSON.parse(readFileSync(0, "utf8"))) {
      const validator = new Validator();
      const { valid, errors } = await validator.validate(document);
      verdicts.push({ valid, version: validator.version, errors });
    }
    console.log(JSON.stringify(verdicts));
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: __dirname,
    input: JSON.stringify(documents),
    timeout: 30_000,
  });
  return JSON.parse(output.toString());
}

test("the document is valid OpenAPI 3.1, whatever the options", async () => {
  const plain = await serve();
  const full = await serve(FULL);
  const broken = { ...plain.two.openapi(), paths: { "no-slash": {} } };
  expect(verdictsOn([plain.two.openapi(), full.two.openapi(), broken])).toEqual([
    { valid: true, version: "3.1" },
    { valid: true, version: "3.1" },
    expect.objectContaining({ valid: false }),
  ]);
});

test("every reference leads somewhere, and every example is what its schema allows", async () => {
  for (const options of [{}, FULL]) {
    const reader = new Reader((await serve(options)).two.openapi());
    let seen = 0;
    const walk = (value: unknown, members: string[]): void => {
      if (typeof value !== "object" || value === null) return;
      const { $ref, schema, examples } = value as {
        $ref?: unknown;
        schema?: object;
        examples?: Examples;
      };
      if (typeof $ref === "string")
        expect(() => reader.at(...$ref.split("/").slice(1))).not.toThrow();
      if (schema !== undefined && examples !== undefined) {
        const validate = reader.at(...members, "schema");
        for (const { value: example } of Object.values(examples)) {
          seen += 1;
          expect([example, validate(example), validate.errors]).toEqual([example, true, null]);
        }
      }
      for (const [name, each] of Object.entries(value)) walk(each, [...members, name]);
    };
    walk(reader.document, []);
    expect(seen).toBeGreaterThan(40);
  }
});

describe.each(EXPRESSES)("%s", (_name, express) => {
  test("it is served below the mount path where the option asks for it, to GET and HEAD", async () => {
    const s = await serve({ express, mount: "/api/2fa", options: { openapi: true } });
    const answer = await s.client().get("/api/2fa/openapi.json");
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.body).toEqual(JSON.parse(JSON.stringify(s.two.openapi())));
    expect(answer.body).toMatchObject({ openapi: "3.1.1", servers: [{ url: "/api/2fa" }] });
    expect((await s.client().send("head", "/api/2fa/openapi.json")).status).toBe(200);
    const posted = await s.client().post("/api/2fa/openapi.json");
    expect([posted.status, posted.headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  test("without the option there is no such path, and a guard in front lets nobody at it", async () => {
    const off = await serve({ express });
    expect((await off.client().get("/2fa/openapi.json")).status).toBe(404);
    const on = await serve({
      express,
      options: { openapi: true },
      before: (app, two) => app.use("/2fa", two.require2fa()),
    });
    expect((await on.client().get("/2fa/openapi.json")).status).toBe(403);
    expect((await (await on.signedIn()).ask()).status).toBe(200);
  });
});

test("it tells the instance's purposes, mode, code length, times, GET and headers", async () => {
  const { paths, components, servers } = (await serve(FULL)).two.openapi("/elsewhere");
  expect(servers).toEqual([{ url: "/elsewhere" }]);
  expect(components.schemas).toMatchObject({
    RequestFields: {
      required: ["number"],
      properties: { purpose: { enum: ["", "pay", "close-account"] } },
    },
    AnswerFields: { properties: { auth_code: { examples: ["12345678"] } } },
    Sent: { properties: { expiresIn: { maximum: 120 } } },
  });
  const get = paths["/request-auth"]?.get as Operation;
  expect(get.parameters?.map(({ name, required }) => [name, required])).toEqual([
    ["number", true],
    ["channel", false],
    ["locale", false],
    ["purpose", false],
    ["fresh", false],
  ]);
  expect(get.responses[200]?.headers).toHaveProperty("RateLimit");
  expect(get.security).toContainEqual({});
  expect(JSON.stringify(get)).not.toMatch(/NotSignedIn|NumberMismatch|FactorDisabled/);
  const plain = (await serve()).two.openapi();
  expect(plain.paths["/request-auth"]).not.toHaveProperty("get");
  expect(plain.components.schemas).not.toHaveProperty("RequestFields.required");
  expect(JSON.stringify(plain.paths)).not.toMatch(/RateLimit|SendRefused/);
});

test("nothing secret stands in it", async () => {
  const s = await serve({ options: { openapi: true, countries: ["GB"], trustedOrigins: [] } });
  expect(JSON.stringify(s.two.openapi())).not.toMatch(/0123456789abcdef|"GB"/);
});

const REQUEST = "/request-auth";
const VALIDATE = "/validate-auth";
const STATUS = "/status";

type Scenario = [
  what: string,
  path: string,
  call: (s: Served, client: Client) => PromiseLike<unknown>,
  given?: ServeOptions,
];

const refusing = (code: "cannot_text_number" | "delivery_failed" | "unavailable") => ({
  options: {
    sender: () => {
      throw new TwoFactorError(code, "It says no.", { retryAfter: 7 });
    },
  },
});
const broken: ServeOptions = {
  user: () => {
    throw new Error("The app is broken.");
  },
};
const post = (client: Client, path: string, body: object = {}) =>
  client.post(`/2fa${path}`, path === VALIDATE ? { auth_code: "123456", ...body } : body);
async function exhaust(s: Served, client: Client): Promise<void> {
  await client.ask();
  for (const code of wrongCodes(s.lastCode(), 3)) await client.answer(code);
}

const COMMON: Scenario[] = [REQUEST, VALIDATE].flatMap((path): Scenario[] => [
  ["invalid_request", path, (_s, client) => post(client, path, { remember: true })],
  [
    "invalid_number",
    path,
    async (_s, client) => {
      await client.ask();
      return post(client, path, { number: "911" });
    },
  ],
  ["cross_site", path, (_s, client) => post(client, path).set("Sec-Fetch-Site", "cross-site")],
  ["method_not_allowed", path, (_s, client) => client.send("put", `/2fa${path}`)],
  ["payload_too_large", path, (_s, client) => post(client, path, { number: "1".repeat(2000) })],
  [
    "unsupported_media_type",
    path,
    (_s, client) => client.send("post", `/2fa${path}`).type("text").send("x"),
  ],
  ["not_signed_in", path, (s) => post(s.client(), path)],
  ["no_number", path, async (s) => post(await s.signedIn("ann", null), path)],
  [
    "factor_disabled",
    path,
    async (s, client) => {
      await exhaust(s, client);
      return post(path === REQUEST ? await s.signedIn() : client, path);
    },
    { options: { limits: { consecutiveFailures: 1 } } },
  ],
  [
    "too_many_attempts",
    path,
    async (s, client) => {
      await exhaust(s, client);
      // Another session, for in this one the last text is still fresh.
      return post(path === REQUEST ? await s.signedIn() : client, path);
    },
    { options: { limits: { failures: { max: 2, window: 900 } } } },
  ],
  ["unavailable", path, (_s, client) => post(client, path), broken],
]);

const SCENARIOS: Scenario[] = [
  ...COMMON,
  ["sent", REQUEST, (_s, client) => client.ask()],
  [
    "pending",
    REQUEST,
    async (_s, client) => {
      await client.ask();
      return client.ask();
    },
  ],
  [
    "verified",
    REQUEST,
    async (s, client) => {
      await client.ask();
      await client.answer(s.lastCode());
      return client.ask();
    },
  ],
  ["number_mismatch", REQUEST, (_s, client) => client.ask({ number: BOB })],
  ["country_not_allowed", REQUEST, async (s) => (await s.signedIn("ann", "+447700900123")).ask()],
  ["send_refused", REQUEST, (_s, client) => client.ask(), { options: { beforeSend: () => false } }],
  ["cannot_text_number", REQUEST, (_s, client) => client.ask(), refusing("cannot_text_number")],
  ["delivery_failed", REQUEST, (_s, client) => client.ask(), refusing("delivery_failed")],
  ["unavailable", REQUEST, (_s, client) => client.ask(), refusing("unavailable")],
  [
    "too_many_requests",
    REQUEST,
    async (s) => {
      await (await s.signedIn("joe", ANN)).ask();
      return (await s.signedIn("eve", ANN)).ask();
    },
    { options: { rateLimitHeaders: true, limits: { number: { max: 1, window: 600 } } } },
  ],
  [
    "verified",
    VALIDATE,
    async (s, client) => {
      await client.ask();
      return client.answer(s.lastCode());
    },
  ],
  [
    "wrong_code",
    VALIDATE,
    async (_s, client) => {
      await client.ask();
      return client.answer("12");
    },
  ],
  ["no_challenge", VALIDATE, (_s, client) => client.answer("123456")],
  ["not verified", STATUS, (_s, client) => client.status()],
  [
    "a challenge",
    STATUS,
    async (_s, client) => {
      await client.ask();
      return client.status();
    },
  ],
  ["method_not_allowed", STATUS, (_s, client) => client.post("/2fa/status")],
  ["unavailable", STATUS, (_s, client) => client.status(), broken],
];

describe("what the document says of an answer is what is answered", () => {
  const cases = SCENARIOS.map(([what, path, call, given = {}]) => ({ what, path, call, given }));

  test.each(cases)("$what of $path", async ({ what, path, call, given }) => {
    const s = await serve(given);
    const answer = (await call(s, await s.signedIn())) as Answer;
    const { code, status } = answer.body as { code?: string; status?: unknown };
    if (path !== STATUS || code !== undefined) expect(code ?? status).toBe(what);
    const reader = new Reader(s.two.openapi());
    const method = path === STATUS ? "get" : "post";
    const faults = reader.faultsIn(answer, "paths", path, method, "responses", `${answer.status}`);
    expect(faults).toEqual([]);
  });

  test("each code that it names for an endpoint is among those cases, and no other is", async () => {
    const { paths } = (await serve({ options: { beforeSend: () => true } })).two.openapi();
    for (const path of [REQUEST, VALIDATE, STATUS]) {
      const { responses } = paths[path]?.[path === STATUS ? "get" : "post"] as Operation;
      const named = Object.values(responses).flatMap((each) =>
        Object.keys(each?.content["application/problem+json"]?.examples ?? {}),
      );
      const tried = SCENARIOS.filter((each) => each[1] === path).map(([what]) => what);
      const refused = tried.filter(
        (what) => !/^(sent|pending|verified|not verified|a chal.*)$/.test(what),
      );
      expect(named.sort()).toEqual([...new Set(refused)].sort());
    }
  });

  test("with every option on, and by GET", async () => {
    const s = await serve(FULL);
    const reader = new Reader(s.two.openapi());
    const client = await s.signedIn();
    const faults = (answer: Answer, path: string) =>
      reader.faultsIn(answer, "paths", path, "get", "responses", `${answer.status}`);
    const asked = await client.get(
      `/2fa/request-auth?number=${encodeURIComponent(ANN)}&purpose=pay`,
    );
    expect([asked.status, faults(asked as Answer, REQUEST)]).toEqual([200, []]);
    const wrong = await client.get("/2fa/validate-auth?code=1");
    expect([wrong.status, faults(wrong as Answer, VALIDATE)]).toEqual([403, []]);
    const right = await client.get(`/2fa/validate-auth?code=${s.lastCode()}`);
    expect([right.status, faults(right as Answer, VALIDATE)]).toEqual([200, []]);
    const none = await client.get("/2fa/request-auth");
    expect([none.status, faults(none as Answer, REQUEST)]).toEqual([400, []]);
  });

  test("the guard's problem is the response that it keeps for the app's own routes", async () => {
    const s = await serve({
      options: { purposes: ["pay"], pages: true },
      guard: { purpose: "pay", maxAge: 60 },
    });
    const answer = await (await s.signedIn()).get("/private");
    expect(answer.body).toHaveProperty("ask.purpose");
    const reader = new Reader(s.two.openapi());
    expect(
      reader.faultsIn(answer as Answer, "components", "responses", "TwoFactorRequired"),
    ).toEqual([]);
  });
});

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
const extra = { remember: odd, recovery_code: odd, other: odd, ["__proto__"]: odd };
const number = valueOf(["+12025550123", "12025550123", "911", ""]);
const BODIES = {
  [REQUEST]: fieldsOf({
    number,
    channel: valueOf(["sms"], ["call", "SMS"]),
    locale: valueOf(["es-MX", "en", "x".repeat(35)], ["", "x".repeat(36), "é"]),
    purpose: valueOf(["pay", ""], ["Pay", "none"]),
    fresh: valueOf([true, false, "true", "false", "1", "0", "on"], ["off", "TRUE"]),
  }),
  [VALIDATE]: fieldsOf({
    number,
    auth_code: valueOf(["123456", "12 34 56"], ["-"]),
    code: valueOf(["1"]),
  }),
};

describe.each(["user", "from-request"] as const)("in the mode %s", (mode) => {
  describe.each([REQUEST, VALIDATE] as const)("%s", (path) => {
    const name = path === REQUEST ? "RequestFields" : "AnswerFields";
    const given: ServeOptions = {
      ...(mode === "from-request" && { user: mode }),
      options: {
        purposes: ["pay"],
        limits: { user: MANY, number: MANY, network: MANY, cooldown: 1 },
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
    text.normalize("NFKC").replace(/[\s\p{Cf}\p{Pd}\u2212]/gu, "") === "";
  const characters = Array.from({ length: 0x110000 }, (_, point) => point)
    .filter((point) => point < 0xd800 || point > 0xdfff)
    .map((point) => String.fromCodePoint(point));
  const wrong = characters.filter((each) => validate({ auth_code: each }) === isBlank(each));
  expect(wrong).toEqual([]);
  expect(validate({ auth_code: characters.filter(isBlank).join("") })).toBe(false);
});
