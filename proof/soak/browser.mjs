/** One browser of one user: its cookies, and what it has a right to by the codes that were entered in it. */

import { parse } from "./contract.mjs";

const PATHS = {
  account: ["GET", "/account"],
  easy: ["GET", "/easy"],
  settings: ["POST", "/settings"],
  transfer: ["POST", "/transfer"],
};

export class Browser {
  #caller;
  #cookies;
  user;
  /** What it may be let in to: right codes were entered, whatever was answered. */
  rights = new Set();
  /** Codes that were answered 200: each is answered so again while it is good, whatever else is waited for. */
  spent = new Set();

  constructor(caller, user, cookies = new Map()) {
    this.#caller = caller;
    this.user = user;
    this.#cookies = cookies;
  }

  /** Another holder of the same cookies, as they are now. */
  copy() {
    const copy = new Browser(this.#caller, this.user, new Map(this.#cookies));
    copy.rights = new Set(this.rights);
    copy.spent = new Set(this.spent);
    return copy;
  }

  /** Whether it has the cookie of a remembered browser. */
  get isRemembered() {
    return [...this.#cookies.keys()].some((name) => name.startsWith("__Host-sms2fa-"));
  }

  /** Calls the app, and keeps the cookies of its answer. */
  async call(method, path, { json, form, headers, ...more } = {}) {
    const cookie = [...this.#cookies].map((pair) => pair.join("=")).join("; ");
    const body = json ? JSON.stringify(json) : form && new URLSearchParams(form).toString();
    const answer = await this.#caller.call({
      method,
      path,
      ...(body !== undefined && { body }),
      ...more,
      headers: {
        "X-Forwarded-For": this.user.network,
        ...(cookie !== "" && { Cookie: cookie }),
        ...(json && { "Content-Type": "application/json" }),
        ...(form && { "Content-Type": "application/x-www-form-urlencoded" }),
        ...headers,
      },
    });
    for (const line of answer?.headers["set-cookie"] ?? []) this.#keep(line);
    return answer && { ...answer, json: parse(answer.text) };
  }

  post(path, json = {}, more = {}) {
    return this.call("POST", path, { json, ...more });
  }

  /** A page, as a navigation asks for it. */
  page(path, form) {
    const headers = { Accept: "text/html", "Sec-Fetch-Dest": "document" };
    return this.call(form ? "POST" : "GET", path, { form, headers, isPage: true });
  }

  /** Signs in; what was proved before is over. Whether that was answered. */
  async signIn() {
    const { id, phone } = this.user;
    this.rights.clear();
    const answer = await this.post("/sign-in", { id, phone });
    return answer?.status === 200;
  }

  /** Visits what is guarded, which must be closed to whoever has entered no right code for it. */
  async visit(what, right = what) {
    const [method, path] = PATHS[what];
    const answer = await this.call(method, path);
    if (answer?.status === 200 && !this.rights.has(right)) {
      this.#caller.tell("let in without a right code", `${this.user.id} at ${path} (${right})`);
    }
    return answer?.status;
  }

  #keep(line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "" || /max-age=0|expires=thu, 01 jan 1970/i.test(line))
      this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
