/** Reads the fields of a call: the body that the app has parsed or, if it has not, the body itself. */

import type { IncomingMessage } from "node:http";
import { ClientGone } from "./handler";
import { refusal, type Refusal } from "../outcome/refusal";
import { readTarget } from "./request-target";

/** The fields, not looked at yet, or why there are none. */
export type BodyReading = { ok: true; fields: object } | Refusal;

/** The parameters of a form in their order, or why there are none; a name may stand there several times. */
export type FormReading = { ok: true; parameters: [name: string, value: string][] } | Refusal;

/** A body: its text, or what a parser of the app's has made of it. */
type Raw = { ok: true; type: string; text: string } | { ok: true; parsed: unknown } | Refusal;

interface Bounds {
  /** Bytes. */
  largest: number;
  types: readonly string[];
}

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
const FIELDS: Bounds = { largest: 1024, types: [JSON_TYPE, FORM_TYPE] };
// A gateway repeats the text, which may have ten segments, percent-encoded.
const FORM: Bounds = { largest: 16_384, types: [FORM_TYPE] };

/** The fields of a POST. What stands in its query is never among them. */
export async function readBody(req: IncomingMessage): Promise<BodyReading> {
  const raw = await readRaw(req, FIELDS);
  if (!raw.ok) return raw;
  if ("parsed" in raw) return fieldsOf(raw.parsed);
  if (raw.text === "") return { ok: true, fields: {} };
  return raw.type === JSON_TYPE ? fieldsOfJson(raw.text) : fieldsOfForm(raw.text);
}

/** The parameters of a form that somebody has signed: all of them, empty and repeated ones too. */
export async function readForm(req: IncomingMessage): Promise<FormReading> {
  const raw = await readRaw(req, FORM);
  if (!raw.ok) return raw.code === "payload_too_large" ? FORM_TOO_LARGE : raw;
  if ("text" in raw) return { ok: true, parameters: [...new URLSearchParams(raw.text)] };
  return parametersOf(raw.parsed);
}

const FORM_TOO_LARGE = refusal("payload_too_large", { detail: "Send at most 16 kB." });

/** Undoes what a parser of the app's has done: several values of one name are an array then. */
function parametersOf(parsed: unknown): FormReading {
  const parameters: [string, string][] = [];
  let size = 0;
  for (const [name, given] of Object.entries(parsed ?? {})) {
    for (const value of [given].flat() as unknown[]) {
      if (typeof value !== "string") return refusal("invalid_request");
      size += name.length + value.length;
      parameters.push([name, value]);
    }
  }
  return size > FORM.largest ? FORM_TOO_LARGE : { ok: true, parameters };
}

async function readRaw(req: IncomingMessage, { largest, types }: Bounds): Promise<Raw> {
  const type = (req.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const { body: parsed } = req as IncomingMessage & { body?: unknown };
  if (Number(req.headers["content-length"] ?? 0) > largest) return refusal("payload_too_large");
  if (type !== "" && !types.includes(type)) return refusal("unsupported_media_type");
  if (wasRead(req)) {
    const left = textOf(parsed);
    return left === undefined ? { ok: true, parsed } : asText(left, type, largest);
  }
  // A parser of the app's would have undone it.
  if (isCoded(req)) {
    return refusal("unsupported_media_type", { detail: "Send the body without Content-Encoding." });
  }
  const text = await readText(req, largest);
  if (text === undefined) return refusal("payload_too_large");
  // Some adapters for functions in a cloud leave the bytes beside the request alone.
  return asText(text === "" ? (textOf(parsed) ?? "") : text, type, largest);
}

/** What a parser of the app's for raw or text bodies has left, in front of all paths, as text. */
function textOf(left: unknown): string | undefined {
  if (typeof left === "string") return left;
  return left instanceof Uint8Array ? Buffer.from(left).toString("utf8") : undefined;
}

function asText(text: string, type: string, largest: number): Raw {
  if (Buffer.byteLength(text) > largest) return refusal("payload_too_large");
  return text !== "" && type === "" ? refusal("unsupported_media_type") : { ok: true, type, text };
}

/** The fields of a query, where GET is served. */
export function readQuery(req: IncomingMessage): BodyReading {
  const { url = "" } = req;
  if (url.length > FIELDS.largest) return refusal("payload_too_large");
  return fieldsOfForm(readTarget(url).query);
}

// A parser of the app's has taken the body, or something has left its outcome in its place. Bytes there,
// as adapters for functions in a cloud leave, are none: the body itself is still to be read.
function wasRead(req: IncomingMessage & { body?: unknown }): boolean {
  if (req.readableDidRead || req.readableEnded) return true;
  const { body } = req;
  if (typeof body !== "object" || body === null || body instanceof Uint8Array) return false;
  return Object.keys(body).length > 0;
}

function isCoded({ headers }: IncomingMessage): boolean {
  return !/^(?:identity)?$/i.test(headers["content-encoding"]?.trim() ?? "");
}

function fieldsOf(value: unknown): BodyReading {
  if (value === undefined) return { ok: true, fields: {} };
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord
    ? { ok: true, fields: value }
    : refusal("invalid_request", { detail: "Expected the body to be an object of fields." });
}

const TWICE = refusal("invalid_request", { detail: "A field stands in the request twice." });

function fieldsOfJson(text: string): BodyReading {
  try {
    const value: unknown = JSON.parse(text);
    return hasFieldTwice(text) ? TWICE : fieldsOf(value);
  } catch {
    return refusal("invalid_request", { detail: "The body is not JSON." });
  }
}

// JSON.parse takes the last of two members of one name, and whatever has looked at the body before us may
// have taken the first (RFC 8259, 4).
function hasFieldTwice(json: string): boolean {
  const names = new Set<unknown>();
  let depth = 0;
  for (const [token, name] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    if (name === undefined || depth > 1) continue;
    const read: unknown = JSON.parse(name);
    if (names.has(read)) return true;
    names.add(read);
  }
  return false;
}

function fieldsOfForm(text: string): BodyReading {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.has(name)) return TWICE;
    fields.set(name, value);
  }
  return { ok: true, fields: Object.fromEntries(fields) };
}

/** The whole body; nothing if it is too large, and then the rest is let run out unread. */
async function readText(req: IncomingMessage, largest: number): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    req.on("data", (part: Buffer | string) => {
      // Text, where the app has set an encoding on the request.
      const bytes = Buffer.isBuffer(part)
        ? part
        : Buffer.from(part, req.readableEncoding ?? "utf8");
      size += bytes.length;
      if (size > largest) {
        resolve(undefined);
        return;
      }
      parts.push(bytes);
    });
    req.once("end", () => {
      resolve(Buffer.concat(parts).toString("utf8"));
    });
    req.once("error", (error: NodeJS.ErrnoException) => {
      // So Node.js tells that the connection has ended before the body.
      reject(error.code === "ECONNRESET" ? new ClientGone("The client has gone.") : error);
    });
    req.once("close", () => {
      // Every request closes, and an error is dear to make.
      if (!req.readableEnded) reject(new ClientGone("The client has gone."));
    });
    // Something of the app's may have paused it.
    req.resume();
  });
}
