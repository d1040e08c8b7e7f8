/** Reading a body without a server: types, lengths, codings, what a parser has left, and clients that hang up. */

import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { ClientGone } from "../../lib/http/handler";
import { readBody, readForm, readQuery } from "../../lib/http/body";

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

/** A request with what a parser may have left; without `parts` its body is still under way. */
function incoming(
  headers: Record<string, string>,
  parts?: (string | Buffer)[],
  more: object = {},
): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  req.headers = headers;
  for (const part of parts ?? []) req.push(part);
  if (parts !== undefined) req.push(null);
  return Object.assign(req, more);
}

/** One whose body a parser of the app's has read, and left this. */
function parsedAs(body: unknown, type = JSON_TYPE): IncomingMessage {
  const req = incoming({ "content-type": type }, ["{}"], { body });
  req.read();
  return req;
}

const codeOf = async (reading: Promise<object>) => (await reading) as { code?: string };
const fields = (given: object) => ({ ok: true, fields: given });
const of = (length: number) => `{"x":"${"x".repeat(length - 8)}"}`;

describe("the fields of a call", () => {
  test.each([
    ["no body", {}, "", {}],
    ["an empty JSON body", { "content-type": JSON_TYPE }, "", {}],
    ["JSON", { "content-type": JSON_TYPE }, '{"a":"1"}', { a: "1" }],
    ["JSON in words", { "content-type": " Application/JSON ; charset=utf-8" }, "{}", {}],
    ["a form", { "content-type": FORM_TYPE }, "a=1&b=+2&c=", { a: "1", b: " 2", c: "" }],
    ["any script", { "content-type": JSON_TYPE }, '{"a":"é語"}', { a: "é語" }],
    ["a coding that is none", { "content-type": JSON_TYPE, "content-encoding": "" }, "{}", {}],
    ["one that says so", { "content-type": JSON_TYPE, "content-encoding": " Identity " }, "{}", {}],
  ])("are read of %s", async (_what, headers, body, given) => {
    const bytes = Buffer.from(body);
    const halves = [bytes.subarray(0, 7), bytes.subarray(7)].filter(({ length }) => length > 0);
    expect(await readBody(incoming(headers, halves))).toEqual(fields(given));
  });

  test.each([
    ["text", { "content-type": "text/plain" }, "{}"],
    ["nothing, as text", { "content-type": "text/plain" }, ""],
    ["JSON without a type", {}, "{}"],
    ["gzip", { "content-type": JSON_TYPE, "content-encoding": "gzip" }, "{}"],
    ["a coding like none", { "content-type": JSON_TYPE, "content-encoding": "identity2" }, "{}"],
    ["a coding behind", { "content-type": JSON_TYPE, "content-encoding": "x-identity" }, "{}"],
  ])("are not read of %s", async (_what, headers, body) => {
    const read = await codeOf(readBody(incoming(headers, [body])));
    expect(read).toMatchObject({ ok: false, code: "unsupported_media_type" });
    expect("detail" in read).toBe("content-encoding" in headers);
  });

  test.each([
    ["{", "not JSON"],
    ["[]", "object"],
    ["null", "object"],
    ['"x"', "object"],
    ['{"a":1,"a":1}', "twice"],
    ['{"a":1,"\\u0061":1}', "twice"],
    ['{"a":{"b":1},"a":1}', "twice"],
    ['{"a":[{"b":1}],"a":1}', "twice"],
    ['{"a":["{","["],"a":1}', "twice"],
    ['{"a":"}","b":"]","a":1}', "twice"],
    ['{"a" : "\\"", "a" : 1}', "twice"],
    ['{"a":"{{","b":"[[","a":1}', "twice"],
  ])("are not read of the JSON %s", async (body, word) => {
    const read = await readBody(incoming({ "content-type": JSON_TYPE }, [body]));
    expect(read).toMatchObject({
      code: "invalid_request",
      detail: expect.stringContaining(word) as string,
    });
  });

  test.each([
    '{"a":{"b":1,"c":{"b":2}},"b":3}',
    '{"a":[{"b":1},{"b":2}],"b":3}',
    '{"a":"\\"b\\":","b":"{"}',
    '{"a":"b","b":"a"}',
    '{"a":[],"b":{}}',
    '{"a":[],"c":{"b":1},"b":2}',
  ])("are read of JSON whose names are one each: %s", async (body) => {
    const read = await readBody(incoming({ "content-type": JSON_TYPE }, [body]));
    expect(read).toEqual(fields(JSON.parse(body) as object));
  });

  test("are not read of a form with one twice", async () => {
    const read = await readBody(incoming({ "content-type": FORM_TYPE }, ["a=1&b=2&a=1"]));
    expect(read).toMatchObject({
      code: "invalid_request",
      detail: expect.stringContaining("twice") as string,
    });
  });

  test("may take 1,024 bytes, told or counted, and no more (R68)", async () => {
    const json = { "content-type": JSON_TYPE };
    const told = (length: string) => ({ ...json, "content-length": length });
    expect(await readBody(incoming(told("1024"), [of(1024)]))).toHaveProperty("fields");
    expect(await readBody(incoming(json, [of(1024)]))).toHaveProperty("fields");
    // What says that it is too long is not waited for, nor the rest of what is.
    for (const long of [incoming(told("1025")), incoming(json, [of(1025)])]) {
      expect(await readBody(long)).toEqual({ ok: false, code: "payload_too_large" });
    }
    const endless = incoming(json);
    const reading = readBody(endless);
    for (const part of ["x".repeat(1024), "x"]) endless.push(part);
    expect(await reading).toMatchObject({ code: "payload_too_large" });
    expect(await readBody(parsedAs(of(1025)))).toMatchObject({ code: "payload_too_large" });
  });
});

describe("what a parser of the app's has left", () => {
  test.each([
    ["an object", { a: "1" }, { a: "1" }],
    ["nothing", undefined, {}],
    ["text", '{"a":"1"}', { a: "1" }],
    ["bytes", Buffer.from('{"a":"1"}'), { a: "1" }],
    ["bytes of another kind", new Uint8Array(Buffer.from('{"a":"é"}')), { a: "é" }],
    ["empty text", "", {}],
  ])("is taken: %s", async (_what, left, given) => {
    expect(await readBody(parsedAs(left))).toEqual(fields(given));
  });

  test.each([
    ["a list", []],
    ["null", null],
    ["a number", 5],
    ["text that is a list", "[]"],
  ])("is refused where it is no object: %s", async (_what, left) => {
    expect(await readBody(parsedAs(left))).toMatchObject({ code: "invalid_request" });
  });

  test("is refused by its type as the body would be", async () => {
    for (const left of [{ a: "1" }, '{"a":"1"}']) {
      const read = await readBody(parsedAs(left, "text/plain"));
      expect(read).toMatchObject({ code: "unsupported_media_type" });
    }
    expect(await readBody(parsedAs("a=1", ""))).toMatchObject({ code: "unsupported_media_type" });
    expect(await readBody(parsedAs("a=1", FORM_TYPE))).toEqual(fields({ a: "1" }));
  });

  test("counts where it holds a field, also before anything has been read", async () => {
    const req = incoming({ "content-type": JSON_TYPE }, ['{"a":"body"}'], { body: { a: "left" } });
    expect(await readBody(req)).toEqual(fields({ a: "left" }));
  });

  test.each([
    ["an empty object", {}],
    ["an empty list", []],
    ["null", null],
    ["nothing", undefined],
    ["bytes", Buffer.from('{"a":"left"}')],
    ["text", '{"a":"left"}'],
  ])("leaves the body to be read where it is no outcome: %s", async (_what, left) => {
    const req = incoming({ "content-type": JSON_TYPE }, ['{"a":"body"}'], { body: left });
    expect(await readBody(req)).toEqual(fields({ a: "body" }));
  });

  test("is the body where that is empty, as adapters leave it", async () => {
    const req = incoming({ "content-type": JSON_TYPE }, [], { body: Buffer.from('{"a":"left"}') });
    expect(await readBody(req)).toEqual(fields({ a: "left" }));
  });
});

describe("a body that is read", () => {
  const json = { "content-type": JSON_TYPE };

  test("is the same whatever encoding the app has set, and also where it was paused", async () => {
    for (const encoding of ["latin1", "utf8", "hex"] as const) {
      const req = incoming(json, ['{"a":"é語"}']);
      req.setEncoding(encoding);
      req.pause();
      expect(await readBody(req)).toEqual(fields({ a: "é語" }));
    }
  });

  test.each([
    ["hangs up", undefined],
    ["is cut off", Object.assign(new Error("aborted"), { code: "ECONNRESET" })],
  ])("is nobody's where the client %s", async (_how, error) => {
    const req = incoming(json);
    const reading = readBody(req);
    req.push('{"a"');
    req.destroy(error);
    await expect(reading).rejects.toBeInstanceOf(ClientGone);
  });

  test("fails by another fault as that fault", async () => {
    const req = incoming(json);
    const reading = readBody(req);
    const fault = new Error("the parser is broken");
    req.destroy(fault);
    await expect(reading).rejects.toBe(fault);
  });
});

describe("a signed form", () => {
  const form = { "content-type": FORM_TYPE };
  const TOO_LARGE = {
    ok: false,
    code: "payload_too_large",
    detail: expect.stringContaining("16 kB") as string,
  };

  test("is read with all its parameters, in their order, as they stand or as a parser left them", async () => {
    const parameters = [
      ["a", "2"],
      ["a", "1"],
      ["b", ""],
    ];
    const whole = { ok: true, parameters };
    expect(await readForm(incoming(form, ["a=2&a=1&b="]))).toEqual(whole);
    expect(await readForm(parsedAs("a=2&a=1&b=", FORM_TYPE))).toEqual(whole);
    expect(await readForm(parsedAs({ a: ["2", "1"], b: "" }, FORM_TYPE))).toEqual(whole);
    for (const nothing of [incoming(form, []), parsedAs(undefined, FORM_TYPE)]) {
      expect(await readForm(nothing)).toEqual({ ok: true, parameters: [] });
    }
  });

  test.each([5, null, { b: "1" }, [["1"], 2]])(
    "is refused where a parser has left %j for a value",
    async (value) => {
      const read = await readForm(parsedAs({ a: "1", b: value }, FORM_TYPE));
      expect(read).toEqual({ ok: false, code: "invalid_request" });
    },
  );

  test("is no JSON", async () => {
    const read = await readForm(incoming({ "content-type": JSON_TYPE }, ["{}"]));
    expect(read).toMatchObject({ code: "unsupported_media_type" });
    expect(read).not.toHaveProperty("detail");
  });

  test("may take 16,384 bytes, names and values counted, and no more", async () => {
    const text = `a=${"x".repeat(16_382)}`;
    expect(await readForm(incoming(form, [text]))).toMatchObject({ ok: true });
    expect(await readForm(incoming(form, [`${text}x`]))).toEqual(TOO_LARGE);
    const told = { ...form, "content-length": "16385" };
    expect(await readForm(incoming(told))).toEqual(TOO_LARGE);
    const values = { a: ["x".repeat(8000), "y".repeat(8000)], bc: "z".repeat(380) };
    expect(await readForm(parsedAs(values, FORM_TYPE))).toMatchObject({ ok: true });
    const more = { ...values, d: "z" };
    expect(await readForm(parsedAs(more, FORM_TYPE))).toEqual(TOO_LARGE);
  });
});

test.each([
  ["/?a=1&b=+2", fields({ a: "1", b: " 2" })],
  ["/", fields({})],
  [undefined, fields({})],
  [`/?a=${"x".repeat(1020)}`, fields({ a: "x".repeat(1020) })],
  [`/?a=${"x".repeat(1021)}`, { ok: false, code: "payload_too_large" }],
])("of a query the fields are read, of 1,024 characters at most (%#)", (url, read) => {
  const req = Object.assign(incoming({}, []), { url });
  expect(readQuery(req)).toEqual(read);
});

test("a query with a field twice is refused", () => {
  const req = Object.assign(incoming({}, []), { url: "/?a=1&a=1" });
  expect(readQuery(req)).toMatchObject({ code: "invalid_request" });
});
