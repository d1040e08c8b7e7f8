/** The pages in a real browser: the whole flow, what the script adds, and what it must not do. */

import type { Page } from "playwright-core";
import { serve, wrongCodes, type Client, type ServeOptions, type Served } from "../fakes/app";
import { openWindow, picture, sizesIn, useChromium, violationsIn, type Window } from "./chromium";
import helmet from "helmet";

const MANY = { max: 1000, window: 60 };

jest.setTimeout(180_000);

useChromium();

/** An app behind helmet as it is by default. */
function serveBehindHelmet(options: ServeOptions["options"] = {}): Promise<Served> {
  return serve({
    before: (app) => {
      app.use(helmet());
      app.get("/favicon.ico", (_req, res) => res.status(204).end());
    },
    options: {
      pages: { logOutPath: "/reset", supportUrl: "/help" },
      limits: { user: MANY, number: MANY, network: MANY, ...options.limits },
      ...options,
    },
  });
}

async function sendText(page: Page): Promise<void> {
  await page.goto("/private?id=7");
  await page.getByRole("button", { name: "Text me a code" }).click();
  await page.getByLabel("Security code").waitFor();
}

const grouped = (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`;

describe.each([true, false])("with JavaScript %s", (javaScriptEnabled) => {
  test("the way leads from the guarded page to a text, its code, and back", async () => {
    const served = await serveBehindHelmet();
    const { page, faults } = await openWindow(served, await served.signedIn(), {
      javaScriptEnabled,
    });
    await sendText(page);
    expect(served.sent).toHaveLength(1);
    await page.getByLabel("Security code").fill(grouped(served.lastCode()));
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL("**/private?id=7");
    expect(await page.textContent("body")).toContain('"private":true');
    expect(faults).toEqual([]);
  });

  test("reload and Back cost no second text, and a mistake is shown in place", async () => {
    const served = await serveBehindHelmet();
    const { page, faults } = await openWindow(served, await served.signedIn(), {
      javaScriptEnabled,
    });
    await sendText(page);
    await page.reload();
    await page.goBack();
    await page.goForward();
    await page.getByLabel("Security code").fill("12");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.title()).toBe("Error: Check your phone – Acme");
    await page.reload();
    expect(await page.getByRole("alert").count()).toBe(1);
    expect(served.sent).toHaveLength(1);
    await page.getByLabel("Security code").fill(served.lastCode());
    await page.keyboard.press("Enter");
    await page.waitForURL("**/private?id=7");
    expect(faults).toEqual([]);
  });
});

async function atCode(
  options: ServeOptions["options"] = {},
  script?: () => void,
): Promise<Served & Window> {
  const served = await serveBehindHelmet(options);
  const window = await openWindow(served, await served.signedIn());
  if (script !== undefined) await window.page.addInitScript(script);
  await sendText(window.page);
  return { ...served, ...window };
}

test("a pasted code with a space lands whole (R102)", async () => {
  const { page, context, lastCode } = await atCode();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const text = ` ${grouped(lastCode())}`;
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.getByLabel("Security code").press("Control+V");
  expect(await page.getByLabel("Security code").inputValue()).toBe(text);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/private?id=7");
});

test("a leading zero is kept (B036)", async () => {
  const served = await serveBehindHelmet();
  // One code in ten begins so, and each needs a number of its own: a number has 30 texts a day.
  let somebody: Client | undefined;
  for (let tries = 0; tries < 400 && !(somebody && served.lastCode().startsWith("0")); tries++) {
    somebody = await served.signedIn(`user-${tries}`, `+1202555${1000 + tries}`);
    expect((await somebody.ask()).body).toMatchObject({ status: "sent" });
  }
  expect(served.lastCode()).toMatch(/^0/);
  const { page } = await openWindow(served, somebody ?? served.client());
  await page.goto("/private?id=7");
  await page.getByLabel("Security code").pressSequentially(served.lastCode());
  await page.keyboard.press("Enter");
  await page.waitForURL("**/private?id=7");
});

test("a field that is filled in twice by an autofill is right, and sends nothing by itself (R110)", async () => {
  const { page, lastCode, asked } = await atCode();
  const before = asked.length;
  await page.getByLabel("Security code").fill(lastCode() + lastCode());
  await page.waitForTimeout(300);
  expect(asked).toHaveLength(before);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/private?id=7");
});

test("the keyboard alone is enough, and the focus is seen (R112)", async () => {
  const served = await serveBehindHelmet();
  const { page } = await openWindow(served, await served.signedIn());
  await page.goto("/private?id=7");
  await page.keyboard.press("Tab");
  const outline = await page.evaluate(
    () => getComputedStyle(document.activeElement ?? document.body).outlineWidth,
  );
  expect(outline).toBe("3px");
  await page.keyboard.press("Enter");
  await page.getByLabel("Security code").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("alert");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("sms2fa-code");
  await page.keyboard.type(served.lastCode());
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/private?id=7");
});

test("a double click on a button posts once", async () => {
  const served = await serveBehindHelmet();
  const { page, asked } = await openWindow(served, await served.signedIn());
  await page.goto("/private?id=7");
  await page.getByRole("button", { name: "Text me a code" }).dblclick();
  await page.getByLabel("Security code").waitFor();
  await page.getByLabel("Security code").fill(served.lastCode());
  await page.getByRole("button", { name: "Continue" }).dblclick();
  await page.waitForURL("**/private?id=7");
  expect(asked.filter((each) => each.startsWith("POST"))).toEqual([
    "POST /2fa/text",
    "POST /2fa/code",
  ]);
});

test("a press that leads nowhere leaves no dead form: the hold ends by itself (C233)", async () => {
  const served = await serveBehindHelmet();
  const { page, asked } = await openWindow(served, await served.signedIn());
  const posts = () => asked.filter((each) => each === "POST /2fa/text").length;
  // As after Stop, the page stays and hears of nothing.
  await page.route("**/2fa/text*", (route) => route.fulfill({ status: 204 }));
  await page.goto("/private?id=7");
  const pressed = page.waitForRequest("**/2fa/text*");
  await page.locator("#sms2fa-send").dblclick();
  await pressed;
  await page.waitForFunction(() => document.querySelector("form[data-busy]") === null);
  expect(posts()).toBe(1);
  await page.unroute("**/2fa/text*");
  await page.locator("#sms2fa-send").click();
  await page.getByLabel("Security code").waitFor();
  expect([posts(), served.sent.length]).toEqual([2, 1]);
});

test("the wait counts down unheard, and its end is said once (R106)", async () => {
  const { page, asked } = await atCode({ limits: { cooldown: 3, user: MANY, number: MANY } });
  const again = page.getByRole("button", { name: "Send the text again" });
  const status = page.getByRole("status");
  await status.filter({ hasText: "on its way" }).waitFor();
  expect(await again.getAttribute("aria-disabled")).toBe("true");
  // A held button is one that Playwright would wait for.
  await again.click({ force: true });
  expect(asked.filter((each) => each.startsWith("POST"))).toEqual(["POST /2fa/text"]);
  await page.evaluate(() => {
    const region = document.querySelector("[role=status]");
    const said: string[] = [];
    Object.assign(globalThis, { said });
    new MutationObserver(() => said.push(region?.textContent ?? "")).observe(region ?? document, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await page.getByText(/another text in [12] second/).waitFor();
  await status.filter({ hasText: "You can ask for another text." }).waitFor();
  const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  expect(said.slice(-2)).toEqual(["", "You can ask for another text."]);
  expect(said.filter((text) => /\d/.test(text))).toEqual([]);
  expect(await again.getAttribute("aria-disabled")).toBeNull();
  await again.click();
  await status.filter({ hasText: "on its way" }).waitFor();
});

test("a code that WebOTP brings is filled in, and not sent by itself (R109, R110)", async () => {
  const { page, asked, faults } = await atCode({}, () => {
    Object.assign(globalThis, { OTPCredential: Object, asks: [] as unknown[] });
    navigator.credentials.get = (wanted) => {
      (globalThis as unknown as { asks: unknown[] }).asks.push(wanted);
      return Promise.resolve({ code: "123456" } as unknown as Credential);
    };
  });
  const field = page.getByLabel("Security code");
  await page.getByRole("status").filter({ hasText: "filled in" }).waitFor();
  expect(await field.inputValue()).toBe("123456");
  const asks = await page.evaluate(() => (globalThis as unknown as { asks: object[] }).asks);
  expect(asks).toMatchObject([{ otp: { transport: ["sms"] } }]);
  expect(asked.at(-1)).toBe("GET /2fa/pages.js");
  expect(faults).toEqual([]);
});

test("WebOTP is given up when a form is sent, and its refusal is silent (R109)", async () => {
  const { page, faults } = await atCode({}, () => {
    Object.assign(globalThis, { OTPCredential: Object });
    navigator.credentials.get = (wanted) =>
      new Promise((_resolve, reject) => {
        wanted?.signal?.addEventListener("abort", () => {
          localStorage.setItem("aborted", "yes");
          reject(new DOMException("aborted", "AbortError"));
        });
      });
  });
  expect(await page.evaluate(() => localStorage.getItem("aborted"))).toBeNull();
  await page.getByLabel("Security code").fill("1");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  expect(await page.evaluate(() => localStorage.getItem("aborted"))).toBe("yes");
  expect(faults).toEqual([]);
});

const LOOKS = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["rtl", { colorScheme: "light", locale: "ar" }],
  ["narrow-de", { locale: "de", viewport: { width: 320, height: 640 } }],
  ["narrow-fr", { locale: "fr", viewport: { width: 320, height: 640 } }],
  ["narrow-pl", { locale: "pl", viewport: { width: 320, height: 640 } }],
  ["narrow-ja", { locale: "ja", viewport: { width: 320, height: 640 } }],
] as const;

describe.each(LOOKS)("in %s", (name, options) => {
  test("axe finds nothing wrong with any state, and nothing scrolls sideways (R112)", async () => {
    const served = await serveBehindHelmet();
    const ann = await served.signedIn();
    const { page, faults } = await openWindow(served, ann, options);
    const check = async (state: string) => {
      expect([state, await violationsIn(page)]).toEqual([state, []]);
      expect([state, await sizesIn(page)]).toEqual([state, { over: 0, tooSmall: [] }]);
      await picture(page, `${name}-${state}`);
    };
    // A wait of thirty seconds may stand on the button.
    const press = (id: string) => page.locator(id).click({ timeout: 90_000 });
    const type = async (code: string) => {
      await page.locator("#sms2fa-code").fill(code);
      await page.keyboard.press("Enter");
      await page.locator(".sms2fa-summary").waitFor();
    };
    await page.goto("/private");
    await check("1-ask");
    await press("#sms2fa-send");
    await page.locator("#sms2fa-code").waitFor();
    await page.locator(".sms2fa-told:not(:empty)").waitFor();
    await check("2-code");
    await type("12");
    await check("3-mistake");
    for (const code of wrongCodes(served.lastCode(), 5)) await type(code);
    await check("4-spent");
    await press("#sms2fa-send");
    await page.locator("[data-countdown]").waitFor();
    await check("5-wait");
    await ann.post("/sign-out-first-factor-only");
    await page.goto("/private").catch(() => undefined);
    await check("6-signed-out");
    // The answers 403 of the last page are the browser's to tell.
    expect(faults.filter((fault) => !fault.includes("403"))).toEqual([]);
  });
});
