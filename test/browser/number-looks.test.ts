/** Each state of the number page as it looks: light, dark, right to left, narrow; axe and pictures. */

import { ANN, wrongCodes } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { openWindow, picture, useChromium, violationsIn } from "./chromium";
import { NEW, NUMBER, serveNumbers } from "./number-app";

jest.setTimeout(180_000);

useChromium();

const NARROW = { viewport: { width: 320, height: 640 } };
const LOOKS = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["rtl", { colorScheme: "light", locale: "ar" }],
  ["narrow-dark-rtl", { colorScheme: "dark", locale: "ar", ...NARROW }],
  ["narrow-de", { locale: "de", ...NARROW }],
  ["narrow-fr", { locale: "fr", ...NARROW }],
  ["narrow-pl", { locale: "pl", ...NARROW }],
  ["narrow-ja", { locale: "ja", ...NARROW }],
] as const;

test.each(LOOKS)(
  "in %s axe finds nothing wrong with any state, and nothing scrolls sideways (R112)",
  async (look, options) => {
    fakeDate();
    const served = await serveNumbers({
      pages: {
        alternatives: () => [
          { href: "/passkey", label: "Passkey" },
          { href: "https://acme.example/recovery-code", label: "Recovery code" },
        ],
      },
    });
    const { phones, lastCode, sendBy, failSaves } = served;
    const { page, context, faults } = await openWindow(served, await served.signedIn(), options);
    context.setDefaultTimeout(45_000);
    const titles = new Set<string>();
    const check = async (state: string) => {
      expect([state, await violationsIn(page)]).toEqual([state, []]);
      const seen = await page.evaluate(() => ({
        over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        tooSmall: [...document.querySelectorAll("button, input:not([type=hidden]), p > a, li > a")]
          .map((each) => each.getBoundingClientRect())
          .filter(({ width, height }) => width < 24 || height < 24).length,
        headings: document.querySelectorAll("h1").length,
        logOuts: document.querySelectorAll("form[method=post][action='/log-out'] button").length,
        dir: document.documentElement.dir,
        lang: document.documentElement.lang,
      }));
      const lang = "locale" in options ? options.locale : "en";
      const dir = lang === "ar" ? "rtl" : "ltr";
      const expected = { over: 0, tooSmall: 0, headings: 1, logOuts: 1, dir, lang };
      expect([state, seen]).toEqual([state, expected]);
      titles.add(await page.title());
      await picture(page, `number-${look}-${state}`);
    };
    const send = async (number: string) => {
      await page.locator("#sms2fa-number").fill(number);
      await page.keyboard.press("Enter");
    };
    const enter = async (code: string) => {
      await page.locator("#sms2fa-code").fill(code);
      await page.keyboard.press("Enter");
    };
    const told = () => page.locator(".sms2fa-told:not(:empty)").waitFor();
    const summary = () => page.locator(".sms2fa-summary").waitFor();

    await page.goto("/private");
    await check("1-empty");
    await send("+1 202");
    await summary();
    await check("2-mistake");
    sendBy(() => Promise.reject(Object.assign(new Error("gateway"), { status: 400 })));
    await page.goto("/private");
    await send(NEW);
    await page.locator(".sms2fa-summary a[href='#sms2fa-send']").waitFor();
    await check("3-gateway-failed");
    sendBy(() => undefined);
    await send(NEW);
    await told();
    await check("4-code");
    await enter(wrongCodes(lastCode(), 1)[0] ?? "");
    await summary();
    await check("5-wrong-code");
    await enter(lastCode());
    await page.waitForURL("**/private");

    pass(121);
    await page.goto(NUMBER);
    await page.locator("#sms2fa-send").waitFor();
    expect(await page.locator("a[href='/passkey']").count()).toBe(1);
    await check("6-proof-first-with-alternatives");
    await page.locator("#sms2fa-send").click();
    await told();
    await check("7-proof-code-with-alternatives");
    await enter(lastCode());
    await page.locator("#sms2fa-number").waitFor();
    await check("8-change");
    await send("+44 7400 123456");
    await summary();
    await check("9-change-mistake");
    await send(ANN);
    await told();
    await check("10-change-code");
    await enter(lastCode());
    await page.locator("form[action='/bye'] button").waitFor();
    await check("11-saved");
    expect(phones.get("ann")).toBe(ANN);
    await page.goto(`${NUMBER}&other=1`);
    await send(NEW);
    await told();
    failSaves();
    await enter(lastCode());
    await page.waitForURL("**/2fa/number/code?*");
    await check("12-save-failed");
    expect(phones.get("ann")).toBe(ANN);
    phones.set("ann", "none of your business");
    await page.goto(NUMBER);
    await check("13-change-refused");
    // Titles tell the states apart: number, code, proof, change, saved, and those that have a mistake.
    expect(titles.size).toBeGreaterThanOrEqual(7);
    const own = faults.filter(
      (fault) => !/^Failed to load resource: .* status of (400|422|503) /.test(fault),
    );
    expect(own).toEqual([]);
  },
);

const LONG = "+44 (0) 7400 123-456";

test.each(["en", "ar"])(
  "in %s a whole number is seen in its field, at 320 px too",
  async (locale) => {
    const served = await serveNumbers();
    const { page } = await openWindow(served, await served.signedIn(), {
      locale,
      ...NARROW,
    });
    await page.goto("/private");
    await page.locator("#sms2fa-number").fill(LONG);
    const hidden = await page
      .locator("#sms2fa-number")
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(hidden).toBe(0);
  },
);

test.each(["en", "ar"])(
  "in %s the example of a number is read from its plus on",
  async (locale) => {
    const served = await serveNumbers();
    const { page } = await openWindow(served, await served.signedIn(), { locale });
    await page.goto("/private");
    await page.locator("#sms2fa-number").press("Enter");
    await page.locator("#sms2fa-number-error").waitFor();
    for (const id of ["#sms2fa-number-hint", "#sms2fa-number-error", ".sms2fa-summary a"]) {
      const places = await page.locator(id).evaluate((element) => {
        const text = element.lastChild ?? element;
        const example = /\+1\s202\s555\s0123/.exec(text.textContent ?? "");
        return Array.from(example?.[0] ?? "", (_, index) => {
          const range = document.createRange();
          range.setStart(text, (example?.index ?? 0) + index);
          range.setEnd(text, (example?.index ?? 0) + index + 1);
          return range.getBoundingClientRect().left;
        });
      });
      expect(places).toHaveLength(15);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
  },
);
