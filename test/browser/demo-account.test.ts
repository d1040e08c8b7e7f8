/** What the demo's account and support pages list and do, in a real browser: looks, and the way through. */

import type { Page } from "playwright-core";
import { serveDemo, type Served } from "../demo/visitor";
import { openWindow, picture, sizesIn, useChromium, violationsIn } from "./chromium";
import { askForCode, logIn, signUp } from "./demo-visitor";

jest.setTimeout(180_000);

useChromium();

/** Enters the code that the inbox shows, and ticks the box if it is to. */
async function enterCode(page: Page, isToRemember: boolean): Promise<void> {
  const code = await askForCode(page);
  if (isToRemember) await page.getByRole("checkbox").check();
  await page.getByLabel("Security code").fill(code);
}

test.each([
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["forced", { forcedColors: "active", viewport: { width: 320, height: 640 } }],
] as const)(
  "a browser is remembered and forgotten, and support sees how somebody stands, in %s (R112)",
  async (look, options) => {
    const served: Served = await serveDemo();
    const { page, faults } = await openWindow(served, { cookie: "" }, options);
    const check = async (state: string) => {
      expect([state, await violationsIn(page)]).toEqual([state, []]);
      expect([state, await sizesIn(page)]).toEqual([state, { over: 0, tooSmall: [] }]);
      await picture(page, `demo-account-${look}-${state}`);
    };
    await signUp(page);
    await logIn(page);
    await enterCode(page, true);
    await check("1-code");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/account");
    await check("2-account");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.waitForURL("**/logged-out");
    await logIn(page);
    await page.waitForURL("**/account");
    expect(await page.textContent("main")).toContain("this browser, which you had remembered");
    await check("3-remembered");

    await page.goto("/support");
    await enterCode(page, false);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/support");
    await page.getByLabel("Name").fill("Nobody");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByText("There is a problem").waitFor();
    await check("4-nobody");
    await page.getByLabel("Name").fill("Bob");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("status").waitFor();
    await check("5-support");

    await page.goto("/account");
    await page.getByRole("button", { name: "Forget all of them" }).click();
    // Support's code was for support alone, and the account was opened without one.
    await enterCode(page, false);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/account");
    await page.getByRole("button", { name: "Forget the browser" }).click();
    await page.getByText("Tick the box").waitFor();
    expect(faults.filter((fault) => !fault.includes("404"))).toEqual([]);
  },
);
