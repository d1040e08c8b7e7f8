/** A browser as far as cookies go, at the endpoints and the kit's own routes. */

import type { Server } from "node:http";
import request, { type Test } from "supertest";

/** A browser as far as cookies go. */
export class Client {
  readonly #server: Server | string;
  readonly #mount: string;
  readonly #cookies: Map<string, string>;

  constructor(server: Server | string, mount: string, cookies = new Map<string, string>()) {
    this.#server = server;
    this.#mount = mount;
    this.#cookies = cookies;
  }

  /** The Cookie header. */
  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** Another holder of the same cookies, as they are now. */
  copy(): Client {
    return new Client(this.#server, this.#mount, new Map(this.#cookies));
  }

  send(
    method: "get" | "post" | "put" | "delete" | "patch" | "head" | "options",
    path: string,
  ): Test {
    const agent = request(this.#server);
    const test = agent[method](path).ok(() => true);
    if (this.#cookies.size > 0) void test.set("Cookie", this.cookie);
    test.on("response", ({ headers }: { headers: Record<string, string[] | undefined> }) => {
      for (const cookie of headers["set-cookie"] ?? []) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
      }
    });
    return test;
  }

  get(path: string): Test {
    return this.send("get", path);
  }

  post(path: string, body: object = {}): Test {
    return this.send("post", path).send(body);
  }

  /** Asks for a code. */
  ask(fields: object = {}): Test {
    return this.post(`${this.#mount}/request-auth`, fields);
  }

  /** Answers with a code. */
  answer(code: string, fields: object = {}): Test {
    return this.post(`${this.#mount}/validate-auth`, { auth_code: code, ...fields });
  }

  status(): Test {
    return this.get(`${this.#mount}/status`);
  }

  async signIn(
    id: string,
    phone: string | null = "+12025550123",
    more: object = {},
  ): Promise<void> {
    await this.post("/sign-in", { id, ...(phone !== null && { phone }), ...more });
  }

  /** The status of the guarded route. */
  async visit(path = "/private"): Promise<number> {
    return (await this.get(path)).status;
  }
}
