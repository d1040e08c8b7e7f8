/** What a real browser hears of a text without a reload, from SignalWire's callback to the page. */

import helmet from "helmet";
import { signalwire } from "../../lib/senders/signalwire/index";
import { serve, type Served } from "../fakes/app";
import { listen } from "../fakes/listening";
import {
  startSignalWireApi,
  type AcceptedMessage,
  type SignalWireApi,
} from "../fakes/signalwire-api";
import { createServer, type RequestListener, type Server } from "node:http";
import { openWindow, picture, sizesIn, useChromium, violationsIn } from "./chromium";

jest.setTimeout(180_000);

useChromium();

let api: SignalWireApi;
let server: Server;
beforeEach(async () => {
  api = await startSignalWireApi();
});
afterEach(async () => {
  await api.close();
  server.closeAllConnections();
  server.close();
});

/** An app that texts through the fake of SignalWire, which knows where to tell of the text. */
async function serveTelling(policy = helmet()): Promise<Served> {
  const apps: RequestListener[] = [];
  server = createServer((req, res) => {
    for (const app of apps) app(req, res);
  });
  const here = await listen(server);
  const { url: apiBaseUrl, project, token, number, signingKey } = api;
  const deliveryStatus = { publicUrl: `http://127.0.0.1:${here}/2fa`, signingKey };
  const s = await serve({
    before: (app) => {
      app.use(policy);
      app.get("/favicon.ico", (_req, res) => res.status(204).end());
    },
    options: {
      pages: true,
      deliveryStatus,
      sender: signalwire({ apiBaseUrl, project, token, number }),
    },
  });
  apps.push(s.app);
  return s;
}

const codeIn = ({ body }: AcceptedMessage) => body.slice(0, 6);

async function atCode(s: Served, options: Parameters<typeof openWindow>[2] = {}) {
  const window = await openWindow(s, await s.signedIn(), options);
  const { page } = window;
  await page.goto("/private?id=7");
  await page.locator("#sms2fa-send").click();
  await page.locator("#sms2fa-code").waitFor();
  const message = api.messages.at(-1) as AcceptedMessage;
  return { ...window, message, line: page.locator("[data-delivery]") };
}

test("that the text has arrived comes in without a reload, is read aloud, and the code is right (R106)", async () => {
  const { page, asked, faults, message, line } = await atCode(await serveTelling());
  expect(await line.textContent()).toBe("");
  expect(await api.report(message, "sent")).toBe(204);
  expect(await api.report(message, "delivered")).toBe(204);
  await page.getByText("The text has arrived on your phone.").waitFor();
  expect(await line.getAttribute("aria-live")).toBe("polite");
  expect(await page.getByRole("status").textContent()).toBe("");
  // One for the page before the text, and one for this.
  expect(asked.filter((each) => each === "GET /2fa/pages.js")).toHaveLength(2);
  expect([await violationsIn(page), await sizesIn(page)]).toEqual([[], { over: 0, tooSmall: [] }]);
  await picture(page, "delivery-delivered");
  await page.getByLabel("Security code").fill(codeIn(message));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/private?id=7");
  expect(faults).toEqual([]);
});

test("that the number has opted out comes in with the way back, in Arabic too", async () => {
  const s = await serveTelling();
  const { page, faults, message, line } = await atCode(s, { locale: "ar" });
  await api.report(message, "undelivered", { ErrorCode: "21610" });
  await line.filter({ hasText: "START" }).waitFor();
  expect([await violationsIn(page), await sizesIn(page)]).toEqual([[], { over: 0, tooSmall: [] }]);
  await picture(page, "delivery-opted-out-rtl");
  expect(faults).toEqual([]);
});

test("without JavaScript a reload tells it", async () => {
  const { page, message, line } = await atCode(await serveTelling(), { javaScriptEnabled: false });
  await api.report(message, "undelivered", { ErrorCode: "30003" });
  await page.reload();
  expect(await line.textContent()).toMatch(/^The text could not be delivered\./);
});

test("a page asks twelve times at the most, and no more once it is told", async () => {
  const served = await serveTelling();
  const { page, asked } = await openWindow(served, await served.signedIn());
  await page.clock.install();
  const questions = () => asked.filter((each) => each === "GET /2fa/").length;
  const atCode = async () => {
    await page.locator("#sms2fa-send").click();
    await page.locator("#sms2fa-code").waitFor();
    return questions();
  };
  // What was asked before this has been answered, and the next pause has begun.
  const wait = async (seconds: number) => {
    await page.clock.runFor(seconds * 1000);
    await page.evaluate(async () => {
      await fetch("/own");
    });
  };
  await page.goto("/private?id=7");
  const start = await atCode();
  for (let rounds = 0; rounds < 60 && questions() < start + 12; rounds += 1) await wait(61);
  await wait(600);
  expect(questions()).toBe(start + 12);
  const again = await atCode();
  await api.report(api.messages.at(-1) as AcceptedMessage, "delivered");
  await wait(3);
  await page.getByText("The text has arrived").waitFor();
  await wait(600);
  expect(questions()).toBe(again + 1);
});

test("a policy that lets no script ask leaves the page as it is", async () => {
  const policy = helmet({
    contentSecurityPolicy: {
      directives: { "connect-src": ["'none'"], upgradeInsecureRequests: null },
    },
  });
  const { page, message, line, faults } = await atCode(await serveTelling(policy));
  await api.report(message, "delivered");
  await page.waitForEvent("console", { predicate: (told) => told.text().includes("connect-src") });
  expect(await line.textContent()).toBe("");
  expect(faults.filter((fault) => !/connect-src|Content Security Policy/.test(fault))).toEqual([]);
  await page.reload();
  expect(await line.textContent()).toBe("The text has arrived on your phone.");
});
