/** The demo in a real browser: sign-up, the code read from the inbox beside the page, a transfer. */

import type { Page } from "playwright-core";
import { fakeDate, pass } from "../fakes/clock";
import { PASSWORD, PHONE, serveDemo } from "../demo/visitor";
import { openWindow, picture, sizesIn, useChromium, violationsIn } from "./chromium";
import { logIn, signUp } from "./demo-visitor";

jest.setTimeout(180_000);

useChromium();

test.each(["light", "dark"] as const)(
  "the demo leads from sign-up to a transfer, in %s (R112)",
  async (colorScheme) => {
    const served = await serveDemo();
    const { page, faults } = await openWindow(served, { cookie: "" }, { colorScheme });
    const check = async (state: string) => {
      expect([state, await violationsIn(page)]).toEqual([state, []]);
      expect([state, await sizesIn(page)]).toEqual([state, { over: 0, tooSmall: [] }]);
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
    await page.waitForURL("**/log-in?signed-up");
    expect(await page.getByLabel("Name").inputValue()).toBe("Bob");
    await page.getByLabel("Password").fill(PASSWORD);
    await check("2-log-in");
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
    await check("6-transfer");
    await page.keyboard.press("Enter");
    await page.getByText("send $25.00 to Ann").first().waitFor();
    await check("7-transfer-ask");
    await page.getByRole("button", { name: "Text me a code" }).click();
    await page.getByLabel("Security code").waitFor();
    await check("8-transfer-code");
    await enterShownCode(page);
    await page.getByRole("button", { name: "Send $25.00" }).waitFor();
    await check("9-transfer-send");
    await page.getByRole("button", { name: "Send $25.00" }).click();
    await page.getByText("You have sent $25.00 to Ann.").waitFor();
    await check("9-transfer-sent");
    await page.goBack();
    await page.getByRole("heading", { name: "not waiting any more" }).waitFor();
    await check("10-transfer-over");
    await page.goto("/source#transfer");
    await check("11-source");
    await page.goto("/");
    expect(await page.locator("[aria-current=step]").textContent()).toContain("Your account");
    await check("12-home");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.waitForURL("**/logged-out");
    await check("13-logged-out");
    await page.goBack();
    expect(await page.textContent("h1")).not.toBe("Your account");
    // The answer to Back, once the transfer is made.
    expect(faults.filter((fault) => !fault.includes("409"))).toEqual([]);
  },
);

/** Signs somebody up and logs them in, as far as the button that asks for a text. */
async function enter(page: Page): Promise<void> {
  await signUp(page);
  await logIn(page);
  await page.waitForURL((url) => url.pathname !== "/log-in");
}

test("a mistake in each form of the demo's own is told in title, summary and field, and a lost way too (R104, R112)", async () => {
  const served = await serveDemo();
  const narrow = { viewport: { width: 320, height: 640 } };
  const { page, context } = await openWindow(served, { cookie: "" }, narrow);
  context.setDefaultTimeout(45_000);
  const check = async (state: string) => {
    expect([state, await violationsIn(page)]).toEqual([state, []]);
    expect([state, await sizesIn(page)]).toEqual([state, { over: 0, tooSmall: [] }]);
  };
  const err = async (path: string, button: string, wrong: string[]) => {
    await page.goto(path);
    await page.getByRole("main").getByRole("button", { name: button }).click();
    await page.getByRole("alert").waitFor();
    await check(path);
    expect(await page.title()).toMatch(/^Error: /);
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("summary");
    const told = await page
      .locator("[aria-invalid=true]")
      .evaluateAll((fields) =>
        fields.map(({ id }) => [
          id,
          document.querySelector(`[aria-describedby~="${id}-error"]`)?.id,
          document.getElementById(`${id}-error`)?.textContent.startsWith("Error: "),
        ]),
      );
    expect(told).toEqual(wrong.map((id) => [id, id, true]));
  };
  for (const path of ["/nowhere", "/logged-out", "/source"]) {
    await page.goto(path);
    await check(path);
  }
  await err("/sign-up", "Sign up", ["name", "password", "phone"]);
  await err("/log-in", "Log in", ["name"]);
  await enter(page);
  await err("/number", "Save the number", ["phone"]);
  await page.goto("/account");
  await page.getByRole("button", { name: "Text me a code" }).click();
  await enterShownCode(page);
  await page.waitForURL("**/account");
  await err("/transfer", "Continue", ["to", "amount"]);
  await page.goto("/dev/inbox");
  await check("inbox");
});

/** Types the code of the newest text that the inbox beside the page shows. */
async function enterShownCode(page: Page): Promise<void> {
  await page.getByLabel("Security code").waitFor();
  const inbox = await page.getByRole("complementary", { name: "Inbox" }).textContent();
  const code = /\d{6}(?= is your Acme)/.exec(inbox ?? "")?.[0] ?? "";
  await page.getByLabel("Security code").fill(code);
  await page.keyboard.press("Enter");
}

/** Follows each link of the home page; gives what each leads to. */
async function linksOf(page: Page): Promise<Record<string, string>> {
  await page.goto("/");
  const hrefs = await page
    .locator("header a, main a")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  const found: Record<string, string> = {};
  for (const href of hrefs) {
    const response = await page.goto(href);
    found[href] = `${response?.status() ?? 0} ${(await page.textContent("h1")) ?? ""}`;
  }
  return found;
}

test("every link of the home page leads somewhere sensible, before the password, before the code and after it", async () => {
  const served = await serveDemo();
  const { page, context, faults } = await openWindow(served, { cookie: "" });
  context.setDefaultTimeout(45_000);
  const same = {
    "/": "200 A stolen password opens nothing here",
    "/sign-up": "200 Sign up",
    "/log-in": "200 Log in",
    "/dev/inbox": "200 Inbox",
  };
  expect(await linksOf(page)).toEqual({
    ...same,
    "/account": "200 Log in",
    "/transfer": "200 Log in",
    "/2fa/number?returnTo=%2Faccount": "200 Log in",
    "/2fa/recovery-codes?returnTo=%2Faccount": "200 Log in",
    "/passkeys/new": "200 Log in",
    "/support": "200 Log in",
  });
  await enter(page);
  expect(await linksOf(page)).toEqual({
    ...same,
    "/log-in": "200 Confirm that it is you",
    "/account": "200 Confirm that it is you",
    "/transfer": "200 Confirm that it is you",
    "/2fa/number?returnTo=%2Faccount": "200 Confirm that it is you",
    "/2fa/recovery-codes?returnTo=%2Faccount": "200 Confirm that it is you",
    "/passkeys/new": "200 Confirm that it is you",
    "/support": "200 Confirm that it is you",
  });
  await page.goto("/account");
  await page.getByRole("button", { name: "Text me a code" }).click();
  await enterShownCode(page);
  await page.waitForURL("**/account");
  expect(await linksOf(page)).toEqual({
    ...same,
    "/log-in": "200 Your account",
    "/account": "200 Your account",
    "/transfer": "200 Make a transfer",
    "/2fa/number?returnTo=%2Faccount": "200 Change your phone number",
    "/2fa/recovery-codes?returnTo=%2Faccount": "200 Recovery codes",
    "/passkeys/new": "200 Add a passkey",
    "/support": "200 Confirm that it is you",
  });
  expect(faults).toEqual([]);
});

test("the number is changed as the home page says, and the account shows the new one", async () => {
  fakeDate();
  const served = await serveDemo();
  const narrow = { colorScheme: "dark", viewport: { width: 320, height: 640 } } as const;
  const { page, context, faults } = await openWindow(served, { cookie: "" }, narrow);
  context.setDefaultTimeout(45_000);
  const check = async (state: string) => {
    expect([state, await violationsIn(page)]).toEqual([state, []]);
    expect([state, await sizesIn(page)]).toEqual([state, { over: 0, tooSmall: [] }]);
    await picture(page, `demo-number-${state}`);
  };
  await enter(page);
  await page.goto("/account");
  await page.getByRole("button", { name: "Text me a code" }).click();
  await enterShownCode(page);
  await page.getByText("ending in 23").waitFor();
  pass(121);
  await page.goto("/");
  await page.getByRole("link", { name: "Change the number" }).click();
  await page.getByRole("button", { name: "Text me a code" }).click();
  await enterShownCode(page);
  await page.getByRole("heading", { name: "Change your phone number" }).waitFor();
  await check("1-change");
  await page.getByLabel("Phone number").fill("+1 202 555 0177");
  await page.keyboard.press("Enter");
  await page.getByText("phone number ending in 77").waitFor();
  await check("2-code");
  await enterShownCode(page);
  await page.getByRole("heading", { name: "Your phone number is changed" }).waitFor();
  await check("3-saved");
  await page.getByRole("link", { name: "Continue" }).click();
  await page.getByText("ending in 77").waitFor();
  expect(served.box.messages.map(({ to }) => to)).toEqual([
    "+12025550123",
    "+12025550123",
    "+12025550177",
  ]);
  expect(faults).toEqual([]);
});
