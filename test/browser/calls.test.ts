/** A real browser hears the page offer a call, asks for it, and answers with what the voice says. */

import helmet from "helmet";
import type { BrowserContextOptions, Page } from "playwright-core";
import { PAGE_WORDS } from "../../lib/pages/words/locale";
import { signalwire } from "../../lib/senders/signalwire/index";
import { serve, type Served } from "../fakes/app";
import { startSignalWireApi, type SignalWireApi } from "../fakes/signalwire-api";
import { answerCall } from "../fakes/telephone";
import { openWindow, picture, sizesIn, useChromium, violationsIn } from "./chromium";

jest.setTimeout(180_000);

useChromium();

const { en } = PAGE_WORDS;
const MANY = { max: 1000, window: 60 };

let api: SignalWireApi;
beforeEach(async () => {
  api = await startSignalWireApi();
});
afterEach(async () => {
  await api.close();
});

/** An app behind helmet as it is by default, which texts and calls through the fake of SignalWire. */
function serveCalling(cooldown: number): Promise<Served> {
  const { url: apiBaseUrl, project, token, number } = api;
  return serve({
    before: (app) => {
      app.use(helmet());
      app.get("/favicon.ico", (_req, res) => res.status(204).end());
    },
    options: {
      pages: true,
      channels: ["sms", "call"],
      sender: signalwire({ apiBaseUrl, project, token, number }),
      limits: { user: MANY, number: MANY, network: MANY, calls: MANY, cooldown },
    },
  });
}

async function atCode(cooldown: number, options: BrowserContextOptions = {}) {
  const s = await serveCalling(cooldown);
  const window = await openWindow(s, await s.signedIn(), options);
  const { page } = window;
  await page.goto("/private?id=7");
  await page.locator("#sms2fa-send").click();
  await page.locator("#sms2fa-code").waitFor();
  return window;
}

/** What somebody types who has pressed the keys that the voice asked for. */
function heardCode(): string {
  const { document = "" } = api.calls.at(-1) ?? {};
  const keys = [...document.matchAll(/finishOnKey="(\d)"/g)].map(([, key]) => key).join("");
  return (answerCall(document, keys).said[2] ?? "").replace(/\D/g, "");
}

const looksOf = async (page: Page) => [await violationsIn(page), await sizesIn(page)];
const GOOD_LOOKS = [[], { over: 0, tooSmall: [] }];

test("the offer appears by itself once the text may be late, is read aloud, and leads to the ringing phone", async () => {
  const { page, asked, faults } = await atCode(3);
  const call = page.getByRole("button", { name: en.call });
  const status = page.getByRole("status");
  await status.filter({ hasText: en.isSent }).waitFor();
  expect(await call.count()).toBe(0);
  expect(await looksOf(page)).toEqual(GOOD_LOOKS);
  await status.filter({ hasText: en.canCall }).waitFor();
  await call.waitFor();
  const description = page.getByRole("button", { name: en.call, description: en.callHint });
  expect(await description.count()).toBe(1);
  expect(await looksOf(page)).toEqual(GOOD_LOOKS);
  await picture(page, "call-offer");

  await call.dblclick();
  await status.filter({ hasText: en.isCalled }).waitFor();
  expect(asked.filter((each) => each === "POST /2fa/text")).toHaveLength(2);
  expect([api.messages.length, api.calls.length]).toEqual([1, 1]);
  expect(await looksOf(page)).toEqual(GOOD_LOOKS);
  await picture(page, "call-ringing");
  await page.getByLabel("Security code").fill(heardCode());
  await page.keyboard.press("Enter");
  await page.waitForURL("**/private?id=7");
  expect(faults).toEqual([]);
});

test("the keyboard alone asks for the call", async () => {
  const { page } = await atCode(1);
  const call = page.getByRole("button", { name: en.call });
  await call.waitFor();
  await page.locator("#sms2fa-send").focus();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("sms2fa-call");
  await page.keyboard.press("Enter");
  await page.getByRole("status").filter({ hasText: en.isCalled }).waitFor();
});

test("without JavaScript the offer is there at once, for nothing would bring it: a press too early rings nobody", async () => {
  const { page } = await atCode(6, { javaScriptEnabled: false });
  const call = page.getByRole("button", { name: en.call });
  await call.click();
  await page.getByText(en.isPending).waitFor();
  expect(api.calls).toEqual([]);
  while ((await page.getByText(en.isCalled).count()) === 0) await call.click();
  expect(api.calls).toHaveLength(1);
  await page.getByLabel("Security code").fill(heardCode());
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL("**/private?id=7");
});

test.each([
  ["rtl", "ar", { locale: "ar" }],
  ["narrow-de", "de", { locale: "de", viewport: { width: 320, height: 640 } }],
] as const)(
  "in %s axe finds nothing wrong with the offer nor the call",
  async (name, tag, options) => {
    const words = PAGE_WORDS[tag];
    const { page, faults } = await atCode(1, options);
    const call = page.getByRole("button", { name: words.call });
    await call.waitFor();
    expect(await looksOf(page)).toEqual(GOOD_LOOKS);
    await picture(page, `${name}-call-offer`);
    await call.click();
    await page.getByRole("status").filter({ hasText: words.isCalled }).waitFor();
    expect(await looksOf(page)).toEqual(GOOD_LOOKS);
    await picture(page, `${name}-call-ringing`);
    expect(faults).toEqual([]);
  },
);
