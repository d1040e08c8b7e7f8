/** The inbox of the fake for its developer's browser, and for no other site: its pages, and what is chosen there. */

import type http from "node:http";
import type { Html } from "../std/html";
import { FAILURES, type ChosenFailure } from "./failures";
import { INBOX_SCRIPT, INBOX_STYLE, inboxList, inboxPage, type InboxItem } from "./inbox-page";

const KEPT = 200;
const LONGEST_FORM = 1024;

// What a hostile text would need to run, load or send anything, were it not escaped.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'";

/** Keeps texts and calls, and answers the browser. */
export class Inbox {
  readonly #items: InboxItem[] = [];
  #chosen: { failure: ChosenFailure; every: boolean } | undefined;

  /** Keeps one; the oldest make room. */
  put(item: InboxItem): void {
    this.#items.push(item);
    if (this.#items.length > KEPT) this.#items.shift();
  }

  /** The failure of this request: the one that is chosen, else that of the number. */
  failureOf(to: string): ChosenFailure | undefined {
    const chosen = this.#chosen;
    if (chosen?.every === false) this.#chosen = undefined;
    return chosen?.failure ?? FAILURES.find(({ number }) => number === to);
  }

  /** Answers what is not for the API, and says whether it did. */
  answer(request: http.IncomingMessage, response: http.ServerResponse): boolean {
    // A name of another site's that leads here (DNS rebinding) comes with that name.
    if (!isOwnHost(request)) return write(response, 421, "text/plain", "Use http://127.0.0.1.\n");
    const { method = "", url = "" } = request;
    if (url.startsWith("/2010-04-01/")) return false;
    if (method === "POST" && url === "/failure") {
      // A caller that hangs up ends its exchange and nothing else.
      this.#choose(request, response).catch(() => response.destroy());
      return true;
    }
    const page = this.#pages[url];
    if (page === undefined) return write(response, 404, "text/plain", "Not found\n");
    if (method !== "GET" && method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return write(response, 405, "text/plain", "Method not allowed\n");
    }
    const [type, text] = page();
    return write(response, 200, type, text);
  }

  readonly #pages: Readonly<Record<string, (() => [string, string]) | undefined>> = Object.assign(
    Object.create(null) as object,
    {
      "/": (): [string, string] => ["text/html", this.#page().text],
      "/list": (): [string, string] => ["text/html", inboxList(this.#items).text],
      "/inbox.json": (): [string, string] => ["application/json", JSON.stringify(this.#items)],
      "/inbox.css": (): [string, string] => ["text/css", INBOX_STYLE],
      "/inbox.js": (): [string, string] => ["text/javascript", INBOX_SCRIPT],
    },
  );

  #page(): Html {
    const chosen = this.#chosen;
    return inboxPage(this.#items, chosen && { id: chosen.failure.id, every: chosen.every });
  }

  async #choose(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (!isOwnSite(request)) {
      write(response, 403, "text/plain", "Another site may choose nothing here.\n");
      return;
    }
    let form = "";
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      form += String(chunk);
      if (form.length > LONGEST_FORM) break;
    }
    const fields = new URLSearchParams(form);
    const failure = FAILURES.find(({ id }) => id === fields.get("failure"));
    if (form.length > LONGEST_FORM || (failure === undefined && fields.get("failure") !== "")) {
      response.setHeader("Connection", "close");
      write(response, 400, "text/plain", "There is no such failure.\n");
      return;
    }
    this.#chosen = failure && { failure, every: fields.get("every") === "yes" };
    response.setHeader("Location", "/");
    write(response, 303, "text/plain", "");
  }
}

function isOwnHost({ headers, socket }: http.IncomingMessage): boolean {
  const port = `:${socket.localPort ?? ""}`;
  return ["127.0.0.1", "localhost"].some((host) => headers.host === host + port);
}

function isOwnSite({ headers }: http.IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  return headers.origin === undefined || headers.origin === `http://${headers.host ?? ""}`;
}

function write(response: http.ServerResponse, status: number, type: string, text: string): true {
  response.writeHead(status, {
    "Content-Type": `${type}; charset=utf-8`,
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(text);
  return true;
}
