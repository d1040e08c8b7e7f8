/** Passkeys in a real browser, whose authenticator is Chromium's virtual one: added, used, cancelled. */

import type { CDPSession, Page } from "playwright-core";
import { serveDemo, type Served } from "../demo/visitor";
import { openWindow, picture, sizesIn, useChromium, violationsIn, type Window } from "./chromium";
import { askForCode, fillLogIn, signUp } from "./demo-visitor";

jest.setTimeout(180_000);

useChromium();

/** Gives the page's browser an authenticator with a fingerprint that always fits, until it is told otherwise. */
async function withAuthenticator({ context, page }: Window) {
  const cdp: CDPSession = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** What happens where somebody turns the request down, or the finger is another one. */
    turnDown: () =>
      cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false }),
    keys: async () =>
      (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
  };
}

/** Signs up, logs in and enters the code that the inbox beside the page shows. */
async function enter(page: Page): Promise<void> {
  await signUp(page);
  await fillLogIn(page);
  await page.keyboard.press("Enter");
  await enterCode(page);
}

async function enterCode(page: Page): Promise<void> {
  await page.getByLabel("Security code").fill(await askForCode(page));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/account");
}

function checkerOf(page: Page, look: string) {
  return async (state: string): Promise<void> => {
    expect([state, await violationsIn(page)]).toEqual([state, []]);
    expect([state, await sizesIn(page)]).toEqual([state, { over: 0, tooSmall: [] }]);
    await picture(page, `demo-passkey-${look}-${state}`);
  };
}

test.each([
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["forced", { forcedColors: "active", viewport: { width: 320, height: 640 } }],
] as const)(
  "a passkey is added, confirms the next log-in, and a text does where it is turned down, in %s (R112)",
  async (look, options) => {
    const served: Served = await serveDemo();
    const window = await openWindow(served, { cookie: "" }, options);
    const { page, faults } = window;
    const check = checkerOf(page, look);
    const authenticator = await withAuthenticator(window);
    await enter(page);
    await page.getByRole("link", { name: "Add a passkey" }).click();
    await check("1-add");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.waitForURL("**/account");
    await page.getByText("not used yet").waitFor();
    expect(await authenticator.keys()).toBe(1);
    await check("2-account");

    await page.getByRole("button", { name: "Log out" }).click();
    await page.goto("/log-in");
    await fillLogIn(page);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/passkey?returnTo=%2Faccount");
    await check("3-confirm");
    await page.getByRole("button", { name: "Use the passkey" }).click();
    await page.waitForURL("**/account");
    expect(await page.textContent("main")).toContain("with password and passkey");
    expect(served.box.messages).toHaveLength(1);

    await page.getByRole("button", { name: "Log out" }).click();
    await page.goto("/log-in");
    await fillLogIn(page);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/passkey?returnTo=%2Faccount");
    await authenticator.turnDown();
    await page.getByRole("button", { name: "Use the passkey" }).click();
    await page.getByText("No passkey was used.").waitFor();
    await check("4-turned-down");
    await page.getByRole("link", { name: "Text me a code instead" }).click();
    await page.getByRole("link", { name: "Use your passkey" }).waitFor();
    await enterCode(page);
    expect(await page.textContent("main")).toContain("with password and code");
    await page.getByRole("button", { name: "Remove the passkey" }).click();
    await page.getByText("None so far.").first().waitFor();
    expect(faults).toEqual([]);
  },
);

test("without JavaScript the passkey's page says so, and leads to a text", async () => {
  const served: Served = await serveDemo();
  const window = await openWindow(served, { cookie: "" });
  await withAuthenticator(window);
  await enter(window.page);
  await window.page.goto("/passkeys/new");
  await window.page.getByRole("button", { name: "Add a passkey" }).click();
  await window.page.waitForURL("**/account");
  const plain = await openWindow(served, { cookie: "" }, { javaScriptEnabled: false });
  await plain.page.goto("/log-in");
  await fillLogIn(plain.page);
  await plain.page.keyboard.press("Enter");
  await plain.page.waitForURL("**/passkey?returnTo=%2Faccount");
  // Which Chromium shows only where the user has switched scripts off, not a debugger.
  expect(await plain.page.content()).toContain("A passkey needs JavaScript.");
  await plain.page.getByRole("button", { name: "Use the passkey" }).click();
  await plain.page.getByText("There is a problem").waitFor();
  await plain.page.getByRole("link", { name: "Text me a code instead" }).click();
  await enterCode(plain.page);
});
