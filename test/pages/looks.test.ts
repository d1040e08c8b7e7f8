/** What the pages look like to those who read or hear them, and how an app makes them its own. */

import { PAGE_WORDS } from "../../lib/pages/words/locale";
import { wrongCodes } from "../fakes/app";
import { askOnPage, formIn, land, open, servePages, submit, wayOn, wordsIn } from "./visitor";

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
  expect(await wayOn(ann, entered)).toBe("/private");
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
  ["it-CH", "de", "it"],
  [undefined, "nl-BE, fr;q=0.5", "nl"],
  ["pl_PL.UTF-8", "de", "pl"],
  [undefined, "ja, en;q=0.5", "ja"],
])("the user's language %j goes before the browser's %j: %s", async (locale, accepted, shown) => {
  const { sent, signedIn } = await servePages();
  const ann = await signedIn();
  await ann.signIn("ann", "+12025550123", { locale });
  const headers: Record<string, string> =
    accepted === undefined ? {} : { "Accept-Language": accepted };
  const page = await open(ann, "/2fa/", headers);
  const { dir, askTitle } = PAGE_WORDS[shown as "en"];
  expect(page.text).toContain(`<html lang="${shown}" dir="${dir}">`);
  expect(page.text).toContain(`<title>${askTitle.replaceAll("'", "&#39;")} – Acme</title>`);
  await submit(ann, formIn(page, "text"), {}, headers);
  expect(sent).toHaveLength(1);
});

const WRITTEN = {
  en: "is your",
  es: "es tu clave",
  fr: "est votre code",
  de: "ist Ihr Sicherheitscode",
  pt: "seu PIN",
  it: "è il codice",
  nl: "is uw",
  pl: "to kod",
  ja: "の認証コード",
};

test.each([
  [undefined, "de"],
  ["", "de"],
  ["sv", "de"],
  ["zh-Hant", "de-CH, en;q=0.1"],
  ["C", "de"],
  ["POSIX", "sv;q=0.9, DE-at ; Q=0.8, en;q=0.5"],
  ["xx-YY", "en;q=0.1,de;q=0.200"],
  ["de_DE.UTF-8", "fr"],
  [" de-1996 ", "fr"],
  ["fi", "fr;level=1, *;q=0, de-AT;q=0.1, es;q=2"],
  ["fi", "en;q=0, es;q=0, fr;q=0, *;q=0.1"],
] as const)(
  "the user's tag %j with a browser that asks for %j is German on the page and in the text (C236)",
  async (locale, accepted) => {
    const { sent, signedIn } = await servePages();
    const ann = await signedIn();
    await ann.signIn("ann", "+12025550123", { locale });
    const headers = { "Accept-Language": accepted };
    const page = await open(ann, "/2fa/", headers);
    expect(page.text).toContain('<html lang="de"');
    await submit(ann, formIn(page, "text"), {}, headers);
    expect(sent[0]?.text).toContain(WRITTEN.de);
  },
);

test.each([
  ["ar", "ar", "ar", "en"],
  ["ar-EG", "fr", "ar", "fr"],
  [undefined, "ar, pt-BR;q=0.5", "ar", "pt"],
  ["ar", "ar;q=0.4, de;q=0.2", "ar", "de"],
] as const)(
  "Arabic has pages and no text: %j with %j reads %s, and gets the text in %s, which is asked for next (C236)",
  async (locale, accepted, shown, written) => {
    const { sent, signedIn } = await servePages();
    const ann = await signedIn();
    await ann.signIn("ann", "+12025550123", { locale });
    const headers = { "Accept-Language": accepted };
    const page = await open(ann, "/2fa/", headers);
    expect(page.text).toContain(`<html lang="${shown}"`);
    await submit(ann, formIn(page, "text"), {}, headers);
    expect(sent[0]?.text).toContain(WRITTEN[written]);
  },
);

test.each(["it", "nl", "pl", "ja"] as const)(
  "in %s page and text are in one language, and each sentence ends as it writes its own",
  async (locale) => {
    const { sent, signedIn, lastCode } = await servePages();
    const ann = await signedIn();
    await ann.signIn("ann", "+12025550123", { locale });
    const form = formIn(await askOnPage(ann), "code");
    expect(sent[0]?.text).toContain(WRITTEN[locale]);
    const wrong = wrongCodes(lastCode(), 1)[0] ?? "";
    const answer = await submit(ann, form, { auth_code: wrong });
    const words = wordsIn(await land(ann, String(answer.headers.location)));
    const { codeWrong, triesLeft, stop } = PAGE_WORDS[locale];
    const told = `${codeWrong}${stop}${triesLeft(4)}`;
    expect(words.split(told.replaceAll("\u00a0", " "))).toHaveLength(3);
    if (locale === "ja") expect(words).toContain("お送りしました。有効期限は");
  },
);

test("a script's call has its text in the same language, where its fields ask for none that is served (C236)", async () => {
  const { sent, client } = await servePages();
  const ask = async (fields: object, accepted: string) => {
    const ann = client();
    await ann.signIn("ann", "+12025550123", { locale: "sv" });
    await ann.ask(fields).set({ "Accept-Language": accepted });
  };
  await ask({}, "de-DE,de;q=0.9");
  await ask({ locale: "fr" }, "de-DE,de;q=0.9");
  await ask({ locale: "tlh" }, "de-DE,de;q=0.9");
  await ask({ locale: "" }, "fi");
  expect(sent.map(({ text }) => text.slice(7, 20))).toEqual([
    WRITTEN.de.slice(0, 13),
    WRITTEN.fr.slice(0, 13),
    WRITTEN.de.slice(0, 13),
    expect.stringContaining(WRITTEN.en),
  ]);
});

describe.each(Object.entries(PAGE_WORDS))("the words in %s", (locale, words) => {
  test("are all there, and have their place for what they are told", () => {
    const told = Object.entries(words).map(([name, word]: [string, unknown]) => {
      const text = typeof word === "function" ? (word as (part: unknown) => unknown)(7) : word;
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
    const english = PAGE_WORDS.en;
    const names = Object.keys(words) as (keyof typeof words)[];
    const same = names.filter((name) => words[name] === english[name]);
    expect(same.filter((name) => !["dir", "stop", "error"].includes(name))).toEqual([]);
  });
});

test.each([
  ["Acme", "l’assistance d’Acme.", "pour qu’Acme"],
  ["Électro", "l’assistance d’Électro.", "pour qu’Électro"],
  ["Banque", "l’assistance de Banque.", "pour que Banque"],
  ["Hertz", "l’assistance de Hertz.", "pour que Hertz"],
])("the name %s is elided in French as the language wants it (C238)", (name, lost, use) => {
  const { lost: lostOf, numberUse } = PAGE_WORDS.fr;
  expect(lostOf(name)).toContain(lost);
  expect(numberUse(name)).toContain(use);
});

test("no French mark that stands after a space can begin a line (C238)", () => {
  for (const [name, word] of Object.entries(PAGE_WORDS.fr)) {
    const text = String(
      typeof word === "function" ? (word as (part: unknown) => unknown)(7) : word,
    );
    expect([name, text]).toEqual([
      name,
      expect.not.stringMatching(/[^\u00a0\u202f<>][?!:;»]|«[^\u00a0\u202f]/),
    ]);
  }
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
