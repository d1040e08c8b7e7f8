/** What a person does first in the demo, in a browser: signs up, logs in, and has a code sent. */

import type { Page } from "playwright-core";
import { PASSWORD, PHONE } from "../demo/visitor";

/** Enters name and password. */
export async function fillLogIn(page: Page): Promise<void> {
  await page.getByLabel("Name").fill("Bob");
  await page.getByLabel("Password").fill(PASSWORD);
}

/** Signs up, as far as the page that logs in. */
export async function signUp(page: Page): Promise<void> {
  await page.goto("/sign-up");
  await fillLogIn(page);
  await page.getByLabel("Phone number").fill(PHONE);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/log-in?signed-up");
}

/** Logs in, wherever that leads. */
export async function logIn(page: Page): Promise<void> {
  await page.goto("/log-in");
  await fillLogIn(page);
  await page.keyboard.press("Enter");
}

/** Has a code sent, and gives the one that the inbox beside the page shows. */
export async function askForCode(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Text me a code" }).click();
  await page.getByLabel("Security code").waitFor();
  const inbox = await page.getByRole("complementary", { name: "Inbox" }).textContent();
  return /\d{6}(?= is your Acme)/.exec(inbox ?? "")?.[0] ?? "";
}
