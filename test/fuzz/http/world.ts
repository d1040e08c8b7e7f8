/** Apps as integrators write them, served for fuzzing: what leaves them, and sessions to begin with. */

import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:http";
import express, { type Express, type ErrorRequestHandler, type RequestHandler } from "express";
import session from "express-session";
import { twoFactor, type TwoFactor, type TwoFactorOptions, type User } from "../../../lib";
import { testLimits } from "../../../lib/testing/test-limits";
import { exchange, type Answer } from "./exchange";
import { PlannedStore, SESSION_COOKIE, SESSION_SECRET } from "./session-plan";

export const SECRET = "a secret that no answer may ever show, 0123456789";
/** Requests after which others come: their codes are used up, and they are blocked. */
const LIFE = 80;

export type Held = Record<string, unknown>;

/** Two users of an app, and what their sessions hold. */
interface Users {
  verified: Held;
  asked: Held;
  /** The code that the second one was sent. */
  code: string;
  numbers: readonly [string, string];
  /** The cookie by which the first one's browser is remembered; empty where none is. */
  cookie: string;
}

export interface AppParts {
  express: () => Express;
  options: Partial<TwoFactorOptions>;
  /** Where the router is reached. */
  base: string;
  build: (app: Express, two: TwoFactor) => void;
}

/** One served app. */
export class World {
  readonly base: string;
  readonly store = new PlannedStore();
  /** What reached the app's own handler of errors and was no client's fault, and what events showed. */
  readonly faults: string[] = [];
  readonly #server: Server;
  readonly #parts: AppParts;
  readonly #isFromRequest: boolean;
  #users: Users | undefined;
  #requests = 0;
  #epoch = 0;
  #lastCode = "";

  constructor(parts: AppParts) {
    this.#parts = parts;
    this.base = parts.base;
    this.#isFromRequest = parts.options.user === "from-request";
    const app = parts.express();
    app.use(this.#session());
    const two = twoFactor({
      secret: SECRET,
      user: (req) => (req.session as unknown as { user?: User }).user,
      appName: "Acme",
      limits: testLimits,
      sender: (message) => {
        this.#lastCode = message.code;
        const { statusCallback: _handedOn } = message;
      },
      onEvent: (event) => {
        this.#note("an event", JSON.stringify(event));
      },
      ...parts.options,
    });
    parts.build(app, two);
    app.use(
      ((_req, res) =>
        void res.status(404).set("X-Own", "1").json({ own: 404 })) satisfies RequestHandler,
    );
    app.use(this.#errors());
    this.#server = createServer(app);
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The users of now: others every so many requests. */
  async users(): Promise<Users> {
    this.#requests += 1;
    if (this.#users === undefined || this.#requests % LIFE === 0) this.#users = await this.#make();
    return this.#users;
  }

  /** What must be nowhere: the numbers and the code of now, and the secret. */
  leakIn(text: string): string | undefined {
    const { code = "none", numbers = [] } = this.#users ?? {};
    if (text.includes(SECRET)) return "the secret";
    if (numbers.some((number) => text.includes(number.slice(1)))) return "a number";
    return new RegExp(`(?<![\\w-])${code}(?![\\w-])`).test(text) ? "a code" : undefined;
  }

  #note(where: string, text: string): void {
    const leak = this.leakIn(text);
    if (leak !== undefined) this.faults.push(`${where} shows ${leak}: ${text}`);
  }

  #session(): RequestHandler {
    return session({
      secret: SESSION_SECRET,
      resave: false,
      saveUninitialized: false,
      store: this.store,
    });
  }

  // As Express's own: what a parser or router of the app's refuses has a status of its own.
  #errors(): ErrorRequestHandler {
    return (error: Error & { status?: number }, _req, res, next) => {
      const { status = 500 } = error;
      if (status >= 500)
        this.faults.push(`reached the app's handler of errors: ${error.stack ?? String(error)}`);
      if (res.headersSent) next(error);
      else res.status(status).set("X-Own", "1").json({ own: status });
    };
  }

  async #make(): Promise<Users> {
    this.#epoch += 1;
    // Not the numbers of the documents and of the corpus.
    const at = String(this.#epoch % 5000).padStart(4, "0");
    const numbers = [`+1202556${at}`, `+1303556${at}`] as const;
    const [first, second] = numbers.map((phone, each) => ({
      id: `user ${this.#epoch}.${each}`,
      phone,
    })) as [User, User];
    const proved = await this.#prove(first);
    const verified = this.store.last ?? {};
    const [cookie = ""] =
      /__Host-sms2fa-[^;]+/.exec(proved.headers.get("set-cookie")?.join("\n") ?? "") ?? [];
    await this.#ask(second);
    return { verified, asked: this.store.last ?? {}, code: this.#lastCode, numbers, cookie };
  }

  async #ask(user: User): Promise<void> {
    this.store.plan(this.#isFromRequest ? {} : { user });
    const asked = await this.#post(
      "/request-auth",
      this.#isFromRequest ? { number: user.phone } : {},
    );
    if (asked.status !== 200) throw new Error(`No code could be asked for: ${asked.text}`);
  }

  async #prove(user: User): Promise<Answer> {
    await this.#ask(user);
    const remember = this.#parts.options.remember === undefined ? {} : { remember: true };
    const answered = await this.#post("/validate-auth", { auth_code: this.#lastCode, ...remember });
    if (answered.status !== 200) throw new Error(`A right code was refused: ${answered.text}`);
    return answered;
  }

  async #post(path: string, fields: object): Promise<Answer> {
    const body = JSON.stringify(fields);
    const answer = await exchange(
      this.port,
      Buffer.from(
        `POST ${this.base}${path} HTTP/1.1\r\nHost: app.example\r\nCookie: ${SESSION_COOKIE}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      ),
    );
    if (answer === undefined) throw new Error("The server gave no answer.");
    return answer;
  }
}

/** A plain app of Express 5; what tells it apart is built on it. */
export const EXPRESS_5 = (): Express => express();
