/** The demo in a real browser: sign-up, the code read from the inbox beside the page, a transfer. */

import type { Browser } from "playwright-core";
import { PASSWORD, PHONE, serveDemo } from "../demo/visitor";
import { openWindow, picture, startChromium, violationsIn } from "./chromium";

jest.setTimeout(90_000);

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
}, 60_000);
afterAll(async () => {
  await browser.close();
});

test.each(["light", "dark"] as const)(
  "the demo leads from sign-up to a transfer, in %s",
  async (colorScheme) => {
    const served = await serveDemo();
    const { page, faults } = await openWindow(browser, served, { cookie: "" }, { colorScheme });
    const check = async (state: string) => {
      expect([state, await violationsIn(page)]).toEqual([state, []]);
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect([state, over]).toEqual([state, 0]);
      await picture(page, `demo-${colorScheme}-${state}`);
    };
    await page.goto("/");
    await check("1-home");
    await page.goto("/sign-up");
    await page.getByLabel("Name").fill("Bob");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByLabel("Phone number").fill(PHONE);
    await check("2-sign-up");
    await page.keyboard.press("Enter");
    await page.getByLabel("Name").fill("Bob");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Text me a code" }).waitFor();
    await check("3-ask");
    await page.getByRole("button", { name: "Text me a code" }).click();
    await page.getByLabel("Security code").waitFor();
    const inbox = await page.getByRole("complementary", { name: "Inbox" }).textContent();
    await check("4-code");
    await page
      .getByLabel("Security code")
      .fill(/\d{6}(?= is your Acme)/.exec(inbox ?? "")?.[0] ?? "");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/account");
    await check("5-account");
    await page.getByRole("link", { name: "Make a transfer" }).click();
    await page.getByLabel("To").fill("Ann");
    await page.getByLabel("Amount").fill("25");
    await page.keyboard.press("Enter");
    await page.getByText("$25 to Ann").waitFor();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.waitForURL(/\/$/);
    await page.goBack();
    expect(await page.textContent("h1")).not.toBe("Your account");
    expect(faults).toEqual([]);
  },
);
