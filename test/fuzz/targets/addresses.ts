/** Addresses: where somebody is sent back to, what a request names, and which network it comes from. */

import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import fc from "fast-check";
import { pathAfterLogIn } from "../../../demo-app/src/http/return-path";
import { LearntBases } from "../../../lib/http/learnt-bases";
import { fillIn, fillInFromEnd, matches } from "../../../lib/http/mount-path";
import { readTarget } from "../../../lib/http/request-target";
import { returnPath } from "../../../lib/pages/visit/return-to";
import { queryOf, readDemand } from "../../../lib/pages/visit/demand";
import { networkOf } from "../../../lib/request/network";
import { routeOf } from "../../../lib/request/route";
import { ADDRESSES, ODDITIES, PATHS } from "../corpus";
import { seldom, textsLike } from "../mutations";
import { hold, target } from "../target";

const HERE = "https://app.example";

/** As browsers read a Location: they drop some signs, and take a backslash for a slash. */
export function isHere(location: string, page = `${HERE}/2fa/`): boolean {
  const spellings = [
    location,
    location.replace(/[\t\n\r]/g, ""),

    location.replace(/^[\0-\x20]+|[\0-\x20]+$/g, ""),
    location.replaceAll("\\", "/"),
  ];
  return spellings.every((each) => originOf(each, page) === new URL(page).origin);
}

/** The same behind a proxy that decodes a path, once or twice, before it sends it on. */
function isHereDecoded(location: string): boolean {
  const [once, twice] = [decoded(location), decoded(decoded(location))];
  return [location, once, twice].every((each) => isHere(each));
}

function originOf(location: string, page: string): string | undefined {
  try {
    return new URL(location, page).origin;
  } catch {
    return undefined;
  }
}

function decoded(location: string): string {
  const [path = "", ...rest] = location.split(/(?=[?#])/);
  try {
    return [decodeURIComponent(path), ...rest].join("");
  } catch {
    return location;
  }
}

function holdPath(path: string): void {
  hold(/^\/(?![/\\])[\x21-\x7e]*$/.test(path), "a path back is one that a Location header carries");
  hold(!path.includes("\\"), "a path back has no backslash");
  hold(isHereDecoded(path), "a path back is of this origin");
  hold(returnPath(path) === path, "a path back reads as itself");
}

const EXITS = ["/log-out", "/2fa", "/Ausgang/ä"];

function isExit(path: string): boolean {
  const name = decoded(new URL(path, HERE).pathname).toLowerCase();
  return EXITS.some(
    (exit) => name === exit.toLowerCase() || name.startsWith(`${exit.toLowerCase()}/`),
  );
}

const returnTo = target({
  name: "return-to",
  share: 130_000,
  inputs: fc.record({
    path: textsLike(PATHS),
    prefix: fc.constantFrom("", "", "/", "/x/../", "/%2e/", "/./"),
  }),
  always: [
    ...PATHS,
    ...ODDITIES,
    // Past faults.
    "/2fa/%2e%2e%2fx2e%2e/x",
    "/x/../%2f%2e%2e/x\udfff",
    "/x/../%2fevil.example%2f..%2f..",
    "/%252fevil.example",
    `/${"é".repeat(400)}`,
  ].map((path) => ({ path, prefix: "" })),
  check: ({ path, prefix }) => {
    const asked = prefix + path;
    const free = returnPath(asked);
    if (free !== undefined) holdPath(free);
    const back = returnPath(asked, EXITS, "/2fa/number");
    if (back !== undefined) {
      holdPath(back);
      const isEntry = decoded(back).toLowerCase().includes("number");
      hold(isEntry || !isExit(back), "no path back is an exit");
    }
    holdPath(pathAfterLogIn(asked));
  },
});

const DEMANDS = [
  "purpose=pay&maxAge=60&returnTo=/account",
  "returnTo=%2Faccount%3Fa%3Db&notice=on",
  "maxAge=1e3",
  "purpose=__proto__",
  "returnTo=//evil.example&returnTo=/x",
  ...PATHS.map((path) => `returnTo=${encodeURIComponent(path)}`),
];
const PURPOSES = new Map([["pay", {}]]) as never;

const demand = target({
  name: "page-query",
  share: 50_000,
  inputs: fc.record({ query: textsLike(DEMANDS) }),
  check: ({ query }) => {
    const rules = { purposes: PURPOSES, exits: ["/2fa"], entries: ["/2fa/number"] };
    const read = readDemand(new URLSearchParams(query), rules);
    hold(["", "pay"].includes(read.purpose), "a purpose is one of the app's");
    hold(
      Number.isInteger(read.maxAge) && read.maxAge >= 1 && read.maxAge <= 86_400,
      "an age is seconds of a day",
    );
    if (read.returnTo !== undefined) holdPath(read.returnTo);
    const again = readDemand(new URLSearchParams(queryOf(read).slice(1)), rules);
    hold(JSON.stringify(again) === JSON.stringify(read), "a demand reads as it was written");
  },
});

const PATTERNS = ["/2fa", "/t/:tenant/2fa", "/:a/:b", "", "/api/v1/2fa", "/:tenant"];

const place = target({
  name: "request-target",
  share: 80_000,
  inputs: fc.record({
    pattern: fc.constantFrom(...PATTERNS),
    url: textsLike(PATHS),
    param: seldom(textsLike(["acme", "..", "%2e%2e", "a/b", "evil.example", "__proto__"]), 2),
  }),
  check: ({ pattern, url, param }) => {
    const { path, trimmed, query } = readTarget(url);
    hold(query === "" || query.startsWith("?"), "a query begins with its mark");
    hold(path === trimmed || path === `${trimmed}/`, "a slash is trimmed at most");
    hold(!path.includes("?"), "a path ends at the query");
    // As decoders give them: none makes a lone surrogate.
    const whole = param?.replace(/\p{Cs}/gu, "");
    const params = { tenant: whole, a: whole, b: whole };
    for (const filled of [fillIn(pattern, path, params), fillInFromEnd(pattern, path)]) {
      if (filled === undefined || filled === "") continue;
      hold(isHere(`${filled}/`), "a mount path that is filled in is of this origin");
      hold(
        !/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(filled),
        "a mount path leads to no other folder",
      );
      hold(matches(pattern, filled), "a mount path that is filled in is one of the pattern's");
    }
    const learnt = new LearntBases();
    learnt.add(path);
    learnt.add("/t/acme/2fa");
    const base = learnt.baseFor({ path: url, baseUrl: param }, {});
    hold(base === undefined || typeof base === "string", "a base is a text or none");
    const req = { baseUrl: param, originalUrl: url, url: path, route: { path: param } };
    const route = routeOf(req as unknown as IncomingMessage);
    hold((route ?? "").length <= 120, "a route is short");
  },
});

const network = target({
  name: "network",
  share: 60_000,
  inputs: fc.record({
    ip: seldom(textsLike(ADDRESSES), 10).map((ip) => ip ?? ""),
    forwarded: seldom(textsLike(ADDRESSES)),
    peer: textsLike(ADDRESSES),
    isTrusted: fc.boolean(),
    isExpress: fc.boolean(),
  }),
  check: ({ ip, forwarded, peer, isTrusted, isExpress }) => {
    const trust = (name: string) =>
      name === "trust proxy fn" ? () => isTrusted : isTrusted ? 1 : false;
    const socket = isTrusted ? {} : { remoteAddress: peer, localAddress: "127.0.0.1" };
    const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
    const express = isExpress ? { ip, app: { get: trust } } : { app: { get: trust } };
    const named = networkOf({ headers, socket, ...express } as unknown as IncomingMessage);
    const isKnown = isIP(named.replace(/\/56$/, "")) > 0;
    hold(named === "unknown" || isKnown, "a network is an address, a prefix or unknown");
    hold(isIP(named) !== 6, "no single IPv6 address is a network");
  },
});

export const ADDRESS_TARGETS = [returnTo, demand, place, network];
