/** The number page in a real browser: a first number, a change, mistakes, and what costs no second text. */

import type { BrowserContextOptions, Page } from "playwright-core";
import { ANN, codeIn, Gate, wrongCodes } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { openWindow, useChromium, type Window } from "./chromium";
import {
  LIMITS,
  NEW,
  NUMBER,
  paste,
  serveNumbers,
  type Numbers,
  type NumbersOptions,
} from "./number-app";

jest.setTimeout(180_000);

useChromium();

/** Somebody who is signed in and has no number, in a browser of their own. */
async function visit(
  given: NumbersOptions = {},
  options: BrowserContextOptions = {},
): Promise<Numbers & Window> {
  const served = await serveNumbers(given);
  const window = await openWindow(served, await served.signedIn(), options);
  window.context.setDefaultTimeout(45_000);
  return { ...served, ...window };
}

const numberField = (page: Page) => page.getByLabel("Phone number");
const codeField = (page: Page) => page.getByLabel("Security code");

/** Types a number on the page that the guard leads to, and sends it. */
async function name(page: Page, number = NEW, path = "/private?id=7"): Promise<void> {
  await page.goto(path);
  await numberField(page).fill(number);
  await page.getByRole("button", { name: "Text me a code" }).click();
  await codeField(page).waitFor();
}

async function enter(page: Page, code: string): Promise<void> {
  await codeField(page).fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
}

/** What assistive technology is told of a field by its description. */
async function descriptionOf(page: Page, id: string): Promise<string> {
  return page.evaluate((of) => {
    const ids = document.querySelector(of)?.getAttribute("aria-describedby") ?? "";
    const parts = ids.split(" ").map((each) => document.getElementById(each)?.textContent ?? "?");
    return parts.map((each) => each.trim().replace(/\s+/g, " ")).join(" | ");
  }, id);
}

// The browser itself writes a line on each page that is answered by 4xx or 5xx.
const ownFaults = ({ faults }: Window) =>
  faults.filter((fault) => !/^Failed to load resource: .* status of (422|503) /.test(fault));

const posts = ({ asked }: Pick<Window, "asked">) => asked.filter((each) => each.startsWith("POST"));

describe.each([true, false])("with JavaScript %s", (javaScriptEnabled) => {
  test("who has no number is led from the guarded page to it, through a code, and back (R81, R103, R111)", async () => {
    const window = await visit({}, { javaScriptEnabled });
    const { page, sent, saved, phones, lastCode } = window;
    await page.goto("/private?id=7");
    expect(new URL(page.url()).pathname).toBe("/2fa/number");
    expect(await page.textContent("h1")).toBe("Add your phone number");
    await numberField(page).fill("+1 (202) 555-0177");
    await page.keyboard.press("Enter");
    await codeField(page).waitFor();
    expect(page.url()).not.toContain("0177");
    await page.getByText("phone number ending in 77").first().waitFor();
    expect([sent.map(({ to }) => to), saved]).toEqual([[NEW], []]);
    await enter(page, lastCode());
    await page.waitForURL("**/private?id=7");
    expect(await page.textContent("body")).toContain('"private":true');
    expect([saved, [...phones], sent.length]).toEqual([[NEW], [["ann", NEW]], 1]);
    expect(ownFaults(window)).toEqual([]);
  });

  test("a change asks for a proof of the present number first, saves the new one, and says so (R82, R83)", async () => {
    fakeDate();
    const window = await visit({}, { javaScriptEnabled });
    const { page, sent, saved, phones, lastCode } = window;
    phones.set("ann", ANN);
    await page.goto("/private?id=7");
    await page.getByRole("button", { name: "Text me a code" }).click();
    await enter(page, lastCode());
    await page.waitForURL("**/private?id=7");
    pass(121);
    await page.goto(NUMBER);
    await page.getByText("This step needs a new security code").first().waitFor();
    await page.getByRole("button", { name: "Text me a code" }).click();
    await enter(page, lastCode());
    await numberField(page).waitFor();
    expect(await page.textContent("h1")).toBe("Change your phone number");
    await numberField(page).fill(NEW);
    await page.keyboard.press("Enter");
    await codeField(page).waitFor();
    expect(saved).toEqual([]);
    await enter(page, lastCode());
    await page.getByText("Your phone number is changed").waitFor();
    await page.getByText("to the number ending in 77").first().waitFor();
    expect(await page.getByRole("button", { name: "Log out everywhere else" }).count()).toBe(1);
    await page.reload();
    expect(await page.textContent("h1")).toBe("Your phone number is changed");
    await page.getByRole("link", { name: "Continue" }).click();
    await page.waitForURL("**/private?id=7");
    expect(await page.textContent("body")).toContain('"private":true');
    expect(sent.map(({ to }) => to)).toEqual([ANN, ANN, NEW]);
    expect(saved).toEqual([NEW]);
    expect(ownFaults(window)).toEqual([]);
  });

  test("a mistake is told in place: the number stays, the summary has the focus and leads to the field (R104)", async () => {
    const window = await visit({}, { javaScriptEnabled });
    const { page, sent, lastCode } = window;
    await page.goto("/private?id=7");
    await numberField(page).fill("+1 202");
    await page.keyboard.press("Enter");
    const summary = page.getByRole("alert");
    await summary.waitFor();
    // In one piece, so that it never stands on two lines.
    const example = "+1\u00a0202\u00a0555\u00a00123";
    const told = `Enter a full phone number with its country code, such as ${example}`;
    expect(await page.title()).toBe("Error: Add your phone number – Acme");
    expect(await summary.textContent()).toContain(told);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("alert");
    expect(await numberField(page).inputValue()).toBe("+1 202");
    expect(await numberField(page).getAttribute("aria-invalid")).toBe("true");
    expect(await descriptionOf(page, "#sms2fa-number")).toBe(
      `With + and the country code, such as ${example} | Error: ${told}`.replaceAll("\u00a0", " "),
    );
    await summary.getByRole("link").click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("sms2fa-number");
    await page.reload();
    await summary.waitFor();
    expect(sent).toEqual([]);
    await numberField(page).fill(NEW);
    await page.keyboard.press("Enter");
    await codeField(page).waitFor();
    await codeField(page).fill(wrongCodes(lastCode(), 1)[0] ?? "");
    await page.keyboard.press("Enter");
    await summary.waitFor();
    expect(await summary.textContent()).toContain("Enter a correct security code");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("alert");
    await enter(page, lastCode());
    await page.waitForURL("**/private?id=7");
    expect(sent).toHaveLength(1);
    expect(ownFaults(window)).toEqual([]);
  });

  test("reload, Back and Forward in each state cost no second text (R113)", async () => {
    const window = await visit({}, { javaScriptEnabled });
    const { page, sent, saved, lastCode } = window;
    await page.goto("/private?id=7");
    await page.reload();
    await numberField(page).fill(NEW);
    await page.keyboard.press("Enter");
    await codeField(page).waitFor();
    await page.reload();
    await page.goBack();
    await page.goForward();
    await page.reload();
    await codeField(page).fill("12");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await page.reload();
    await page.getByRole("alert").waitFor();
    await page.goBack();
    await page.goForward();
    await enter(page, lastCode());
    await page.waitForURL("**/private?id=7");
    await page.goBack();
    await page.getByText('"private":true').waitFor();
    await page.reload();
    expect(await page.textContent("body")).toContain('"private":true');
    expect([sent.length, saved]).toEqual([1, [NEW]]);
    expect(ownFaults(window)).toEqual([]);
  });

  test("a double click on each button sends one text and saves once", async () => {
    const window = await visit({}, { javaScriptEnabled });
    const { page, sent, saved, lastCode } = window;
    await page.goto("/private?id=7");
    await numberField(page).fill(NEW);
    await page.getByRole("button", { name: "Text me a code" }).dblclick();
    await codeField(page).waitFor();
    await codeField(page).fill(lastCode());
    await page.getByRole("button", { name: "Continue" }).dblclick();
    await page.waitForURL(({ pathname }) => !pathname.startsWith("/2fa/number"));
    expect([sent.length, saved]).toEqual([1, [NEW]]);
    // On a slow machine the second click may go out before the first one's answer has brought the new
    // session's cookie: that of the old one is nobody's, and leads to the guard.
    if (!javaScriptEnabled && new URL(page.url()).pathname !== "/private") return;
    await page.getByText('"private":true').waitFor();
    expect(new URL(page.url()).search).toBe("?id=7");
    if (javaScriptEnabled) {
      expect(posts(window).map((each) => each.split("?")[0])).toEqual([
        "POST /2fa/number",
        "POST /2fa/number/code",
      ]);
    }
    expect(ownFaults(window)).toEqual([]);
  });

  test("Enter, and a click while the gateway still takes the text, send one text", async () => {
    const window = await visit({}, { javaScriptEnabled });
    const { page, sent, saved, lastCode, sendBy } = window;
    const gate = new Gate();
    sendBy(() => gate.pass());
    await page.goto("/private?id=7");
    await numberField(page).fill(NEW);
    // The mouse itself: a locator would wait for the page that is on its way.
    const place = await page.getByRole("button", { name: "Text me a code" }).boundingBox();
    await page.keyboard.press("Enter");
    await gate.held;
    await page.mouse.click((place?.x ?? 0) + 10, (place?.y ?? 0) + 10);
    // Answered after a click's request would have been asked for.
    await page.request.get("/favicon.ico");
    gate.open();
    await codeField(page).waitFor();
    expect(posts(window)).toHaveLength(javaScriptEnabled ? 1 : 2);
    await enter(page, lastCode());
    await page.waitForURL("**/private?id=7");
    expect([sent.length, saved]).toEqual([1, [NEW]]);
    expect(ownFaults(window)).toEqual([]);
  });
});

test("a number that is pasted with spaces lands whole and is read (R102, R114)", async () => {
  const { page, sent } = await visit();
  await page.goto("/private?id=7");
  await paste(page, "#sms2fa-number", " +1 202-555 0177 ");
  expect(await numberField(page).inputValue()).toBe(" +1 202-555 0177 ");
  await page.keyboard.press("Enter");
  await codeField(page).waitFor();
  await paste(page, "#sms2fa-code", ` ${codeIn(sent[0]).slice(0, 3)} ${codeIn(sent[0]).slice(3)} `);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/private?id=7");
  expect(sent.map(({ to }) => to)).toEqual([NEW]);
});

test("a national spelling is told to lack its country code, and read where the app names the country", async () => {
  const stranger = await visit();
  await stranger.page.goto("/private?id=7");
  await numberField(stranger.page).fill("(202) 555-0177");
  await stranger.page.keyboard.press("Enter");
  const told = stranger.page.getByRole("alert");
  await told.waitFor();
  expect(await told.textContent()).toContain("with its country code");
  expect(stranger.sent).toEqual([]);

  const local = await visit({ options: { defaultCountry: "US" } });
  await name(local.page, "(202) 555-0177");
  expect(local.sent.map(({ to }) => to)).toEqual([NEW]);
});

test("the keyboard alone is enough, and the focus is seen (R112)", async () => {
  const { page, lastCode, saved } = await visit();
  await page.goto("/private?id=7");
  await page.keyboard.press("Tab");
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement ?? document.body;
      return [element.id, getComputedStyle(element).outlineWidth];
    });
  expect(await focused()).toEqual(["sms2fa-number", "3px"]);
  await page.keyboard.type("+1");
  await page.keyboard.press("Tab");
  expect(await focused()).toEqual(["sms2fa-send", "3px"]);
  await page.keyboard.press("Space");
  await page.getByRole("alert").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect((await focused())[0]).toBe("sms2fa-number");
  await page.keyboard.press("Control+A");
  await page.keyboard.type(NEW);
  await page.keyboard.press("Enter");
  await codeField(page).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type(lastCode());
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/private?id=7");
  expect(saved).toEqual([NEW]);
});

test("two tabs with one number send one text, and the code in one takes the other along", async () => {
  const window = await visit();
  const { page, context, sent, saved, lastCode } = window;
  const other = await context.newPage();
  await other.goto("/private?id=7");
  await name(page);
  await numberField(other).fill(NEW);
  await other.keyboard.press("Enter");
  await codeField(other).waitFor();
  await other.getByRole("status").filter({ hasText: "still good" }).waitFor();
  const third = await context.newPage();
  await third.goto(other.url());
  await enter(page, lastCode());
  await page.waitForURL("**/private?id=7");
  await enter(other, lastCode());
  await other.getByText('"private":true').waitFor();
  await third.reload();
  await third.getByText('"private":true').waitFor();
  expect([sent.length, saved]).toEqual([1, [NEW]]);
});

test("two tabs with two numbers: the later one counts, and the earlier tab shows it", async () => {
  const window = await visit();
  const { page, context, sent, saved, lastCode } = window;
  const other = await context.newPage();
  await other.goto("/private?id=7");
  await name(page);
  await numberField(other).fill(ANN);
  await other.keyboard.press("Enter");
  await codeField(other).waitFor();
  await enter(page, codeIn(sent[0]));
  await page.getByRole("alert").waitFor();
  await page.getByText("number ending in 23").first().waitFor();
  await enter(page, lastCode());
  await page.waitForURL("**/private?id=7");
  expect([sent.map(({ to }) => to), saved]).toEqual([[NEW, ANN], [ANN]]);
});

test("another number can be named instead, and Back from there costs nothing", async () => {
  const { page, sent, saved, lastCode } = await visit();
  await name(page, ANN);
  await page.getByRole("link", { name: "Use another number" }).click();
  await numberField(page).waitFor();
  await page.goBack();
  await codeField(page).waitFor();
  await page.goForward();
  await numberField(page).fill(NEW);
  await page.keyboard.press("Enter");
  await codeField(page).waitFor();
  await page.getByText("number ending in 77").first().waitFor();
  await enter(page, lastCode());
  await page.waitForURL("**/private?id=7");
  expect([sent.map(({ to }) => to), saved]).toEqual([[ANN, NEW], [NEW]]);
});

describe.each(["number", "code"])("after a log-out in another tab, at the %s", (state) => {
  test("the form ends at a page that says to sign in, and sends and saves nothing", async () => {
    const window = await visit();
    const { page, context, sent, saved } = window;
    if (state === "number") await page.goto("/private?id=7");
    else await name(page);
    const before = sent.length;
    const other = await context.newPage();
    await other.goto("/private?id=7");
    await other.getByRole("button", { name: "Log out" }).click();
    await other.waitForURL("**/bye");
    if (state === "number") await numberField(page).fill(NEW);
    else await codeField(page).fill(codeIn(sent[0]));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sign in first" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Sign in first" }).waitFor();
    expect([sent.length, saved]).toEqual([before, []]);
  });
});

test("a gateway that fails is told at the button, not as a fault of the number (R104)", async () => {
  const window = await visit();
  const { page, sent, sendBy } = window;
  sendBy(() => Promise.reject(Object.assign(new Error("gateway"), { status: 400 })));
  await page.goto("/private?id=7");
  await numberField(page).fill(NEW);
  await page.keyboard.press("Enter");
  const summary = page.getByRole("alert");
  await summary.waitFor();
  expect(await summary.textContent()).toContain("The text could not be sent");
  expect(await numberField(page).getAttribute("aria-invalid")).toBeNull();
  expect(await descriptionOf(page, "#sms2fa-number")).not.toContain("Error");
  await summary.getByRole("link").click();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("sms2fa-send");
  await page.reload();
  await summary.waitFor();
  expect(sent).toHaveLength(1);
  sendBy(() => undefined);
  await numberField(page).fill(NEW);
  await page.keyboard.press("Enter");
  await codeField(page).waitFor();
  expect(ownFaults(window)).toEqual([]);
});

test("a wrong code is not told as a fault of the number, once there is no code to enter any more", async () => {
  fakeDate();
  const { page, lastCode } = await visit();
  await name(page);
  await enter(page, wrongCodes(lastCode(), 1)[0] ?? "");
  await page.getByRole("alert").waitFor();
  pass(601);
  await page.reload();
  await numberField(page).waitFor();
  expect(await page.getByRole("alert").textContent()).toContain("The security code has expired");
  expect(await numberField(page).getAttribute("aria-invalid")).toBeNull();
});

test("the text is sent again once the wait is over, which is said once (R106, R108)", async () => {
  const window = await visit({ options: { limits: { ...LIMITS, cooldown: 3 } } });
  const { page, sent, saved, lastCode } = window;
  await name(page);
  const again = page.getByRole("button", { name: "Send the text again" });
  const status = page.getByRole("status");
  await status.filter({ hasText: "on its way" }).waitFor();
  await page.getByText("It is good for 10 minutes").first().waitFor();
  expect(await again.getAttribute("aria-disabled")).toBe("true");
  // A held button is one that Playwright would wait for.
  await again.click({ force: true });
  expect(posts(window)).toEqual(["POST /2fa/number"]);
  await status.filter({ hasText: "You can ask for another text." }).waitFor();
  await again.dblclick();
  await status.filter({ hasText: "on its way" }).waitFor();
  await page.reload();
  expect(posts(window)).toEqual(["POST /2fa/number", "POST /2fa/number/text"]);
  expect(sent.map(({ to }) => to)).toEqual([NEW, NEW]);
  expect(codeIn(sent[1])).toBe(codeIn(sent[0]));
  await enter(page, lastCode());
  await page.waitForURL("**/private?id=7");
  expect(saved).toEqual([NEW]);
  expect(ownFaults(window)).toEqual([]);
});

test("the code to a new number is filled in by WebOTP or twice by an autofill, and not sent by itself (R109, R110)", async () => {
  const window = await visit();
  const { page, lastCode, saved } = window;
  await page.addInitScript(() => {
    Object.assign(globalThis, { OTPCredential: Object });
    navigator.credentials.get = () => Promise.resolve({ code: "123456" } as unknown as Credential);
  });
  await name(page);
  await page.getByRole("status").filter({ hasText: "filled in" }).waitFor();
  expect(await codeField(page).inputValue()).toBe("123456");
  await codeField(page).fill(lastCode() + lastCode());
  // What a handler on the field would send goes out before this answer comes back.
  await page.evaluate(() => fetch("/favicon.ico").then(({ status }) => status));
  expect(posts(window)).toEqual(["POST /2fa/number"]);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/private?id=7");
  expect(saved).toEqual([NEW]);
  expect(ownFaults(window)).toEqual([]);
});

test("a CAPTCHA that refuses is told at the button, and leaves the number as it is (R116)", async () => {
  const { page, sent } = await visit({ options: { beforeSend: () => false } });
  await page.goto("/private?id=7");
  await numberField(page).fill(NEW);
  await page.keyboard.press("Enter");
  const summary = page.getByRole("alert");
  await summary.waitFor();
  expect(await summary.textContent()).toContain("No code can be texted from here");
  expect(await numberField(page).getAttribute("aria-invalid")).toBeNull();
  expect(sent).toEqual([]);
});
