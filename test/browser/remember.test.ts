/** A remembered browser, as its user has it: the box, log-out, log-in, and no second code (R61). */

import helmet from "helmet";
import { memoryRecords } from "../../lib";
import { wrongCodes, type Served } from "../fakes/app";
import { servePages } from "../pages/visitor";
import { openWindow, picture, sizesIn, useChromium, violationsIn, type Window } from "./chromium";

jest.setTimeout(180_000);

useChromium();

const MANY = { max: 1000, window: 60 };
const BOX = "#sms2fa-remember";

/** An app behind helmet, whose log-in and log-out are plain requests. */
function serveBox(): Promise<Served> {
  return servePages({
    before: (app, two) => {
      app.use(helmet());
      app.get("/favicon.ico", (_req, res) => res.status(204).end());
      app.get("/easy", two.require2fa({ remembered: true }), (_req, res) => {
        res.json({ easy: true });
      });
      app.get("/browsers", (req, res, next) => {
        two.remembered("ann", req).then((all) => res.json(all), next);
      });
      app.post("/forget", (_req, res, next) => {
        two.forget("ann").then(() => res.json({}), next);
      });
    },
    options: {
      remember: { store: memoryRecords() },
      limits: { user: MANY, number: MANY, network: MANY },
    },
  });
}

async function sendText({ page }: Window): Promise<void> {
  await page.goto("/easy");
  await page.locator("#sms2fa-send").click();
  await page.locator("#sms2fa-code").waitFor();
}

/** Ends the browser's session, and signs in anew. */
async function logOutAndIn({ page, context }: Window, s: Served): Promise<void> {
  await page.request.post("/reset");
  await context.clearCookies({ name: "connect.sid" });
  const [session = ""] = (await s.signedIn()).cookie.split("; ");
  const [, value = ""] = session.split(/=(.*)/s);
  await context.addCookies([{ name: "connect.sid", value, url: `http://localhost:${s.port}` }]);
}

test.each([true, false])(
  "with JavaScript %s: ticked once, no code is asked for after the next log-in, until it is forgotten",
  async (javaScriptEnabled) => {
    const s = await serveBox();
    const window = await openWindow(s, await s.signedIn(), { javaScriptEnabled });
    const { page, faults } = window;
    await sendText(window);
    expect(await page.locator(BOX).isChecked()).toBe(false);
    await page.getByLabel("Remember this browser for 30 days").check();
    await page.locator("#sms2fa-code").fill(wrongCodes(s.lastCode(), 1)[0] ?? "");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.locator(BOX).isChecked()).toBe(true);
    await page.locator("#sms2fa-code").fill(s.lastCode());
    await page.keyboard.press("Enter");
    await page.waitForURL("**/easy");

    await logOutAndIn(window, s);
    await page.goto("/easy");
    expect(await page.textContent("body")).toContain('"easy":true');
    expect(await (await page.request.get("/browsers")).json()).toEqual([
      expect.objectContaining({ browser: "Chrome on Linux", isCurrent: true }),
    ]);
    await page.goto("/private");
    await page.waitForURL("**/2fa/?returnTo=%2Fprivate");
    expect(s.sent).toHaveLength(1);

    await page.request.post("/forget");
    await page.goto("/easy");
    await page.waitForURL("**/2fa/?returnTo=%2Feasy");
    expect(faults).toEqual([]);
  },
);

test("the cookie is out of the page's reach", async () => {
  const s = await serveBox();
  const window = await openWindow(s, await s.signedIn());
  const { page, context } = window;
  await sendText(window);
  await page.locator(BOX).check();
  await page.locator("#sms2fa-code").fill(s.lastCode());
  await page.keyboard.press("Enter");
  await page.waitForURL("**/easy");
  expect(await page.evaluate(() => document.cookie)).not.toContain("sms2fa");
  const cookie = (await context.cookies()).find(({ name }) => name.startsWith("__Host-"));
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });
});

test("the box is ticked by the keyboard, and by a click on its words", async () => {
  const s = await serveBox();
  const window = await openWindow(s, await s.signedIn());
  const { page } = window;
  await sendText(window);
  await page.locator("#sms2fa-code").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  expect(await page.locator(BOX).isChecked()).toBe(true);
  await page.locator(`label[for=${BOX.slice(1)}]`).click();
  expect(await page.locator(BOX).isChecked()).toBe(false);
});

const NARROW = { viewport: { width: 320, height: 640 } };

test.each([
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["rtl", { locale: "ar" }],
  ["forced-colours", { forcedColors: "active" }],
  ["narrow-dark-rtl", { colorScheme: "dark", locale: "ar", ...NARROW }],
  ["narrow-de", { locale: "de", ...NARROW }],
  ["narrow-fr", { locale: "fr", ...NARROW }],
  ["narrow-pl", { locale: "pl", ...NARROW }],
  ["narrow-ja", { locale: "ja", ...NARROW }],
] as const)(
  "in %s axe finds nothing wrong, and nothing scrolls sideways (R112)",
  async (look, options) => {
    const s = await serveBox();
    const window = await openWindow(s, await s.signedIn(), options);
    const { page } = window;
    await sendText(window);
    for (const isTicked of [false, true]) {
      await page.locator(BOX).setChecked(isTicked);
      expect(await violationsIn(page)).toEqual([]);
      expect(await sizesIn(page)).toEqual({ over: 0, tooSmall: [] });
      await picture(page, `remember-${look}-${isTicked ? "ticked" : "left"}`);
    }
  },
);
