/** Whole apps over sockets: whatever is sent, the answer is one of the contract, and the server goes on. */

import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { REFUSAL_CODES } from "../../../lib/outcome/errors";
import {
  ADDRESSES,
  BODIES,
  COOKIES,
  LANGUAGES,
  ODDITIES,
  ORIGINS,
  PATHS,
  TYPES,
  USER_AGENTS,
} from "../corpus";
import { exchange, type Answer } from "../http/exchange";
import { CALLBACK_URL, makeWorlds, ODD_BODY, SIGNING_KEY } from "../http/apps";
import { SESSION_COOKIE } from "../http/session-plan";
import type { Held, World } from "../http/world";
import { seldom, textsLike } from "../mutations";
import { grafted, graftsOf, oddJson } from "../odd-values";
import { hold, target } from "../target";
import { isHere } from "./addresses";
import { forms, signed } from "./callbacks";

const ENDS = [
  "/request-auth",
  "/validate-auth",
  "/status",
  "/delivery-status",
  "/",
  "",
  "/code",
  "/text",
  "/number",
  "/number/code",
  "/number/text",
  "/recovery",
  "/recovery-codes",
  "/pages.css",
  "/openapi.json",
];
const QUERIES = [
  "",
  "?returnTo=/account",
  "?returnTo=//evil.example",
  "?purpose=pay&maxAge=60",
  "?notice=on",
  "?number=%2B12025550123",
  "?auth_code=CODE&number=NUMBER",
  "?ref=AAAA",
  "?other=1&returnTo=%2F%5Cevil.example",
  ...PATHS.map((path) => `?returnTo=${encodeURIComponent(path)}`),
];
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  Origin: ORIGINS,
  "Sec-Fetch-Site": ["same-origin", "cross-site", "same-site", "none", "x"],
  "Sec-Fetch-Dest": ["document", "empty", "iframe"],
  "Sec-Purpose": ["prefetch", "prefetch;prerender", "x"],
  Host: ["app.example", "app.example:80", "evil.example", "[::1]", "", "a@b", "x y"],
  "X-Forwarded-For": ADDRESSES,
  "X-Forwarded-Proto": ["https", "http", "javascript", "https, http"],
  "X-Forwarded-Host": ["evil.example"],
  Forwarded: ["for=203.0.113.7;host=evil.example;proto=https"],
  Accept: ["text/html", "application/json", "*/*", "text/html;q=0", "text/html, ".repeat(50)],
  "Accept-Language": LANGUAGES,
  "User-Agent": USER_AGENTS,
  "Content-Encoding": ["gzip", "identity", "br", "x"],
  Cookie: COOKIES,
  Upgrade: ["websocket"],
  "X-Original-URL": ["/private"],
  "X-HTTP-Method-Override": ["GET", "POST", "DELETE"],
  Range: ["bytes=0-1"],
  "If-None-Match": ["*"],
  Authorization: ["Basic x", "Bearer x"],
  "X-SignalWire-Signature": ["", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="],
};

const header = fc.oneof(
  ...Object.entries(HEADERS).map(([name, values]) =>
    fc.tuple(fc.constant(name), textsLike(values)),
  ),
);

const MARKS = [
  "subject",
  "purpose",
  "binding",
  "amr",
  "at",
  "answered",
  "id",
  "key",
  "issuedAt",
  "expiresAt",
  "marks",
  "challenges",
  "phone",
  "carriedBy",
];

const request = fc.record({
  app: fc.integer({ min: 0, max: 2 }),
  who: fc.constantFrom("nobody", "verified", "asked", "asked", "forged", "remembered"),
  grafts: graftsOf(MARKS),
  method: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom("POST", "GET") },
    fc.constantFrom("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "post", "FOO"),
  ),
  place: fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(...ENDS), fc.oneof(fc.constant(""), textsLike(QUERIES)))
        .map(([end, query]) => `BASE${end}${query}`),
    },
    {
      weight: 2,
      arbitrary: textsLike([
        ...PATHS,
        "BASE/request-auth",
        "BASE//validate-auth",
        "BASE/%76alidate-auth",
      ]),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom("/private", "/pay", "/browser"),
          textsLike(["", "?a=b", "/", "/..", ";x"]),
        )
        .map((both) => both.join("")),
    },
  ),
  type: fc.oneof(
    fc.constantFrom("application/json", "application/x-www-form-urlencoded"),
    textsLike(TYPES),
  ),
  body: textsLike(BODIES),
  odd: seldom(oddJson(["auth_code", "number", "code", "recovery_code", "remember"]), 6),
  headers: fc.array(header, { maxLength: 4 }),
  coding: seldom(fc.constantFrom("gzip", "bomb"), 20),
});

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

const BOMB = gzipSync(Buffer.alloc(5_000_000, " "));
// What no client of Node.js's sends, and its server answers by itself: those are for the raw bytes.
const clean = (text: string): string => text.replace(/\p{Cc}/gu, "");

let worlds: World[] = [];

async function openWorlds(): Promise<void> {
  worlds = makeWorlds();
  await Promise.all(worlds.map((world) => world.open()));
}

async function closeWorlds(): Promise<void> {
  await Promise.all(worlds.map((world) => world.close()));
}

/** Who asks, and what they may see. */
interface Asker {
  session: Held | undefined;
  code: string;
  number: string;
  cookies: string[];
}

function askerOf(
  who: Request["who"],
  grafts: Request["grafts"],
  users: Awaited<ReturnType<World["users"]>>,
): Asker {
  const { verified, asked, code, numbers, cookie } = users;
  const [first, second] = numbers;
  const isSecond = who === "asked";
  const known = { code, number: isSecond ? second : first };
  const { twoFactor, ...bare } = verified;
  const forgedMarks = JSON.parse(grafted(JSON.stringify(twoFactor ?? {}), grafts)) as unknown;
  const sessions: Record<Request["who"], Held | undefined> = {
    nobody: undefined,
    verified,
    asked,
    forged: { ...bare, twoFactor: forgedMarks },
    remembered: bare,
  };
  const cookies = who === "nobody" ? [] : [SESSION_COOKIE];
  return {
    session: sessions[who],
    ...known,
    cookies: who === "remembered" ? [...cookies, cookie] : cookies,
  };
}

function bytesOf(
  { method, place, type, body, odd, headers, coding }: Request,
  asker: Asker,
  base: string,
): { head: string; bytes: Buffer; path: string } {
  const filled = (text: string) =>
    text.replaceAll("BASE", base).replaceAll("CODE", asker.code).replaceAll("NUMBER", asker.number);
  const path = clean(filled(place)).replaceAll(" ", "%20") || "/";
  const content =
    coding === "bomb"
      ? BOMB
      : coding === "gzip"
        ? gzipSync(filled(body))
        : Buffer.from(filled(body));
  const own: [string, string][] = [
    ["Host", "app.example"],
    ["Cookie", asker.cookies.join("; ")],
    ["Content-Type", type],
    ...(odd === undefined
      ? []
      : ([[ODD_BODY, Buffer.from(odd).toString("base64url")]] as [string, string][])),
    ...(coding === undefined ? [] : ([["Content-Encoding", "gzip"]] as [string, string][])),
  ];
  const given = new Map<string, string>();
  for (const [name, value] of [...own, ...headers]) {
    const before = name === "Cookie" ? given.get(name) : undefined;
    given.set(name, before === undefined || before === "" ? value : `${before}; ${value}`);
  }
  const lines = [...given].map(([name, value]) => `${name}: ${clean(value)}`);
  const sent = method === "GET" || method === "HEAD" ? Buffer.alloc(0) : content;
  const head = [
    `${method} ${path} HTTP/1.1`,
    ...lines,
    `Content-Length: ${sent.length}`,
    "",
    "",
  ].join("\r\n");
  return { head, bytes: Buffer.concat([Buffer.from(head), sent]), path };
}

function holdAnswer(answer: Answer, world: World, path: string): void {
  const { status, headers, body, text } = answer;
  hold(status >= 200 && status < 500, `an answer is 2xx to 4xx, not ${text.slice(0, 300)}`);
  const [type = ""] = headers.get("content-type") ?? [];
  // Express's own last word, where no handler of the app's was asked.
  const isOwn =
    headers.has("x-own") || headers.get("content-security-policy")?.[0] === "default-src 'none'";
  if (type.startsWith("application/problem+json") && body !== "") {
    const problem = JSON.parse(body) as { code: never; status: number };
    hold(
      REFUSAL_CODES.includes(problem.code) && problem.status === status,
      "a problem is one of the contract",
    );
    hold(
      status !== 429 || /^[1-9]\d*$/.test(headers.get("retry-after")?.[0] ?? ""),
      "a wait is told in whole seconds",
    );
  } else if (type.startsWith("application/json") && !isOwn && body !== "") {
    hold(status === 200, `what is no problem is 200, not ${text.slice(0, 300)}`);
  }
  if (type !== "" && !isOwn && !/css|javascript/.test(type)) {
    hold(
      headers.get("cache-control")?.[0]?.includes("no-store") === true,
      `nothing is for a cache: ${text.slice(0, 300)}`,
    );
  }
  for (const location of headers.get("location") ?? []) {
    hold(isHere(location, "http://app.example/"), `a redirect stays here: ${location}`);
  }
  hold(!/<script>alert|<img src=x/i.test(body), "no markup of a request's is in a page");
  // What stands in the address may stand in the page's own addresses.
  const leak = world.leakIn(text);
  hold(
    leak === undefined || world.leakIn(path) !== undefined,
    `an answer shows ${leak ?? ""}: ${text}`,
  );
  const [fault] = world.faults.splice(0);
  hold(fault === undefined, fault ?? "");
}

/** Whether a session or cookie of these may pass a guard. */
function mayPass(
  { who, headers }: Request,
  { session }: Asker,
  { verified, cookie }: Awaited<ReturnType<World["users"]>>,
  path: string,
): boolean {
  if (who === "verified") return true;
  // The cookie as it was given; what else comes with it is none of ours.
  if (who === "remembered")
    return (
      cookie !== "" &&
      /^\/browser/i.test(path) &&
      !headers.some(([name, value]) => name === "Cookie" && value.includes(cookie.slice(0, 20)))
    );
  if (who !== "forged") return false;
  const core = (held: Held): string[] =>
    [(held["twoFactor"] as { marks?: unknown } | undefined)?.marks ?? []]
      .flat()
      .map((mark) => mark as Held | null)
      .map((mark) =>
        // What ties a mark to its user, number and action. The rest a session store must be trusted with.
        JSON.stringify([mark?.["subject"], mark?.["purpose"], mark?.["binding"]]),
      );
  const [genuine = ""] = core(verified);
  return core(session ?? {}).includes(genuine);
}

/** A request's bytes, and the session that its app will find. */
async function askedBy(input: Request) {
  const world = worlds[input.app];
  if (world === undefined) return undefined;
  const users = await world.users();
  const asker = askerOf(input.who, input.grafts, users);
  world.store.plan(asker.session);
  return { world, users, asker, ...bytesOf(input, asker, world.base) };
}

const http = target<Request>({
  name: "http",
  share: 130_000,
  inputs: request,
  open: openWorlds,
  close: closeWorlds,
  check: async (input) => {
    const asked = await askedBy(input);
    if (asked === undefined) return;
    const { world, users, asker, bytes, path } = asked;
    const answer = await exchange(world.port, bytes, { isHead: input.method === "HEAD" });
    hold(answer !== undefined, "each request is answered");
    holdAnswer(answer, world, path);
    const isLetIn = answer.body.includes('"private":true');
    hold(
      !isLetIn || mayPass(input, asker, users, path),
      `a guard lets in only who has proved it: ${path}`,
    );
    const isVerified = answer.status === 200 && answer.body.startsWith('{"status":"verified"');
    const isRight =
      input.who === "verified" ||
      (/[\p{Nd}]{3}/u.test(bytes.toString("utf8").normalize("NFKC")) && bytes.includes(asker.code));
    hold(
      !isVerified || isRight || mayPass(input, asker, users, "/browser"),
      "only the right code verifies",
    );
  },
});

/** Requests whose bytes are broken: cut short, spliced, with headers in headers. */
const raw = target({
  name: "raw-bytes",
  share: 30_000,
  inputs: fc.record({
    // What a parser leaves is no text of a client's.
    request: request.map((each) => ({ ...each, odd: undefined })),
    breaks: fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 9999 }),
        fc.constantFrom("insert", "cut", "drop", "double"),
        fc.constantFrom(
          ...ODDITIES,
          "Transfer-Encoding: chunked\r\n",
          "Content-Length: 5\r\n",
          "Content-Length: -1\r\n",
          "0\r\n\r\n",
          "\r\n\r\n",
          "GET /private HTTP/1.1\r\n\r\n",
          " HTTP/2.0",
          "X: ".repeat(9000),
        ),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  open: openWorlds,
  close: closeWorlds,
  check: async ({ request: input, breaks }) => {
    const asked = await askedBy(input);
    if (asked === undefined) return;
    const { world, bytes, path } = asked;
    const text = breaks.reduce((so, [at, act, piece]) => {
      const place = Math.floor((at / 10_000) * so.length);
      const [before, after] = [so.slice(0, place), so.slice(place)];
      if (act === "cut") return before;
      if (act === "drop") return before + after.slice(4);
      return act === "double"
        ? before + after + after
        : before + Buffer.from(piece).toString("latin1") + after;
    }, bytes.toString("latin1"));
    const answer = await exchange(world.port, Buffer.from(text, "latin1"), { hangsUp: true });
    if (answer !== undefined) {
      hold(answer.status < 500, `no broken request is answered 5xx: ${answer.text.slice(0, 300)}`);
      const leak = world.leakIn(answer.text);
      hold(leak === undefined || world.leakIn(path) !== undefined, "no answer shows a secret");
    }
    const [fault] = world.faults.splice(0);
    hold(fault === undefined, fault ?? "");
    const after = await exchange(
      world.port,
      Buffer.from("GET /none HTTP/1.1\r\nHost: app.example\r\n\r\n"),
    );
    hold(after !== undefined && after.status < 500, "the server still answers");
  },
});

function encoded(form: readonly (readonly [string, string])[]): URLSearchParams {
  return new URLSearchParams(form.map(([name, value]): [string, string] => [name, value]));
}

/** Callbacks as they come: signed by the gateway, or changed on their way. */
const callback = target({
  name: "http-callback",
  share: 15_000,
  inputs: fc.record({
    form: forms,
    change: fc.constantFrom("none", "form", "key", "signature", "header"),
    reference: seldom(textsLike(["?ref=" + "A".repeat(44), "?ref=A", "?", "?ref=a&b=c"])),
  }),
  open: openWorlds,
  close: closeWorlds,
  check: async ({ form, change, reference = "" }) => {
    const [world] = worlds;
    if (world === undefined) return;
    await world.users();
    const query = clean(reference).replaceAll(" ", "%20");
    const spoilt = change === "form" ? [...form, ["To", "x"] as const] : form;
    const body = encoded(spoilt).toString();
    const sent = [...new URLSearchParams(encoded(form).toString())];
    const isPlain = /^(?:\?ref=[\w-]{44})?$/.test(query);
    const right = signed(sent, {
      url: CALLBACK_URL + query,
      key: change === "key" ? "another-key-0123456789" : SIGNING_KEY,
    });
    const signature = change === "signature" ? right.toLowerCase() : right;
    const name = change === "header" ? "X-Other-Signature" : "X-SignalWire-Signature";
    const head = `POST /2fa/delivery-status${query} HTTP/1.1\r\nHost: app.example\r\n${name}: ${signature}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const answer = await exchange(world.port, Buffer.from(head));
    hold(answer !== undefined, "each callback is answered");
    holdAnswer(answer, world, query);
    const isGood = change === "none" && isPlain;
    if (isGood && Buffer.byteLength(body) <= 16_384)
      hold(answer.status === 204, `what the gateway has signed is taken: ${answer.text}`);
    if (!isGood && signature === right.toLowerCase())
      hold(answer.status !== 204, "what is changed is refused");
    if (["form", "key", "header"].includes(change))
      hold(answer.status !== 204, "what nobody has signed is refused");
  },
});

export const HTTP_TARGETS = [http, raw, callback];
