/** A page that Vite serves, and an app that it hands calls on to: the configuration is the recipe's. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { createServer } from "vite";
import app from "./app.cjs";
import config from "./vite.config.mjs";

test("the page passes the second factor through Vite's proxy, and a page elsewhere does not", async (t) => {
  const api = app.makeApp().listen(0, "127.0.0.1");
  t.after(() => api.close());
  await once(api, "listening");
  const target = `http://127.0.0.1:${api.address().port}`;
  const paths = Object.keys(config.server.proxy);
  const proxy = Object.fromEntries(paths.map((path) => [path, target]));
  const server = { ...config.server, proxy, host: "127.0.0.1" };
  const vite = await createServer({ configFile: false, logLevel: "silent", server });
  t.after(() => vite.close());
  await vite.listen();
  const origin = `http://127.0.0.1:${vite.httpServer.address().port}`;
  let cookie = "";
  const call = async (path, body, more = {}) => {
    const headers = { cookie, origin, "sec-fetch-site": "same-origin", ...more };
    const response = await fetch(origin + path, {
      headers: { ...headers, "content-type": "application/json" },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
    cookie = response.headers.get("set-cookie")?.split(";", 1)[0] ?? cookie;
    return response;
  };
  assert.equal((await call("/api/account")).status, 403);
  assert.equal((await call("/2fa/request-auth", {})).status, 200);
  const answer = { auth_code: app.texts.codeFor("+12025550123") };
  const elsewhere = { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" };
  assert.equal((await call("/2fa/validate-auth", answer, elsewhere)).status, 403);
  assert.equal((await call("/api/account")).status, 403);
  assert.equal((await call("/2fa/validate-auth", answer)).status, 200);
  assert.equal(await (await call("/api/account")).text(), "yours");
});
