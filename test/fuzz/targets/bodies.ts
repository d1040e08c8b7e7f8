/** Bodies: as they come in bytes, or as a parser of the app's has left them; then the fields in them. */

import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import fc from "fast-check";
import { readBody, readForm, readQuery } from "../../../lib/http/body";
import { ClientGone } from "../../../lib/http/handler";
import { isRefusalCode } from "../../../lib/outcome/errors";
import type { Refusal } from "../../../lib/outcome/refusal";
import { fieldSchemas, readAnswerFields, readRequestFields } from "../../../lib/request/fields";
import { BODIES, TYPES } from "../corpus";
import { seldom, textsLike } from "../mutations";
import { materialise, oddJson } from "../odd-values";
import { hold, target } from "../target";

const NAMES = [
  "auth_code",
  "code",
  "number",
  "recovery_code",
  "remember",
  "fresh",
  "purpose",
  "channel",
  "locale",
  "form_token",
];

const SCHEMAS = [true, false].map((hasAll) =>
  fieldSchemas({
    user: (hasAll ? () => null : "from-request") as never,
    purposes: new Map([["pay", {}]]) as never,
    codeLength: 6,
    channels: new Set(hasAll ? (["sms", "call"] as const) : (["sms"] as const)),
    recovery: (hasAll ? {} : undefined) as never,
    remember: (hasAll ? {} : undefined) as never,
  }),
);

/** A request as Node.js gives it, its bytes in pieces; one that is gone has lost its end. */
class Posted extends Readable {
  readonly headers: Record<string, string | undefined>;
  readonly method = "POST";
  readonly url: string;
  body: unknown;
  readonly #pieces: Buffer[];
  readonly #isGone: boolean;

  constructor(
    headers: Record<string, string | undefined>,
    pieces: Buffer[],
    isGone: boolean,
    url = "/",
  ) {
    super();
    this.headers = headers;
    this.#pieces = pieces;
    this.#isGone = isGone;
    this.url = url;
  }

  override _read(): void {
    const next = this.#pieces.shift();
    if (next !== undefined) this.push(next);
    else if (this.#isGone) this.destroy();
    else this.push(null);
  }
}

function piecesOf(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

function holdRefusal(refused: Refusal): void {
  hold(isRefusalCode(refused.code), "a refusal has a code of the contract");
  hold(!/\d{4}/.test(refused.detail ?? ""), "a refusal shows nothing that was typed");
}

const NUMBERS_ALONE = Object.getOwnPropertyNames(Object.prototype).length;

function holdFields(fields: object): void {
  hold(!Array.isArray(fields), "fields are a record");
  hold(
    Object.getOwnPropertyNames(Object.prototype).length === NUMBERS_ALONE,
    "no prototype is changed",
  );
  for (const { request, answer } of SCHEMAS) {
    const asked = readRequestFields(fields, request);
    if (asked.ok) {
      const { number = "", locale = "", purpose, channel } = asked.fields;
      hold(
        [number, locale, purpose, channel].every((each) => typeof each === "string"),
        "fields are strings",
      );
      hold(
        ["", "pay"].includes(purpose) && ["sms", "call"].includes(channel),
        "no other word is served",
      );
    } else holdRefusal(asked);
    const answered = readAnswerFields(fields, answer);
    if (answered.ok) {
      const { code, recoveryCode = "", number = "" } = answered.fields;
      hold(
        [code, recoveryCode, number].every((each) => typeof each === "string"),
        "fields are strings",
      );
      const given = ["auth_code", "code", "recovery_code"].filter((name) => {
        const value = Object.hasOwn(fields, name) && (fields as Record<string, unknown>)[name];
        return typeof value === "string" && value !== "";
      });
      hold(given.length <= 1, "one code is answered, not several");
      hold(
        code === "" || given.some((name) => (fields as Record<string, unknown>)[name] === code),
        "a code is the request's own",
      );
    } else holdRefusal(answered);
  }
}

async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    hold(error instanceof ClientGone, "nothing is thrown but that the client has gone");
  }
}

function holdReading(req: Posted): Promise<void> {
  return unlessGone(async () => {
    const read = await readBody(req as unknown as IncomingMessage);
    if (read.ok) holdFields(read.fields);
    else holdRefusal(read);
  });
}

const bytes = target({
  name: "body",
  share: 60_000,
  inputs: fc.record({
    type: textsLike(TYPES),
    text: textsLike(BODIES),
    encoding: fc.constantFrom("utf8", "utf8", "utf8", "latin1", "utf16le"),
    size: fc.constantFrom(1, 7, 1024, 65_536),
    length: seldom(fc.constantFrom("0", "5", "1024", "1025", "-1", "NaN", "1e9", "0x10", ""), 4),
    coding: seldom(
      fc.constantFrom("gzip", "identity", "br", "GZIP, deflate", "x", " identity "),
      5,
    ),
    isGone: fc.integer({ min: 0, max: 9 }).map((tenth) => tenth === 0),
  }),
  check: async ({ type, text, encoding, size, length, coding, isGone }) => {
    const headers = { "content-type": type, "content-length": length, "content-encoding": coding };
    const pieces = (): Buffer[] =>
      piecesOf(Buffer.from(text, encoding as BufferEncoding), size).slice(0, 200);
    await holdReading(new Posted(headers, pieces(), isGone));
    await unlessGone(async () => {
      const form = await readForm(
        new Posted(headers, pieces(), isGone) as unknown as IncomingMessage,
      );
      if (form.ok)
        hold(
          form.parameters.flat().every((each) => typeof each === "string"),
          "parameters are strings",
        );
      else holdRefusal(form);
    });
  },
});

const parsed = target({
  name: "body-parsed",
  share: 40_000,
  inputs: fc.record({
    type: fc.constantFrom(...TYPES),
    body: oddJson(NAMES),
    text: seldom(fc.constantFrom(...BODIES)),
    isRead: fc.boolean(),
  }),
  check: async ({ type, body, text, isRead }) => {
    for (const read of [holdReading, holdForm]) {
      const req = new Posted(
        { "content-type": type },
        piecesOf(Buffer.from(text ?? ""), 1024),
        false,
      );
      if (isRead) for await (const _part of req);
      req.body = materialise(body);
      await read(req);
    }
  },
});

async function holdForm(req: Posted): Promise<void> {
  const form = await readForm(req as unknown as IncomingMessage);
  if (form.ok)
    hold(
      form.parameters.flat().every((each) => typeof each === "string"),
      "parameters are strings",
    );
  else holdRefusal(form);
}

const fields = target({
  name: "fields",
  share: 70_000,
  inputs: fc.record({ body: oddJson(NAMES), query: textsLike(BODIES) }),
  check: ({ body, query }) => {
    const value = materialise(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) holdFields(value);
    const read = readQuery(
      new Posted({}, [], false, `/2fa/validate-auth?${query}`) as unknown as IncomingMessage,
    );
    if (read.ok) holdFields(read.fields);
    else holdRefusal(read);
  },
});

export const BODY_TARGETS = [bytes, parsed, fields];
