/** The OpenAPI document: valid, true of the options, and served where it is asked for. */

import { execFileSync } from "node:child_process";
import type { OpenApiDocument } from "../../lib/index";
import { EXPRESSES, serve } from "../fakes/app";
import { FULL, Reader, type Examples, type Operation } from "./reader";

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
    timeout: 45_000,
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
