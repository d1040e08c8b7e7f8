/** The real thing as commands use it: browsers with cookies, texts that arrive, a clock; every answer is in the contract. */

import { Agent, request, type IncomingHttpHeaders } from "node:http";
import type { Message } from "../../lib";
import { isRefusalCode, statusOf } from "../../lib/outcome/errors";

/** What a gateway does with the next text. */
export type Mood = "takes" | "refuses" | "is down" | "is unsure";

/** A text, as it reached a phone. */
export type Text = Pick<Message, "to" | "code" | "purpose" | "description" | "locale">;

/** The processes, and what they share. */
export interface Workers {
  readonly ports: readonly number[];
  /** Epoch ms. */
  readonly now: () => number;
  /** Forgets all, for another run. Resolves, as each of these, once it is so. */
  readonly begin: () => unknown;
  /** Moves the clock. */
  readonly move: (seconds: number) => unknown;
  readonly setNumber: (user: string, number: string) => unknown;
  readonly setMood: (mood: Mood) => unknown;
  /** The texts that have left since it was called last. */
  readonly takeTexts: () => Text[] | Promise<Text[]>;
  /** Headers that go with each request. */
  readonly headers: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: {
    status?: unknown;
    code?: string;
    remembered?: unknown;
    recoveryCodesLeft?: unknown;
    codes?: string[];
    listed?: unknown;
  };
  /** The cookie of a remembered browser, where the answer has set one. */
  token: string | undefined;
}

/** One request of one browser. */
export interface Call {
  browser: number;
  worker: number;
  path: string;
  fields?: object;
  network?: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Ends the connections that are kept for the next run. */
export function hangUp(): void {
  agent.destroy();
}

export class World {
  readonly workers: Workers;
  readonly #cookies: string[] = [];
  /** Who signs in at a browser before its first request. */
  readonly #visitors: readonly string[];
  /** Requests so far. */
  calls = 0;

  constructor(workers: Workers, visitors: readonly string[]) {
    this.workers = workers;
    this.#visitors = visitors;
  }

  /** What a browser sends; it begins with the first use. */
  async cookieOf(browser: number): Promise<string> {
    const cookie = this.#cookies[browser];
    if (cookie !== undefined) return cookie;
    this.#cookies[browser] = "";
    const user = this.#visitors[browser];
    if (user === undefined) return "";
    const call = { browser, worker: browser, path: "/sign-in", fields: { user } };
    this.#cookies[browser] = (await this.callWith("", call)).cookie;
    return this.cookieOf(browser);
  }

  /** Gives a browser these cookies. */
  setCookie(browser: number, cookie: string): void {
    this.#cookies[browser] = cookie;
  }

  /** Sends a request, and keeps the cookie that it is answered with. */
  async call(call: Call): Promise<Answer> {
    const answer = await this.callWith(await this.cookieOf(call.browser), call);
    this.#cookies[call.browser] = answer.cookie;
    return answer;
  }

  /** Sends the same request twice at once, to two processes; the browser goes on with the cookie of the one that was let in. */
  async callTwice(call: Call): Promise<Answer[]> {
    const cookie = await this.cookieOf(call.browser);
    const answers = await Promise.all(
      [0, 1].map((other) => this.callWith(cookie, { ...call, worker: call.worker + other })),
    );
    const first = answers.find(({ status }) => status === 200) ?? answers[0];
    const tokens = answers.flatMap(({ token }) => token ?? []);
    this.#cookies[call.browser] = withCookies(first?.cookie ?? "", tokens);
    return answers;
  }

  async callWith(
    cookie: string,
    { worker, path, fields = {}, network = "192.0.2.1" }: Call,
  ): Promise<Answer & { cookie: string }> {
    this.calls += 1;
    const { ports, headers } = this.workers;
    const more = { ...headers, "x-forwarded-for": network, ...(cookie !== "" && { cookie }) };
    const answer = await post(ports[worker % ports.length] as number, path, fields, more);
    refuseOutside(path, answer);
    const set = (answer.headers["set-cookie"] ?? []).map((each) => each.split(";")[0] ?? "");
    const token = set.find((each) => each.startsWith("__Host-sms2fa-"));
    return { ...answer, token, cookie: withCookies(cookie, set) };
  }
}

/** What a browser sends once it was given more, each in the place of the one with its name. */
function withCookies(cookie: string, set: readonly string[]): string {
  const all = [...cookie.split("; "), ...set].filter((each) => each !== "");
  return [...new Map(all.map((each) => [each.split("=")[0], each])).values()].join("; ");
}

/** What an answer must be whatever was asked: one of the contract's, and no server's fault unless it says so. */
function refuseOutside(path: string, { status, headers, body }: Omit<Answer, "token">): void {
  const isGood = status === 200 || (isRefusalCode(body.code) && statusOf(body.code) === status);
  const isTold = status !== 429 || /^[1-9]\d*$/.test(headers["retry-after"] ?? "");
  const isKept = headers["cache-control"] !== "no-store" && path !== "/stranger";
  if (isGood && isTold && !isKept) return;
  throw new Error(`${path} was answered outside the contract: ${status} ${JSON.stringify(body)}`);
}

async function post(
  port: number,
  path: string,
  fields: object,
  headers: Record<string, string>,
): Promise<Omit<Answer, "token">> {
  const body = JSON.stringify(fields);
  const more = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      port,
      path,
      host: "127.0.0.1",
      method: "POST",
      headers: { ...headers, ...more },
    };
    const asked = request(options, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (part: string) => (text += part));
      res.on("error", reject).on("end", () => {
        const read = JSON.parse(text) as Answer["body"];
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: read });
      });
    });
    asked.on("error", reject).end(body);
  });
}
