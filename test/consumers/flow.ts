/** One visitor's way through a consumer: from the refusal to the guarded route, and out again. */

import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";

const PATIENCE_MS = 30_000;

/** What was asked, and the status and code (or `status` field) of the answer. */
export type Step = [what: string, status: number, told: unknown];

/** What every consumer has to answer. */
export const FLOW: Step[] = [
  ["the guarded route, by nobody", 403, "not_signed_in"],
  ["the guarded route, signed in", 403, "two_factor_required"],
  ["a code", 200, "sent"],
  ["a wrong code, as a form", 403, "wrong_code"],
  ["the right code", 200, "verified"],
  ["the guarded route, verified", 200, "ann"],
  ["the guarded route, with the id from before", 403, "not_signed_in"],
  ["a code, with the id from before", 403, "not_signed_in"],
  ["the guarded route, logged out", 403, "not_signed_in"],
  ["the guarded route, with the verified id from before", 403, "not_signed_in"],
  ["a code, with the verified id from before", 403, "not_signed_in"],
];

/** Goes the whole way at `origin`, and tells what was answered. */
export async function goThrough(origin: string, guarded = "/account"): Promise<Step[]> {
  const steps: Step[] = [];
  const visitor = new Visitor(origin);
  const note = async (what: string, answer: Promise<Answer>) => {
    const { status, body } = await answer;
    steps.push([what, status, body.code ?? body.status ?? body.account]);
  };
  await note("the guarded route, by nobody", visitor.get(guarded));
  await visitor.post("/sign-in");
  await note("the guarded route, signed in", visitor.get(guarded));
  await note("a code", visitor.post("/2fa/request-auth"));
  const code = await visitor.lastCode();
  const wrong = new URLSearchParams({
    auth_code: String((Number(code) + 1) % 1e6).padStart(6, "0"),
  });
  await note("a wrong code, as a form", visitor.post("/2fa/validate-auth", wrong));
  const before = visitor.copy();
  await note("the right code", visitor.post("/2fa/validate-auth", { auth_code: code }));
  await note("the guarded route, verified", visitor.get(guarded));
  await note("the guarded route, with the id from before", before.copy().get(guarded));
  await note("a code, with the id from before", before.copy().post("/2fa/request-auth"));
  const verified = visitor.copy();
  await visitor.post("/log-out");
  await note("the guarded route, logged out", visitor.get(guarded));
  await note("the guarded route, with the verified id from before", verified.copy().get(guarded));
  await note("a code, with the verified id from before", verified.copy().post("/2fa/request-auth"));
  return steps;
}

/** Spellings of a guarded path, which a framework may take for the path where the guard does not. */
const SPELLINGS: ((path: string) => string)[] = [
  (path) => path,
  (path) => path.replace("/a", "/%61").replace("/b", "/%62"),
  (path) => path.toUpperCase(),
  (path) => `/${path}`,
  (path) => `${path}/`,
  (path) => `${path}//`,
  (path) => `${path};x=1`,
  (path) => `${path}%2f`,
  (path) => `${path}?/2fa/request-auth`,
  (path) => `/2fa/..${path}`,
  (path) => `/2fa/%2e%2e${path}`,
];

/** Tries each of them, signed in and not verified, and tells those that were let in. */
export async function findWaysRound(origin: string, guarded = "/account"): Promise<string[]> {
  const visitor = new Visitor(origin);
  await visitor.post("/sign-in");
  const found: string[] = [];
  for (const path of SPELLINGS.map((spell) => spell(guarded))) {
    for (const method of ["GET", "HEAD", "POST"]) {
      const { status, text } = await callRaw(origin, { method, path, cookie: visitor.cookie });
      const isIn = method === "HEAD" ? status < 300 : text.includes('"account":"ann"');
      if (isIn) found.push(`${method} ${path}`);
    }
  }
  return found;
}

/** A call whose path goes out as it is written: `fetch` would put it straight first. */
async function callRaw(
  origin: string,
  { method, path, cookie }: { method: string; path: string; cookie: string },
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(origin);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const call = request({ hostname, port, method, path, headers: { cookie }, signal });
  call.end();
  const [response] = (await once(call, "response")) as [IncomingMessage];
  let text = "";
  for await (const part of response) text += String(part);
  return { status: response.statusCode ?? 0, text };
}

interface Answer {
  status: number;
  body: { code?: string; status?: string; account?: string };
}

/** A browser as far as its one cookie goes. */
class Visitor {
  readonly #origin: string;
  #cookie: string;

  constructor(origin: string, cookie = "") {
    this.#origin = origin;
    this.#cookie = cookie;
  }

  get cookie(): string {
    return this.#cookie;
  }

  copy(): Visitor {
    return new Visitor(this.#origin, this.#cookie);
  }

  get(path: string): Promise<Answer> {
    return this.#send(path, {});
  }

  post(path: string, body?: object): Promise<Answer> {
    if (body === undefined || body instanceof URLSearchParams) {
      return this.#send(path, { method: "POST", ...(body && { body }) });
    }
    const headers = { "Content-Type": "application/json" };
    return this.#send(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** The code of the newest text in the host's outbox. */
  async lastCode(): Promise<string> {
    const { body } = await this.get("/texts");
    const code = /^\d{6}/.exec((body as { text: string }[]).at(-1)?.text ?? "")?.[0];
    if (code === undefined) throw new Error("The last text has no code.");
    return code;
  }

  async #send(path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (this.#cookie !== "") headers.set("Cookie", this.#cookie);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(this.#origin + path, { ...init, headers, signal });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) this.#cookie = set.split(";", 1)[0] ?? "";
    const text = await response.text();
    try {
      return { status: response.status, body: JSON.parse(text) as Answer["body"] };
    } catch {
      throw new Error(`${path} answered ${response.status}, and no JSON: ${text.slice(0, 500)}`);
    }
  }
}
