/** Recovery codes in the demo's own frame, in a real browser: made, and the way in without the phone. */

import { codeIn, serveDemo } from "../demo/visitor";
import { openWindow, picture, sizesIn, useChromium, violationsIn } from "./chromium";
import { logIn, signUp } from "./demo-visitor";

jest.setTimeout(180_000);

useChromium();

test.each([
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["forced", { forcedColors: "active", viewport: { width: 320, height: 640 } }],
] as const)(
  "codes are made on the account page, and one opens it without the phone, in %s (R112)",
  async (look, options) => {
    const served = await serveDemo();
    const { page, faults } = await openWindow(served, { cookie: "" }, options);
    const check = async (state: string) => {
      expect([state, await violationsIn(page)]).toEqual([state, []]);
      expect([state, await sizesIn(page)]).toEqual([state, { over: 0, tooSmall: [] }]);
      await picture(page, `demo-recovery-${look}-${state}`);
    };
    await signUp(page);
    await logIn(page);
    await page.waitForURL("**/2fa/**");
    await page.getByRole("button", { name: "Text me a code" }).click();
    await page.getByLabel("Security code").fill(codeIn(served.box));
    await page.keyboard.press("Enter");
    await page.waitForURL("**/account");
    await page.getByRole("link", { name: "Make recovery codes" }).click();
    await page.getByRole("heading", { name: "Recovery codes" }).waitFor();
    await check("1-set");
    await page.getByRole("button", { name: "Make new codes" }).click();
    await page.locator(".sms2fa-codes").waitFor();
    await check("2-codes");
    const [code = ""] = await page.locator(".sms2fa-codes li").allTextContents();
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("nav:visible, footer:visible, aside:visible").count()).toBe(0);
    expect(await page.getByText(code).isVisible()).toBe(true);
    await page.emulateMedia({ media: null });
    await page.getByRole("link", { name: "Continue" }).click();
    await page.getByText("10 not used yet").waitFor();
    await check("3-account");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.waitForURL("**/logged-out");
    await logIn(page);
    await page.waitForURL("**/2fa/**");
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code").fill(code);
    await check("4-typed");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/account");
    expect(await page.textContent("main")).toContain("with password and recovery code");
    expect(served.box.messages).toHaveLength(1);
    expect(faults).toEqual([]);
  },
);
