/** Serves the demo from its source, and visits it as a browser without JavaScript or as a script would. */

import crypto from "node:crypto";
import { createServer, type Server } from "node:http";
import request, { type Response } from "supertest";
import { buildApp } from "../../demo-app/src/app";
import { readSettings } from "../../demo-app/src/settings/settings";
import { sqlStores } from "../../demo-app/src/stores/sql";
import type { Sender, Telemetry } from "../../lib";
import { outbox, type Outbox } from "../../lib/senders/outbox";
import { listen } from "../fakes/listening";
import { formIn, refreshIn } from "../pages/visitor";
import { emptyDatabase } from "./database";

export const PASSWORD = "correct horse battery";
export const PHONE = "+1 202 555 0123";

/** A served demo. */
export interface Served {
  server: Server;
  port: number;
  box: Outbox;
  /** A new browser: cookies of its own, pages wanted, forms sent as one sends them. */
  browser: () => Browser;
}

// The first one of this machine takes longer than a test may.
beforeAll(emptyDatabase, 180_000);

const servers: Server[] = [];
const { scrypt } = crypto;

// Hashes at a small cost: the demo's own would take most of the time of these tests.
beforeEach(() => {
  const cheap: typeof scrypt = (...given: unknown[]) => {
    const [password, salt, length, , done] = given as [string, Buffer, number, unknown, never];
    scrypt(password, salt, length, { N: 16 }, done);
  };
  jest.spyOn(crypto, "scrypt").mockImplementation(cheap);
});

/** Serves a demo with `env` as its environment; texts stay in the outbox unless a sender takes them. */
export async function serveDemo(
  env: Record<string, string> = {},
  sender?: Sender,
  telemetry?: Telemetry,
): Promise<Served> {
  const box = outbox({ print: false });
  const inbox = { put: () => Promise.resolve(), texts: () => Promise.resolve(box.messages) };
  const texts = sender === undefined ? { sender: box, inbox } : { sender };
  const secrets = {
    SESSION_SECRET: "session-secret-0123456789-abcdef",
    TWO_FACTOR_SECRET: "two-factor-secret-0123456789-abc",
  };
  const stores = sqlStores(await emptyDatabase());
  const { app } = buildApp(readSettings({ ...secrets, ...env }), texts, stores, telemetry);
  const server = createServer(app);
  servers.push(server);
  const port = await listen(server);
  return { server, port, box, browser: () => new Browser(server) };
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

export class Browser {
  readonly #server: Server;
  /** Name and value of each cookie. */
  readonly cookies = new Map<string, string>();
  /** All that was asked for: what an address bar, a history and an access log would show. */
  readonly urls: string[] = [];
  /** Headers that go with each request. */
  headers: Record<string, string> = {};

  constructor(server: Server) {
    this.#server = server;
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    this.urls.push(path);
    const asked = request(this.#server).get(path).set(this.#headers(headers));
    return this.#keep(await asked);
  }

  /** Sends a form, as a page of the demo's own does. */
  async post(
    path: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    this.urls.push(path);
    const sent = request(this.#server)
      .post(path)
      .set(this.#headers({ "Sec-Fetch-Site": "same-origin", Origin: "null", ...headers }))
      .type("form")
      .send(fields);
    return this.#keep(await sent);
  }

  /** Follows redirects, and pages that go on by themselves, to the page that they end at. */
  async follow(response: Response): Promise<Response & { path: string }> {
    let [at, path] = [response, ""];
    for (let hops = 0; hops < 7; hops += 1) {
      const next = at.status === 303 ? String(at.headers["location"]) : refreshIn(at);
      if (next === undefined) break;
      path = next;
      at = await this.get(path);
    }
    return Object.assign(at, { path });
  }

  async signUp(name = "Bob", phone = PHONE): Promise<Response> {
    return this.post("/sign-up", { name, password: PASSWORD, phone });
  }

  async logIn(name = "Bob"): Promise<Response> {
    return this.post("/log-in", { name, password: PASSWORD });
  }

  /** Signs up, logs in, asks for a code and enters it. */
  async enter(box: Outbox, more: Record<string, string> = {}): Promise<Response> {
    await this.signUp();
    await this.logIn();
    await this.follow(await this.get("/account"));
    await this.ask();
    return this.enterCode(codeIn(box), more);
  }

  /** Presses the button that sends a text. */
  async ask(): Promise<Response> {
    const page = await this.follow(await this.get(this.#codePage));
    const { action, fields } = formIn(page, "text");
    return this.post(action, fields);
  }

  /** Sends a code, by the code page's form even where it shows none. */
  async enterCode(code: string, more: Record<string, string> = {}): Promise<Response> {
    const page = await this.follow(await this.get(this.#codePage));
    const { action, fields } = formIn(page, "text");
    return this.post(action.replace("/text", "/code"), {
      ...fields,
      auth_code: code,
      ...more,
    });
  }

  // With what was wanted in its address, as an open tab has it.
  get #codePage(): string {
    return this.urls.findLast((url) => url.startsWith("/2fa/?")) ?? "/2fa/";
  }

  #headers(more: Record<string, string>): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const own = { Accept: "text/html,*/*;q=0.8", "Sec-Fetch-Dest": "document" };
    return { ...own, ...(cookie !== "" && { Cookie: cookie }), ...this.headers, ...more };
  }

  #keep(response: Response): Response {
    for (const cookie of cookiesOf(response)) {
      const [pair = ""] = cookie.split(";");
      const name = pair.slice(0, pair.indexOf("="));
      const value = pair.slice(name.length + 1);
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}

/** The Set-Cookie headers of an answer. */
export function cookiesOf(response: Response): string[] {
  return (
    ((response.headers as Record<string, unknown>)["set-cookie"] as string[] | undefined) ?? []
  );
}

/** The code in the newest text. */
export function codeIn(box: Outbox): string {
  return /\d{6}/.exec(box.messages.at(-1)?.text ?? "")?.[0] ?? "";
}

/** A code of the right shape that is not the one sent. */
export function wrongCode(box: Outbox): string {
  return codeIn(box) === "000000" ? "000001" : "000000";
}
