/** Calls the processes of the app by turns, at a bounded rate, checks each answer, and knows what is still open where. */

import http from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { breachOf } from "./contract.mjs";

// What the session store (3 s, twice), the counters (2 s), the gateway (2 s) and the session once more may take: more is told.
const STATED_MS = 15_000;
// No answer at all: far beyond what a busy machine could add.
const LONGEST_MS = 90_000;
const ASKS = /\/(request-auth|text|number)(\?|$)/;
// What a client has left may go on in the process for as long.
const AFTERWARDS_MS = 20_000;

export class Caller {
  #ports = [];
  #next = 0;
  #agent = makeAgent();
  #due = performance.now();
  #stepMs;
  /** By port: the texts asked for there, the calls lost there, and left there by its client. */
  #at = new Map();
  calls = 0;
  late = 0;
  /** How often each answer came, by path, status and code. */
  answers = new Map();
  breaches = new Map();

  /** So many calls a second at the most. */
  constructor(rate) {
    this.#stepMs = 1000 / rate;
  }

  /** Where the processes are that take calls. */
  set ports(ports) {
    this.#ports = ports;
  }

  /** Something that must not be; the first of each kind is kept with its story. */
  tell(kind, story) {
    const told = this.breaches.get(kind) ?? { count: 0, story };
    told.count += 1;
    this.breaches.set(kind, told);
  }

  /** Calls for a text that a killed process may have had in its hands. */
  hadIn(port) {
    const { asking, lost, left } = this.#of(port);
    const now = performance.now();
    const isUnderWay = ({ at, isAsking }) => isAsking && now - at < AFTERWARDS_MS;
    return asking + [...lost, ...left].filter(isUnderWay).length;
  }

  /** What became of calls that a process has left without an answer, by port. */
  get lost() {
    return [...this.#at].map(([port, { lost }]) => [port, lost.map(({ story }) => story)]);
  }

  /** Ends the connections that are kept. */
  hangUp() {
    this.#agent.destroy();
    this.#agent = makeAgent();
  }

  /**
   * Makes a call. `leaveAfter` is when its client hangs up, in milliseconds; `half` sends half of the body and then
   * hangs up. Gives status, headers and text, or nothing where there is no answer.
   */
  async call(given) {
    await this.#pace();
    this.calls += 1;
    const port = this.#ports[(this.#next += 1) % this.#ports.length];
    const at = this.#of(port);
    const isAsking = ASKS.test(given.path);
    at.asking += Number(isAsking);
    const begun = performance.now();
    const answer = await this.#send(port, given);
    at.asking -= Number(isAsking);
    const ms = performance.now() - begun;
    if (answer === "left") at.left.push({ at: performance.now(), isAsking });
    else if (answer instanceof Error) {
      const { method, path, note = "" } = given;
      const story = `${method} ${path} ${note}: ${answer.message} after ${Math.round(ms)} ms`;
      at.lost.push({ at: performance.now(), isAsking, story });
    } else {
      this.#judge(given, answer, ms);
      return answer;
    }
    return undefined;
  }

  #judge({ method, path, isPage, note = "" }, answer, ms) {
    if (ms > STATED_MS) this.late += 1;
    const breach = breachOf({ path: path.replace(/\?.*/, ""), isPage }, answer);
    const place = path.replace(/\?.*/, "");
    if (breach !== undefined) {
      this.tell(`contract: ${breach}`, `${method} ${path} ${note}: ${answer.text.slice(0, 300)}`);
    }
    const code = /"code":"(\w+)"/.exec(answer.text)?.[1] ?? "";
    const key = `${place} ${answer.status} ${code}`.trim();
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
  }

  #send(port, { method, path, headers = {}, body, leaveAfter, half = false }) {
    return new Promise((resolve) => {
      const request = http.request({ port, host: "127.0.0.1", agent: this.#agent, method, path });
      let hasLeft = false;
      const leave = () => {
        hasLeft = true;
        request.destroy();
      };
      const expire = () => request.destroy(new Error("no answer in time"));
      const timer = setTimeout(expire, LONGEST_MS);
      const leaving = leaveAfter === undefined ? undefined : setTimeout(leave, leaveAfter);
      const finish = (answer) => {
        clearTimeout(timer);
        clearTimeout(leaving);
        resolve(answer);
      };
      for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
      request.on("error", (error) => finish(hasLeft ? "left" : error));
      request.on("close", () => finish(hasLeft ? "left" : new Error("closed")));
      request.on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part) => (text += part));
        response.on("error", () => undefined);
        response.on("end", () =>
          finish({ status: response.statusCode, headers: response.headers, text }),
        );
      });
      if (body !== undefined) request.setHeader("Content-Length", Buffer.byteLength(body));
      if (half && body !== undefined)
        request.write(body.slice(0, body.length / 2), () => setTimeout(leave, 20));
      else request.end(body);
    });
  }

  async #pace() {
    const now = performance.now();
    this.#due = Math.max(this.#due + this.#stepMs, now);
    if (this.#due > now) await pause(this.#due - now);
  }

  #of(port) {
    let at = this.#at.get(port);
    if (at === undefined) this.#at.set(port, (at = { asking: 0, lost: [], left: [] }));
    if (at.left.length > 1000) at.left = at.left.slice(-500);
    return at;
  }
}

function makeAgent() {
  return new http.Agent({ keepAlive: true, maxFreeSockets: 16 });
}
