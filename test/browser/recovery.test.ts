/** Recovery codes, as their user has them: made, copied, printed, downloaded, typed, and gone after that. */

import helmet from "helmet";
import { readFile } from "node:fs/promises";
import { memoryRecords } from "../../lib";
import type { Served } from "../fakes/app";
import { servePages } from "../pages/visitor";
import { openWindow, picture, sizesIn, useChromium, violationsIn, type Window } from "./chromium";

jest.setTimeout(180_000);

useChromium();

const MANY = { max: 1000, window: 60 };
const SET = "/2fa/recovery-codes?returnTo=%2Fprivate";
const FIELD = "#sms2fa-recovery";
const LIST = ".sms2fa-codes";

function serveRecovery(): Promise<Served> {
  return servePages({
    before: (app) => {
      app.use(helmet());
      app.get("/favicon.ico", (_req, res) => res.status(204).end());
    },
    options: {
      recovery: { store: memoryRecords() },
      limits: { user: MANY, number: MANY, network: MANY },
    },
  });
}

/** Verifies by a text, and stops where a set can be made. */
async function reachSet({ page }: Window, s: Served): Promise<void> {
  await page.goto(SET);
  await page.locator("#sms2fa-send").click();
  await page.locator("#sms2fa-code").fill(s.lastCode());
  await page.keyboard.press("Enter");
  await page.locator(".sms2fa-what").waitFor();
}

async function makeSet({ page }: Window): Promise<string[]> {
  await page.locator("#sms2fa-send").click();
  await page.locator(LIST).waitFor();
  return (await page.locator(`${LIST} li`).allTextContents()).map((code) => code.trim());
}

test.each([true, false])(
  "with JavaScript %s: a set is made and shown, and one of it lets in without the phone",
  async (javaScriptEnabled) => {
    const s = await serveRecovery();
    const window = await openWindow(s, await s.signedIn(), { javaScriptEnabled });
    await reachSet(window, s);
    const codes = await makeSet(window);
    expect(codes).toHaveLength(10);
    expect(window.page.url()).not.toContain(codes[0]);
    const tools = window.page.locator("[data-tool]:visible");
    expect(await tools.count()).toBe(javaScriptEnabled ? 3 : 0);
    await window.page.getByRole("link", { name: "Continue" }).click();
    await window.page.waitForURL("**/private");

    const other = await openWindow(s, await s.signedIn(), { javaScriptEnabled });
    const { page } = other;
    await page.goto("/private");
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await page.locator(FIELD).fill("0000 0000 0000 0000");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.title()).toBe("Error: Use a recovery code – Acme");
    await page.getByLabel("Recovery code").fill(String(codes[3]).toLowerCase());
    await page.keyboard.press("Enter");
    await page.waitForURL("**/private");
    expect(s.sent).toHaveLength(1);
    expect([...window.faults, ...other.faults]).toEqual([]);
    const log = [...window.asked, ...other.asked].join("\n");
    for (const code of codes) expect(log).not.toContain(code);
  },
);

test("they are copied and downloaded as a text, with the name of the app, and said so", async () => {
  const s = await serveRecovery();
  const window = await openWindow(s, await s.signedIn(), { acceptDownloads: true });
  const { page, context, faults } = window;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await reachSet(window, s);
  const codes = await makeSet(window);
  const text = ["Acme: Recovery codes", ...codes, ""].join("\n");
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByText("The codes are copied.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe("recovery-codes.txt");
  expect(download.url()).toMatch(/^blob:/);
  expect(await readFile(await download.path(), "utf8")).toBe(text);
  expect(await page.locator(`${LIST} li`).count()).toBe(10);
  expect(faults).toEqual([]);
});

test("where nothing may be copied, the list is marked for the user to copy", async () => {
  const s = await serveRecovery();
  const window = await openWindow(s, await s.signedIn());
  const { page, context } = window;
  await context.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
  });
  await reachSet(window, s);
  const [code] = await makeSet(window);
  await page.getByRole("button", { name: "Copy" }).click();
  const marked = () => page.evaluate(() => String(getSelection()));
  expect(await marked()).toContain(code);
});

test("on paper stand the codes in dark on light, and no button", async () => {
  const s = await serveRecovery();
  const window = await openWindow(s, await s.signedIn(), { colorScheme: "dark" });
  const { page, context } = window;
  await context.addInitScript(() => {
    globalThis.print = () => {
      document.body.setAttribute("data-printed", "yes");
    };
  });
  await reachSet(window, s);
  await makeSet(window);
  await page.getByRole("button", { name: "Print" }).click();
  expect(await page.locator("body[data-printed=yes]").count()).toBe(1);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await page.locator("button:visible, a:visible").count()).toBe(0);
  const colourOf = (id: string) =>
    page.locator(id).evaluate((element) => getComputedStyle(element).color);
  expect(await colourOf(`${LIST} li >> nth=0`)).toBe("rgb(26, 34, 48)");
  await picture(page, "recovery-print");
});

test("neither Back nor a reload shows them again, nor makes others", async () => {
  const s = await serveRecovery();
  const window = await openWindow(s, await s.signedIn());
  const { page } = window;
  await reachSet(window, s);
  const [code = ""] = await makeSet(window);
  await page.reload();
  await page.getByRole("alert").waitFor();
  expect(await page.textContent("main")).toContain("New codes were already made from this page");
  expect(await page.content()).not.toContain(code);
  const [second = ""] = await makeSet(window);
  await page.getByRole("link", { name: "Continue" }).click();
  await page.waitForURL("**/private");
  await page.goBack().catch(() => undefined);
  await page.getByText(second).waitFor({ state: "detached" });
  expect(s.events.filter(({ type }) => type === "recovery_codes_made")).toHaveLength(2);
  expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 10 });
});

test("a page that the browser has kept for Back is empty, and asks for the present state", async () => {
  const s = await serveRecovery();
  const window = await openWindow(s, await s.signedIn());
  const { page } = window;
  await reachSet(window, s);
  await makeSet(window);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide")));
  expect(await page.locator(`${LIST} li`).count()).toBe(0);
  await page.evaluate(() =>
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })),
  );
  await page.getByText("Unused codes: 10.").waitFor();
});

const NARROW = { viewport: { width: 320, height: 640 } };

test.each([
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["rtl", { locale: "ar" }],
  ["forced-colours", { forcedColors: "active" }],
  ["narrow-dark-rtl", { colorScheme: "dark", locale: "ar", ...NARROW }],
  ["narrow-de", { locale: "de", ...NARROW }],
  ["narrow-es", { locale: "es", ...NARROW }],
  ["narrow-fr", { locale: "fr", ...NARROW }],
  ["narrow-pt", { locale: "pt", ...NARROW }],
  ["narrow-it", { locale: "it", ...NARROW }],
  ["narrow-nl", { locale: "nl", ...NARROW }],
  ["narrow-pl", { locale: "pl", ...NARROW }],
  ["narrow-ja", { locale: "ja", ...NARROW }],
] as const)(
  "in %s axe finds nothing wrong on each page, and nothing scrolls sideways (R112)",
  async (look, options) => {
    const s = await serveRecovery();
    const window = await openWindow(s, await s.signedIn(), options);
    const { page } = window;
    const check = async (name: string) => {
      expect([name, await violationsIn(page)]).toEqual([name, []]);
      expect([name, await sizesIn(page)]).toEqual([name, { over: 0, tooSmall: [] }]);
      await picture(page, `recovery-${look}-${name}`);
    };
    await page.goto("/private");
    await check("1-code-page");
    await page.locator("a[href*='/recovery?']").click();
    await page.locator(FIELD).waitFor();
    await check("2-field");
    await page.keyboard.press("Tab");
    await page.locator(FIELD).fill("ABC");
    await page.keyboard.press("Enter");
    await page.locator(".sms2fa-summary").waitFor();
    await check("3-mistake");
    await reachSet(window, s);
    await check("4-set");
    await makeSet(window);
    await check("5-new-set");
    await page.reload();
    await page.locator(".sms2fa-summary").waitFor();
    await check("6-made-before");
  },
);
