/** What the pages look like to those who read or hear them, and how an app makes them its own. */

import { Html } from "../../lib/std/html";
import { PAGE_LOCALES, wordsOf } from "../../lib/pages/words/locale";
import { wrongCodes } from "../fakes/app";
import { askOnPage, formIn, land, open, servePages, submit, wordsIn } from "./visitor";

test("the code has one field that phones fill in, and that any paste fits into (R101, R102, B036, B115)", async () => {
  const { signedIn, lastCode } = await servePages();
  const ann = await signedIn();
  const page = await askOnPage(ann, "/2fa/?returnTo=/private");
  const inputs = page.text.match(/<input(?![^>]*hidden)[^>]*>/g) ?? [];
  expect(inputs).toHaveLength(1);
  for (const attribute of [
    'type="text"',
    'inputmode="numeric"',
    'autocomplete="one-time-code"',
    'dir="ltr"',
    'aria-describedby="sms2fa-code-hint"',
  ]) {
    expect(inputs[0]).toContain(attribute);
  }
  expect(inputs[0]).not.toContain("maxlength");
  expect(page.text).toMatch(/<label[^>]* for="sms2fa-code">Security code<\/label>/);
  const code = lastCode();
  const typed = ` ${code.slice(0, 3)}-${code.slice(3)} `;
  const entered = await submit(ann, formIn(page, "code"), { auth_code: typed });
  expect(entered.headers.location).toBe("/private");
});

test("a code that an autofill has filled in twice is right (B036)", async () => {
  const { signedIn, lastCode } = await servePages();
  const ann = await signedIn();
  const page = await askOnPage(ann);
  await submit(ann, formIn(page, "code"), { auth_code: lastCode() + lastCode() });
  expect(await ann.visit()).toBe(200);
});

test.each([
  ["123", "You've not entered enough numbers, the code must be 6 numbers"],
  ["1234567", "You've entered too many numbers, the code must be 6 numbers"],
  ["12345a", "The code must be 6 numbers"],
  [" \u200b ", "Enter the security code"],
  ["wrong", "Enter a correct security code. You have 4 tries left"],
])(
  "the code %j is told what is wrong with it, next to the field (R104, R105)",
  async (typed, told) => {
    const { signedIn, lastCode } = await servePages();
    const ann = await signedIn();
    const form = formIn(await askOnPage(ann), "code");
    const code = typed === "wrong" ? (wrongCodes(lastCode(), 1)[0] ?? "") : typed;
    const answer = await submit(ann, form, { auth_code: code });
    const page = await land(ann, String(answer.headers.location));
    expect(page.text).toContain("<title>Error: Check your phone – Acme</title>");
    expect(page.text).toMatch(/<div class="sms2fa-summary" role="alert" tabindex="-1" autofocus>/);
    expect(wordsIn(page).split(told)).toHaveLength(3);
    expect(page.text).toContain('<a href="#sms2fa-code">');
    expect(page.text).toContain('aria-describedby="sms2fa-code-hint sms2fa-code-error"');
    expect(page.text).toContain('aria-invalid="true"');
    await submit(ann, formIn(page, "code"), { auth_code: lastCode() });
    expect(await ann.visit()).toBe(200);
  },
);

test("the page says where help is, and has a button that logs out (R85, R108, R115)", async () => {
  const bare = await servePages();
  const page = await land(await bare.signedIn(), "/2fa/");
  expect(wordsIn(page)).toContain("Contact the support team of Acme.");
  expect(page.text).not.toMatch(/log-out|href="http/);
  const pages = { supportUrl: "mailto:help@acme.example", logOutPath: "/log-out" };
  const full = await servePages({ options: { pages } });
  const ann = await full.signedIn();
  for (const each of [await land(ann, "/2fa/"), await askOnPage(ann)]) {
    expect(each.text).toContain('href="mailto:help@acme.example"');
    expect(each.text).toMatch(/<form[^>]*method="post" action="\/log-out">/);
  }
});

test.each([
  [undefined, "fr-CH, fr;q=0.9, en;q=0.8", "fr"],
  [undefined, "xx, en;q=0.3, ar;q=0.7, de;q=0", "ar"],
  [undefined, "de;q=0, *;q=0.5", "en"],
  [undefined, undefined, "en"],
  ["pt-BR", "de", "pt"],
  ["xx", "es-419", "es"],
])("the user's language %j goes before the browser's %j: %s", async (locale, accepted, shown) => {
  const { sent, signedIn } = await servePages();
  const ann = await signedIn();
  await ann.signIn("ann", "+12025550123", { locale });
  const headers: Record<string, string> =
    accepted === undefined ? {} : { "Accept-Language": accepted };
  const page = await open(ann, "/2fa/", headers);
  const { dir, askTitle } = wordsOf(shown as "en");
  expect(page.text).toContain(`<html lang="${shown}" dir="${dir}">`);
  expect(page.text).toContain(`<title>${askTitle.replaceAll("'", "&#39;")} – Acme</title>`);
  await submit(ann, formIn(page, "text"), {}, headers);
  expect(sent).toHaveLength(1);
});

test("a text that the page sends is in the page's language", async () => {
  const { sent, signedIn } = await servePages();
  const ann = await signedIn();
  const headers = { "Accept-Language": "de" };
  await submit(ann, formIn(await open(ann, "/2fa/", headers), "text"), {}, headers);
  expect(sent[0]?.text).toContain("Sicherheitscode");
});

describe.each(PAGE_LOCALES)("the words in %s", (locale) => {
  const words = wordsOf(locale);
  test("are all there, and have their place for what they are told", () => {
    const told = Object.entries(words).map(([name, word]: [string, unknown]) => {
      const value = typeof word === "function" ? (word as (part: unknown) => unknown)(7) : word;
      const text = value instanceof Html ? value.text : value;
      return { name, text, word };
    });
    for (const { name, text, word } of told) {
      expect([name, text]).toEqual([name, expect.stringMatching(/\S/)]);
      if (typeof word === "function" && name !== "lost") {
        expect([name, text]).toEqual([name, expect.stringContaining("7")]);
      }
    }
  });
  test("are not those of English", () => {
    if (locale === "en") return;
    const english = wordsOf("en");
    const names = Object.keys(words) as (keyof typeof words)[];
    const same = names.filter((name) => words[name] === english[name]);
    expect(same.filter((name) => name !== "dir" && name !== "error")).toEqual([]);
  });
});

test("an app puts the page into its own frame, under its own prefix", async () => {
  const { signedIn } = await servePages({
    options: {
      pages: {
        classPrefix: "acme",
        layout: (html, { title, locale, dir, head, req }) =>
          `<html lang="${locale}" dir="${dir}"><title>${title}|${req.path}</title>${head}` +
          `<main>${html}</main></html>`,
      },
    },
  });
  const page = await open(await signedIn(), "/2fa/");
  expect(page.text).toMatch(
    /^<html lang="en" dir="ltr"><title>Confirm that it is you\|\/<\/title>/,
  );
  expect(page.text).toMatch(/<main><div\s+class="acme-page"/);
  expect(page.text).toMatch(/<link rel="stylesheet" href="\/2fa\/pages.css\?v=[0-9a-f]{10}"/);
  expect(page.text).not.toMatch(/class="[^"]*sms2fa/);
  expect(page.headers["content-security-policy"]).toBeUndefined();
});
