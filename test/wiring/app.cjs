/** An app that is wired wrongly in the way that its argument names: serves itself a visit and ends. */

"use strict";

const { once } = require("node:events");
const { join } = require("node:path");
const express = require("express");
const session = require("express-session");
const { twoFactor } = require(join(__dirname, "..", "..", "dist"));

const { outbox } = require(join(__dirname, "..", "..", "dist", "senders", "outbox"));

const SECRET = "4f2a9c017be85d3610acef7284b95d03";
const ANN = { id: 7, phone: "+12025550123" };

/** Each gives what differs from an app that is wired right. */
const WIRINGS = {
  "`user` throws": {
    options: { user: () => raise("no table `users`") },
  },
  "`user` rejects": {
    options: { user: () => Promise.reject(new Error("no table `users`")) },
  },
  "`user` gives `_id`, and no `id`": {
    options: { user: () => ({ _id: 7, phone: ANN.phone }) },
  },
  "`user` gives a national number, and there is no `defaultCountry`": {
    options: { user: () => ({ id: 7, phone: "(202) 555-0123" }) },
  },
  "no session": { session: undefined },
  "the session stands behind the router": { isSessionLast: true },
  "a guard stands in front of the session": { isGuardFirst: true },
  "the session is cookie-session's": {
    session: () => (req, _res, next) => {
      req.session = { isNew: true };
      next();
    },
  },
  "the session's cookie is `secure`, over plain http": {
    session: (store) => makeSession(store, { cookie: { secure: true } }),
  },
  "the session has `resave: true`": {
    session: (store) => makeSession(store, { resave: true }),
  },
  "the router is not mounted": { isUnmounted: true },
  "the router is mounted inside another router": { isNested: true },
  "two `twoFactor()` share one session": { isTwice: true },
  "a proxy stands in front, and `trust proxy` is not set": {
    headers: { "X-Forwarded-For": "203.0.113.9" },
  },
  "`trust proxy` is true": { trust: true },
  "`trust proxy` believes one proxy of two": {
    trust: 1,
    headers: { "X-Forwarded-For": "203.0.113.9, 10.0.0.7" },
  },
  "the sender throws": { options: { sender: () => raise("no such template") } },
  "the sender gives `fetch`'s refusal": {
    options: { sender: () => new Response("", { status: 401 }) },
  },
  "`isRequired` throws": { options: { isRequired: () => raise("no table `users`") } },
  "`beforeSend` throws": { options: { beforeSend: () => raise("no CAPTCHA") } },
  "`describe` throws": {
    options: { purposes: { pay: { describe: () => raise("no such order") } } },
    asked: { purpose: "pay" },
  },
  "`pages.savePhone` throws": {
    options: { user: () => ({ id: 7 }), pages: { savePhone: () => raise("no table `users`") } },
    isEnrolling: true,
  },
  "`onEvent` throws": { options: { onEvent: () => raise("no log") } },
  "`pages.layout` throws": { options: { pages: { layout: () => raise("no template") } } },
  "counters in memory, in one of several processes": { env: { NODE_APP_INSTANCE: "1" } },
};

/** Each throws where it stands, with the sentence: at the start, or at the first request to the guard. */
const REFUSED = {
  "a secret that is too short": { options: { secret: "correct horse" } },
  "a secret that nobody drew": { options: { secret: "x".repeat(40) } },
  "the same secret twice": { options: { secret: [SECRET, SECRET] } },
  "a country by another name": { options: { countries: ["US", "UK"] } },
  "an origin without its scheme": { options: { origin: "app.acme.example" } },
  "a sender that is not called": { options: { sender: outbox } },
  "an option by another name": { options: { defaultCountries: "US" } },
  "a guard that is not called": { isUncalled: true },
};

// Not told of in the guide: what the tests compare with.
const OTHERS = {
  "nothing wrong": {},
  "`user` throws, and somebody listens": {
    options: { user: () => raise("no table `users`"), onEvent: () => undefined },
  },
};

function raise(message) {
  throw new Error(message);
}

function makeSession(store, more = {}) {
  const secret = "cookies are signed with this";
  return session({ secret, resave: false, saveUninitialized: false, store, ...more });
}

function makeApp(wiring, sent) {
  const { options = {}, isSessionLast, isGuardFirst, isUnmounted, isNested, isTwice } = wiring;
  const app = express();
  if ("trust" in wiring) app.set("trust proxy", wiring.trust);
  const given = {
    secret: SECRET,
    user: () => ANN,
    sender: ({ code }) => void sent.push(code),
    appName: "Acme",
    ...options,
  };
  const two = twoFactor(given);
  const store = new session.MemoryStore();
  const sessions = "session" in wiring ? wiring.session?.(store) : makeSession(store);
  if (isGuardFirst) app.use(two.require2fa());
  if (sessions !== undefined && !isSessionLast) app.use(sessions);
  if (!isUnmounted) {
    const outer = isNested ? express.Router().use("/2fa", two.router) : two.router;
    app.use(isNested ? "/shop" : "/2fa", outer);
  }
  if (isTwice) app.use("/other", twoFactor(given).router);
  if (sessions !== undefined && isSessionLast) app.use(sessions);
  const guard = wiring.isUncalled ? two.require2fa : two.require2fa();
  app.get("/account", guard, (_req, res) => res.send("yours"));
  return app;
}

async function visit(port, wiring, sent) {
  const { headers = {}, isTwice, isEnrolling, asked = {} } = wiring;
  let cookie = "";
  const call = async (method, path, body, type = "application/json") => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { ...headers, cookie, "content-type": type },
      ...(body && { body: body instanceof URLSearchParams ? body : JSON.stringify(body) }),
      redirect: "manual",
    });
    cookie = response.headers.get("set-cookie")?.split(";", 1)[0] ?? cookie;
    return response.text();
  };
  if (isEnrolling) return enrol(call, sent);
  await call("GET", "/account");
  await call("POST", "/2fa/request-auth", asked);
  await call("GET", "/2fa/");
  const auth_code = sent[0] ?? "123456";
  await call("POST", isTwice ? "/other/validate-auth" : "/2fa/validate-auth", { auth_code });
  await call("GET", "/account");
}

/** Puts a number on record by the forms of the number page. */
async function enrol(call, sent) {
  const submit = async (end, typed) => {
    const page = await call("GET", "/2fa/number");
    const [, action, body] = new RegExp(
      `<form[^>]* action="([^"]*/${end})"[^>]*>(.*?)</form>`,
      "s",
    ).exec(page);
    const hidden = body.matchAll(/<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"/g);
    const fields = Object.fromEntries([...hidden].map(([, name, value]) => [name, value]));
    const form = new URLSearchParams({ ...fields, ...typed });
    await call("POST", action, form, "application/x-www-form-urlencoded");
  };
  await submit("number", { number: ANN.phone });
  await submit("number/code", { auth_code: sent[0] });
}

async function main() {
  const [name] = process.argv.slice(2);
  if (name === undefined) {
    process.stdout.write(JSON.stringify([WIRINGS, REFUSED].map(Object.keys)));
    return;
  }
  const wiring = WIRINGS[name] ?? REFUSED[name] ?? OTHERS[name];
  Object.assign(process.env, wiring.env);
  const sent = [];
  const server = makeApp(wiring, sent).listen(0, "127.0.0.1");
  await once(server, "listening");
  await visit(server.address().port, wiring, sent);
  server.close();
  server.closeAllConnections();
}

void main();
