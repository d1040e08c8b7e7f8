/** The built client in a real browser, on a page behind helmet: the two ways past the guard. */

import { join } from "node:path";
import helmet from "helmet";
import type { Page } from "playwright-core";
import type * as Client from "../../lib/client/index.mjs";
import { serve, type Served } from "../fakes/app";
import { openWindow, useChromium, type Window } from "./chromium";

jest.setTimeout(180_000);

const CLIENT = join(__dirname, "..", "..", "dist", "client", "index.mjs");

/** What the app's page keeps where a test can reach it. */
interface OwnPage {
  client: Client.TwoFactorClient;
  go: typeof fetch;
  ask: typeof fetch;
  asked: number;
  answer: (code: string) => Promise<void>;
  refused: (work: Promise<unknown>) => Promise<object>;
}
declare const own: OwnPage;

const SCRIPT = `
  import { createClient, TwoFactorRefusal, withTwoFactor } from "/client.mjs";
  const client = createClient({ baseUrl: "/2fa", headers: () => ({ "X-CSRF-Token": "token" }) });
  const own = (globalThis.own = { client, asked: 0 });
  own.go = withTwoFactor(fetch);
  own.ask = withTwoFactor(fetch, {
    onTwoFactorRequired: async ({ ask }) => {
      own.asked += 1;
      await client.requestCode(ask);
      await new Promise((resolve) => {
        own.answer = async (code) => {
          await client.submitCode(code);
          resolve();
        };
        document.title = "Code?";
      });
    },
  });
  own.refused = (work) =>
    work.catch((error) => {
      const { code, status, attemptsLeft } = error;
      return { is: error instanceof TwoFactorRefusal, code, status, attemptsLeft };
    });
  document.title = "Ready";
`;

useChromium();

async function open(): Promise<Window & { s: Served }> {
  const s = await serve({
    before: (app) => {
      app.use(helmet());
      app.get("/favicon.ico", (_req, res) => res.status(204).end());
      app.get("/client.mjs", (_req, res) => {
        res.sendFile(CLIENT);
      });
      app.get("/own.mjs", (_req, res) => res.type("text/javascript").send(SCRIPT));
      app.get("/orders", (_req, res) =>
        res.type("html").send('<!doctype html><script type="module" src="/own.mjs"></script>'),
      );
    },
    options: { pages: true },
  });
  const window = await openWindow(s, await s.signedIn());
  await window.page.goto("/orders?page=2#last");
  await ready(window.page);
  return { ...window, s };
}

const ready = (page: Page) => page.waitForFunction(() => document.title === "Ready");

test("with no prompt of the app's, the way leads over the code page and back, query and hash too", async () => {
  const { page, s, asked } = await open();
  await page.evaluate(() => void own.go("/private"));
  await page.waitForURL("**/2fa/?returnTo=*");
  await page.getByRole("button", { name: "Text me a code" }).click();
  await page.getByLabel("Security code").fill(s.lastCode());
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL("**/orders?page=2#last");
  await ready(page);
  expect(await page.evaluate(async () => (await own.go("/private")).status)).toBe(200);
  expect(asked.filter((each) => each === "GET /private")).toHaveLength(2);
});

test("with one, requests wait for it together, and are made once more", async () => {
  const { page, s, asked } = await open();
  const answers = page.evaluate(async () => {
    const all = await Promise.all([1, 2, 3].map(() => own.ask("/private", { method: "POST" })));
    return all.map(({ status }) => status);
  });
  await page.waitForFunction(() => document.title === "Code?");
  const wrong = await page.evaluate(() => own.refused(own.client.submitCode("12")));
  expect(wrong).toEqual({ is: true, code: "wrong_code", status: 403, attemptsLeft: 5 });
  await page.evaluate((code) => own.answer(code), s.lastCode());
  expect(await answers).toEqual([200, 200, 200]);
  expect(await page.evaluate(() => own.asked)).toBe(1);
  expect(await page.evaluate(() => own.client.status())).toMatchObject({ verified: true });
  expect(asked.filter((each) => each === "POST /2fa/request-auth")).toHaveLength(1);
  expect(page.url()).toMatch(/\/orders\?page=2#last$/);
});

test("helmet's default policy has nothing to say about it", async () => {
  const { page, s, faults } = await open();
  await page.evaluate(() => own.client.requestCode());
  await page.evaluate((code) => own.client.submitCode(code), s.lastCode());
  expect(await page.evaluate(async () => (await own.go("/private")).status)).toBe(200);
  expect(faults).toEqual([]);
});
