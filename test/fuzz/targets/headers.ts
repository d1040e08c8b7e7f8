/** Headers and cookies: languages, browsers, where a call comes from, seals, tokens and remembered browsers. */

import type { IncomingMessage, ServerResponse } from "node:http";
import fc from "fast-check";
import { readKeys } from "../../../lib/crypto/keys";
import { isNavigation } from "../../../lib/http/navigation";
import { provenanceOf } from "../../../lib/http/same-origin";
import { FormTokens } from "../../../lib/pages/form-token";
import { FlashSeals } from "../../../lib/pages/visit/flash";
import { makeRoom, readCookie } from "../../../lib/remembered/cookie";
import { labelOf } from "../../../lib/remembered/browser-label";
import { Languages } from "../../../lib/std/language";
import { COOKIES, LANGUAGES, ORIGINS, USER_AGENTS } from "../corpus";
import { seldom, textsLike } from "../mutations";
import { hold, target } from "../target";

const LANGUAGES_SERVED = new Languages({ en: {}, de: {}, es: {} });

const language = target({
  name: "language",
  share: 40_000,
  inputs: fc.record({ header: textsLike(LANGUAGES), tag: seldom(textsLike(LANGUAGES), 2) }),
  check: ({ header, tag }) => {
    const chosen = LANGUAGES_SERVED.choose({ tags: [tag], acceptLanguage: header });
    hold(LANGUAGES_SERVED.tags.includes(chosen), "a language is one that is served");
  },
});

const LABEL =
  /^(?:(?:Edge|Opera|Samsung Internet|Vivaldi|DuckDuckGo|Firefox|Chrome|Safari)(?: on )?)?(?:Android|iOS|iPadOS|Windows|ChromeOS|macOS|Linux)?$/;

const browser = target({
  name: "browser-label",
  share: 30_000,
  inputs: fc.record({ agent: textsLike(USER_AGENTS) }),
  check: ({ agent }) => {
    hold(LABEL.test(labelOf(agent)), "a label has words of its own alone");
  },
});

const SITES = [
  "same-origin",
  "same-site",
  "cross-site",
  "none",
  "SAME-ORIGIN",
  "same-origin, cross-site",
  "",
];
const TRUSTED = new Set(["https://trusted.example"]);

const origin = target({
  name: "origin",
  share: 60_000,
  inputs: fc.record({
    method: fc.constantFrom("GET", "POST", "HEAD"),
    site: seldom(textsLike(SITES), 2),
    origin: seldom(textsLike(ORIGINS), 2),
    host: textsLike([
      "app.example",
      "app.example:80",
      "app.example:8080",
      "[::1]:80",
      "evil.example#",
      "a@b",
      "",
    ]),
    protocol: seldom(fc.constantFrom("http", "https", "javascript", "")),
    dest: seldom(fc.constantFrom("document", "empty", "iframe")),
    accept: textsLike(["text/html,*/*", "application/json", "*/*"]),
  }),
  check: ({ method, site, origin: from, host, protocol, dest, accept }) => {
    const headers = { "sec-fetch-site": site, origin: from, host, "sec-fetch-dest": dest, accept };
    const req = { method, headers, protocol, socket: {} } as unknown as IncomingMessage;
    hold(typeof isNavigation(req) === "boolean", "a navigation or none");
    const provenance = provenanceOf(req, TRUSTED);
    if (provenance !== "here") return;
    const isSame =
      from?.toLowerCase() === new URLOrNothing(`${protocol ?? "http"}://${host}`).origin;
    const isTold = site === "same-origin" || (site === "none" && method !== "GET");
    hold(
      isTold || from === undefined || TRUSTED.has(from) || isSame,
      "only what comes from here is from here",
    );
    hold(
      TRUSTED.has(from ?? "") || !["same-site", "cross-site"].includes(site ?? ""),
      "another site is never here",
    );
  },
});

/** A URL, or what has no origin. */
class URLOrNothing {
  readonly origin: string | undefined;
  constructor(text: string) {
    try {
      this.origin = new URL(text).origin;
    } catch {
      this.origin = undefined;
    }
  }
}

const KEYS = readKeys(["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"]);
const SEALS = new FlashSeals(KEYS);
const TOKENS = new FormTokens(KEYS);
const SEALED = SEALS.seal({ kind: "code_wrong", until: 1_900_000_000 }, "sid");
const TOKEN = TOKENS.make("sid");

const seal = target({
  name: "seals-and-tokens",
  share: 40_000,
  inputs: fc.record({
    sealed: textsLike([SEALED, SEALED.replace("wrong", "spent"), "sent.0.AAAAAAAAAAAAAAAA", ""]),
    token: textsLike([TOKEN, "", TOKEN.slice(1)]),
    session: fc.constantFrom("sid", "other", ""),
  }),
  check: ({ sealed, token, session }) => {
    const notice = SEALS.open(sealed, session);
    hold(
      (notice !== undefined) === (sealed === SEALED && session === "sid"),
      "only a seal of ours opens",
    );
    hold(
      TOKENS.isGood(token, session) === (token === TOKEN && session === "sid"),
      "only a token of ours is good",
    );
  },
});

const NAME = "__Host-sms2fa-AAAAAAAA";

const cookie = target({
  name: "cookie",
  share: 50_000,
  inputs: fc.record({
    header: textsLike([
      ...COOKIES,
      COOKIES.join("; "),
      Array.from({ length: 12 }, (_, at) => `__Host-sms2fa-user000${at % 10}=x`).join("; "),
    ]),
  }),
  check: ({ header }) => {
    const req = { headers: { cookie: header } } as unknown as IncomingMessage;
    const read = readCookie(req, NAME);
    if (read !== undefined) {
      hold(/^[\w-]{22}$/.test(read.id) && /^[\w-]{43}$/.test(read.token), "a cookie has its shape");
      hold(header.includes(`${NAME}=${read.id}.${read.token}`), "a cookie is read as it stands");
    }
    let set: unknown;
    const res = { getHeader: () => set, setHeader: (_: string, value: unknown) => (set = value) };
    makeRoom(req, res as unknown as ServerResponse, NAME);
    const dropped = [set ?? []].flat() as string[];
    hold(
      dropped.every((each) =>
        /^__Host-sms2fa-[\w-]{8}=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/.test(each),
      ),
      "only cookies of ours are dropped",
    );
  },
});

export const HEADER_TARGETS = [language, browser, origin, seal, cookie];
