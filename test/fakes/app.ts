/** Serves an app with the product mounted, as an integrator would write it, and clients that keep cookies. */

import express, { type Express, type NextFunction, type Request, type Response } from "express";
import session, { type SessionOptions } from "express-session";
import { createServer, type Server } from "node:http";
import {
  twoFactor,
  type GuardOptions,
  type Message,
  type TwoFactor,
  type TwoFactorEvent,
  type TwoFactorOptions,
  type User,
} from "../../lib";
import { Client } from "./client";
import { undeclaredIn } from "./event-table";
import { listen } from "./listening";

export { Client };

declare module "express-session" {
  interface SessionData {
    user?: User;
    cart?: string;
    touched?: string;
  }
}

export const SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef";
export const ANN = "+12025550123";
export const BOB = "+12025550188";

export type ExpressModule = typeof express;
export const EXPRESS_4 = jest.requireActual<ExpressModule>("express4");

/** For `describe.each`: what holds must hold under both. */
export const EXPRESSES: [string, ExpressModule][] = [
  ["Express 5", express],
  ["Express 4", EXPRESS_4],
];

export interface ServeOptions {
  express?: ExpressModule;
  options?: Partial<Omit<TwoFactorOptions, "user">>;
  /** @default the user in the session; `"from-request"` for the other mode */
  user?: TwoFactorOptions["user"];
  /** Options of the session; `false` mounts none. */
  session?: Partial<SessionOptions> | false;
  guard?: GuardOptions;
  mount?: string;
  /** Runs before the router is mounted. */
  before?: (app: Express, two: TwoFactor) => void;
  /** Mounts the router, in the kit's place. */
  mountWith?: (app: Express, two: TwoFactor) => void;
}

/** A served app, and all that left it. */
export interface Served {
  app: Express;
  server: Server;
  port: number;
  two: TwoFactor;
  /** The texts that the sender took. */
  sent: Message[];
  events: TwoFactorEvent[];
  /** Errors that reached the app's own handler. */
  errors: unknown[];
  /** Held requests: `POST /slow` changes the session, and ends once it is let go. */
  slow: Gate;
  /** A client, with the cookies that another has if they are given. */
  client: (cookie?: string) => Client;
  /** A client whose user is signed in. */
  signedIn: (id?: string, phone?: string | null) => Promise<Client>;
  lastCode: () => string;
}

const servers = new Set<Server>();

afterEach(async () => {
  await Promise.all(
    [...servers].map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
  servers.clear();
});

/** What events have carried that their type does not say, by which docs/events.md would be wrong. */
const undeclared: string[] = [];

afterEach(() => {
  expect(undeclared.splice(0)).toEqual([]);
});

/** Serves an app until the test ends. */
export async function serve(given: ServeOptions = {}): Promise<Served> {
  const sent: Message[] = [];
  const events: TwoFactorEvent[] = [];
  const errors: unknown[] = [];
  const slow = new Gate();
  const app = (given.express ?? express)();
  if (given.session !== false) app.use(session({ ...SESSION, ...given.session }));
  addOwnRoutes(app, slow);
  const two = twoFactor({
    secret: SECRET,
    user: given.user ?? ((req) => req.session.user),
    appName: "Acme",
    sender: (message) => {
      const { statusCallback: _handedOn } = message;
      sent.push(message);
    },
    onEvent: (event) => {
      undeclared.push(...undeclaredIn(event));
      events.push(event);
    },
    ...given.options,
  });
  given.before?.(app, two);
  if (given.mountWith === undefined) app.use(given.mount ?? "/2fa", two.router);
  else given.mountWith(app, two);
  addGuardedRoutes(app, two, given.guard);
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    errors.push(error);
    if (res.headersSent) next(error);
    else res.status(statusOf(error)).json({ unhandled: String(error) });
  });
  const server = createServer(app);
  const port = await listen(server);
  servers.add(server);
  const client = (cookie = "") =>
    new Client(server, given.mount ?? "/2fa", new Map(cookie ? [splitCookie(cookie)] : []));
  const signedIn = async (id = "ann", phone: string | null = ANN) => {
    const made = client();
    await made.signIn(id, phone);
    return made;
  };
  const lastCode = () => codeIn(sent.at(-1));
  return { app, server, port, two, sent, events, errors, slow, client, signedIn, lastCode };
}

// As Express's own handler of errors reads it.
function statusOf(error: unknown): number {
  const { status = 500 } = (error ?? {}) as { status?: number };
  return status;
}

function splitCookie(cookie: string): [string, string] {
  const at = cookie.indexOf("=");
  return [cookie.slice(0, at), cookie.slice(at + 1)];
}

const SESSION: SessionOptions = { secret: "app", resave: false, saveUninitialized: false };

function addOwnRoutes(app: Express, slow: Gate): void {
  const json = express.json();
  app.post("/sign-in", json, (req, res) => {
    const { maxAge, ...user } = req.body as User & { maxAge?: number };
    req.session.user = user;
    req.session.cart = "three apples";
    if (maxAge !== undefined) req.session.cookie.maxAge = maxAge;
    res.json({});
  });
  app.post("/sign-out-first-factor-only", (req, res) => {
    delete req.session.user;
    res.json({});
  });
  app.get("/own", (req, res) => {
    res.json({ user: req.session.user, cart: req.session.cart, cookie: req.session.cookie });
  });
  app.post("/slow", (req, res, next) => {
    slow
      .pass()
      .then(() => {
        req.session.touched = `${String(req.session.touched)}.`;
        res.json({});
      })
      .catch(next);
  });
}

function addGuardedRoutes(app: Express, two: TwoFactor, guard: GuardOptions | undefined): void {
  app.all("/private", two.require2fa(guard), (_req, res) => {
    res.json({ private: true });
  });
  app.get("/verification", (req, res) => {
    res.json({ verification: two.verification(req) ?? null });
  });
  app.post("/reset", (req, res, next) => {
    two.reset(req).then(() => res.json({}), next);
  });
}

/** Holds requests until it is opened. */
export class Gate {
  #waiting: (() => void)[] = [];
  #entered: () => void = () => undefined;
  /** Resolves once a request is held. */
  held = new Promise<void>((resolve) => {
    this.#entered = resolve;
  });

  async pass(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#entered();
    });
  }

  open(): void {
    for (const go of this.#waiting.splice(0)) go();
    this.held = new Promise<void>((resolve) => {
      this.#entered = resolve;
    });
  }
}

/** The code that a text begins with. */
export function codeIn(message: Message | undefined): string {
  const code = /^\d+/.exec(message?.text ?? "")?.[0];
  if (code === undefined) throw new Error("The text has no code.");
  return code;
}

/** So many codes, no two alike, none of them right. */
export function wrongCodes(right: string, count: number): string[] {
  const one = Number(right);
  return Array.from({ length: count }, (_, index) =>
    String((one + 1 + index) % 10 ** right.length).padStart(right.length, "0"),
  );
}

/** Answers wrongly so often, one after the other. */
export async function fail(client: Client, right: string, times: number): Promise<void> {
  for (const code of wrongCodes(right, times)) await client.answer(code);
}
