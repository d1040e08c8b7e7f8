/** The pages under the policies and transports that apps have: plain http and https, helmet as it is and strict. */

import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import helmet from "helmet";
import type { TwoFactorOptions } from "../../lib";
import { serve, type ServeOptions, type Served } from "../fakes/app";
import { listen } from "../fakes/listening";
import { openWindow, picture, useChromium, type Window } from "./chromium";

jest.setTimeout(180_000);

useChromium();

const STRICT = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      scriptSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  referrerPolicy: { policy: "no-referrer" },
});
// Over plain http helmet's own default turns each form to https, which no server answers there.
const PLAIN = helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Another site: whoever arrives there is told so. */
async function serveElsewhere(): Promise<{ origin: string; referrers: (string | undefined)[] }> {
  const referrers: (string | undefined)[] = [];
  const server = createServer((req, res) => {
    referrers.push(req.headers.referer);
    res.setHeader("Content-Type", "text/html").end("<title>Elsewhere</title>Elsewhere");
  });
  servers.push(server);
  return { origin: `http://127.0.0.1:${await listen(server)}`, referrers };
}

interface Setting {
  policy: typeof PLAIN;
  isEncrypted: boolean;
  elsewhere?: string;
  pages?: TwoFactorOptions["pages"];
}

/** An app under a policy; `/oauth` and `/bye` redirect to another site. */
async function serveUnder({ policy, isEncrypted, elsewhere, pages }: Setting): Promise<Served> {
  const before: ServeOptions["before"] = (app) => {
    app.use(policy);
    app.get("/favicon.ico", (_req, res) => res.status(204).end());
    app.get("/oauth", (_req, res) => {
      res.redirect(302, `${elsewhere ?? ""}/?client=1`);
    });
    app.get("/log-in", (_req, res) => {
      res.redirect(302, `${elsewhere ?? ""}/?log-in`);
    });
  };
  const served = await serve({ before, options: { pages: pages ?? true } });
  if (!isEncrypted) return served;
  const server = createTlsServer(certificate(), served.app);
  servers.push(server);
  return { ...served, port: await listen(server) };
}

/** Chromium takes no certificate as small as the kit's own. */
function certificate(): { key: string; cert: string } {
  const ask =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout - -days 2 -subj /CN=acme.test";
  const pem = execFileSync("openssl", ask.split(" "), { stdio: ["ignore", "pipe", "ignore"] });
  return { key: pem.toString(), cert: pem.toString() };
}

/** A browser at a host that is not the machine itself, so that plain http is plain http. */
async function openUnder(served: Served, { isEncrypted }: Setting, javaScriptEnabled: boolean) {
  return openWindow(served, await served.signedIn(), {
    javaScriptEnabled,
    ignoreHTTPSErrors: true,
    baseURL: `${isEncrypted ? "https" : "http"}://staging.acme.test:${served.port}`,
  });
}

// What Chromium says of helmet's own headers over plain http.
const own = ({ faults }: Window) => faults.filter((each) => !each.includes("untrustworthy"));

async function enter({ page }: Window, served: Served, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole("button", { name: "Text me a code" }).click();
  await page.getByLabel("Security code").fill(served.lastCode());
  await page.getByRole("button", { name: "Continue" }).click();
}

describe.each([
  ["http, helmet's default", { policy: PLAIN, isEncrypted: false }],
  ["http, a strict policy", { policy: STRICT, isEncrypted: false }],
  ["https, helmet's default", { policy: helmet(), isEncrypted: true }],
  ["https, a strict policy", { policy: STRICT, isEncrypted: true }],
] as [string, Setting][])("over %s", (name, setting) => {
  test.each([true, false])("the forms pass, with JavaScript %s (C231)", async (isScripted) => {
    const served = await serveUnder(setting);
    const window = await openUnder(served, setting, isScripted);
    await window.page.goto("/private?id=7");
    await picture(window.page, `policy-${name.replace(/\W+/g, "-")}`);
    await enter(window, served, "/private?id=7");
    await window.page.waitForURL("**/private?id=7");
    expect(await window.page.textContent("body")).toContain('"private":true');
    expect(own(window)).toEqual([]);
  });

  test.each([true, false])(
    "the way on may lead to another site, which hears no address of ours, with JavaScript %s (C232)",
    async (isScripted) => {
      const elsewhere = await serveElsewhere();
      const served = await serveUnder({ ...setting, elsewhere: elsewhere.origin });
      const window = await openUnder(served, setting, isScripted);
      const { page } = window;
      await enter(window, served, "/2fa/?returnTo=/oauth%3Fa%3D1%26b%3D%2527");
      await page.waitForURL(`${elsewhere.origin}/?client=1`);
      expect(elsewhere.referrers.at(0)).toBeUndefined();
      expect(own(window)).toEqual([]);
    },
  );
});

test("a form that is sent after the log-out arrives at a log-in of another site (C232)", async () => {
  const elsewhere = await serveElsewhere();
  const setting: Setting = {
    policy: PLAIN,
    isEncrypted: false,
    elsewhere: elsewhere.origin,
    pages: { logInPath: "/log-in" },
  };
  const served = await serveUnder(setting);
  const client = await served.signedIn();
  const { page, faults } = await openWindow(served, client);
  await page.goto("/2fa/");
  await client.post("/sign-out-first-factor-only");
  await page.getByRole("button", { name: "Text me a code" }).click();
  await page.waitForURL(`${elsewhere.origin}/?log-in`);
  expect(faults).toEqual([]);
});
