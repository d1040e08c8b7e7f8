/** The box on the code page that has the browser remembered (R61). */

import { memoryRecords } from "../../lib";
import { PAGE_WORDS, spanOf } from "../../lib/pages/words/locale";
import { wrongCodes, type Client, type Served } from "../fakes/app";
import { again, cookieOf } from "../remembered/kit";
import { askOnPage, formIn, land, open, servePages, submit, wordsIn } from "./visitor";

const BOX = /<input[^>]*\bname="remember"[^>]*>/;

const serveBox = (maxAge?: number): Promise<Served> =>
  servePages({
    options: { remember: { store: memoryRecords(), maxAge }, purposes: ["pay"] },
    before: (app, two) =>
      app.get("/easy", two.require2fa({ remembered: true }), (_req, res) => {
        res.json({});
      }),
  });

const boxIn = ({ text }: { text: string }): string => BOX.exec(text)?.[0] ?? "";

async function enter(s: Served, client: Client, typed: Record<string, string>): Promise<void> {
  const form = formIn(await askOnPage(client), "code");
  await submit(client, form, { auth_code: s.lastCode(), ...typed });
}

test("it is not ticked, and says for how long and where not", async () => {
  const s = await serveBox();
  const page = await askOnPage(await s.signedIn());
  expect(boxIn(page)).toMatch(/type="checkbox"/);
  expect(boxIn(page)).toMatch(/aria-describedby="sms2fa-remember-hint"/);
  expect(boxIn(page)).not.toMatch(/checked/);
  expect(page.text).toMatch(
    /<label[^>]* for="sms2fa-remember"\s*>Remember this browser for 30 days<\/label\s*>/,
  );
  expect(wordsIn(page)).toContain("Leave it off on a device that other people use.");
});

test("ticked, it has the browser remembered; left alone, it does not", async () => {
  const s = await serveBox();
  const [ticked, left] = [await s.signedIn(), await s.signedIn()];
  await enter(s, ticked, { remember: "on" });
  expect(await (await again(s, ticked)).visit("/easy")).toBe(200);
  await enter(s, left, {});
  expect([await left.visit("/easy"), left.cookie.includes("__Host-")]).toEqual([200, false]);
});

test("after a mistake it is as it was left (R104)", async () => {
  const s = await serveBox();
  const client = await s.signedIn();
  const form = formIn(await askOnPage(client), "code");
  const [wrong = ""] = wrongCodes(s.lastCode(), 1);
  for (const [typed, isTicked] of [
    [{ auth_code: wrong, remember: "on" }, true],
    [{ auth_code: "12", remember: "on" }, true],
    [{ auth_code: "12" }, false],
  ] as const) {
    const answer = await submit(client, form, typed);
    const page = await land(client, String(answer.headers.location));
    expect(boxIn(page).includes("checked")).toBe(isTicked);
  }
});

test("no link ticks it", async () => {
  const s = await serveBox();
  const client = await s.signedIn();
  await askOnPage(client);
  for (const query of ["remember=on", "remember=on&notice=code_wrong.0.AAAAAAAAAAAAAAAA"]) {
    expect(boxIn(await open(client, `/2fa/?${query}`))).not.toMatch(/checked/);
  }
});

test.each(["maxAge=60", "purpose=pay"])(
  "a step-up (%s) has no box: a fresh proof is for this once",
  async (query) => {
    const s = await serveBox();
    expect(boxIn(await askOnPage(await s.signedIn(), `/2fa/?${query}`))).toBe("");
  },
);

test("without the option there is no box, and a form that says it all the same is taken as it was drawn", async () => {
  const s = await servePages();
  const client = await s.signedIn();
  expect(boxIn(await askOnPage(client))).toBe("");
  await submit(client, formIn(await land(client, "/2fa/"), "code"), {
    auth_code: s.lastCode(),
    remember: "on",
  });
  expect([await client.visit(), client.cookie.includes("__Host-")]).toEqual([200, false]);
});

test("a page of another session's form remembers nothing", async () => {
  const s = await serveBox();
  const [victim, attacker] = [await s.signedIn(), await s.signedIn()];
  const { fields } = formIn(await askOnPage(attacker), "code");
  const own = formIn(await askOnPage(victim), "code");
  await submit(victim, { ...own, fields }, { auth_code: s.lastCode(), remember: "on" });
  expect(victim.cookie).not.toContain("__Host-");
  expect(() => cookieOf(victim)).toThrow();
});

test.each([
  [2_592_000, "30 days"],
  [86_400, "1 day"],
  [43_200, "12 hours"],
  [5400, "90 minutes"],
  [61, "61 seconds"],
])("%d seconds are %s", (seconds, words) => {
  expect(spanOf(seconds, "en")).toBe(words);
});

test.each(Object.keys(PAGE_WORDS))(
  "in %s the box has words of its own, and the time in them",
  async (locale) => {
    const s = await serveBox();
    const client = await s.signedIn();
    await askOnPage(client);
    const page = await open(client, "/2fa/", { "Accept-Language": locale });
    const words = wordsIn(page);
    expect(words).toContain(spanOf(2_592_000, locale).replace(/\s/g, " "));
    if (locale !== "en") expect(words).not.toContain("Remember this browser");
  },
);
