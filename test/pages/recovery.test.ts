/** Recovery codes on the pages, without JavaScript: made and shown once, typed in the place of a code. */

import { memoryRecords } from "../../lib";
import { BOB, type Client, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";
import { wrongOnes } from "../recovery/kit";
import { askOnPage, formIn, land, open, servePages, submit, wayOn, wordsIn } from "./visitor";

type Given = Parameters<typeof servePages>[0];

const SET = "/2fa/recovery-codes";
const FIELD = "/2fa/recovery?returnTo=%2Fprivate";
const CODE = /[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}/g;

const serveRecovery = (given: Given = {}): Promise<Served> =>
  servePages({
    ...given,
    options: { recovery: { store: memoryRecords() }, purposes: ["pay"], ...given.options },
  });

/** Codes that a page shows as a user's. */
const codesIn = ({ text }: { text: string }): string[] => {
  const [, list = ""] = /<ol[^>]*>(.*?)<\/ol>/s.exec(text) ?? [];
  return list.match(CODE) ?? [];
};

/** Verifies by a text on the pages, and has a set made. */
async function makeSet(s: Served, client: Client): Promise<string[]> {
  const page = await askOnPage(client, SET);
  await submit(client, formIn(page, "code"), { auth_code: s.lastCode() });
  return codesIn(await submit(client, formIn(await land(client, SET), "recovery-codes")));
}

/** Types a recovery code, and follows to where that leads. */
async function type(client: Client, recovery_code: string, at = FIELD) {
  const form = formIn(await open(client, at), "recovery");
  return submit(client, form, { recovery_code });
}

test("a set is made behind a fresh code, and shown in the answer alone, which no cache keeps", async () => {
  fakeDate();
  const s = await serveRecovery();
  const client = await s.signedIn();
  const asked = await askOnPage(client, `${SET}?returnTo=%2Fprivate`);
  expect(asked.request.url).toContain("maxAge=300");
  const entered = await submit(client, formIn(asked, "code"), { auth_code: s.lastCode() });
  expect(await wayOn(client, entered)).toBe(`${SET}?returnTo=%2Fprivate`);
  const page = await open(client, `${SET}?returnTo=%2Fprivate`);
  expect(wordsIn(page)).toContain("Unused codes: 0.");
  expect(wordsIn(page)).not.toContain("New codes replace");
  const shown = await submit(client, formIn(page, "recovery-codes"));
  expect([shown.status, codesIn(shown).length, new Set(codesIn(shown)).size]).toEqual([
    200, 10, 10,
  ]);
  expect(shown.headers["cache-control"]).toBe("no-store");
  expect(shown.text).toMatch(/<a class="sms2fa-link" href="\/private">Continue<\/a>/);
  const again = await open(client, SET);
  expect(codesIn(again)).toEqual([]);
  expect(wordsIn(again)).toContain("Unused codes: 10.");
  expect(wordsIn(again)).toContain("New codes replace the ones that you have.");
});

test("a reload of the answer makes no second set, and says so; the page makes one anew (R121)", async () => {
  const s = await serveRecovery();
  const client = await s.signedIn();
  const page = await askOnPage(client, SET);
  await submit(client, formIn(page, "code"), { auth_code: s.lastCode() });
  const form = formIn(await land(client, SET), "recovery-codes");
  const [first = ""] = codesIn(await submit(client, form));
  const reloaded = await submit(client, form);
  expect([reloaded.status, codesIn(reloaded)]).toEqual([303, []]);
  const told = await land(client, String(reloaded.headers.location));
  expect(wordsIn(told)).toContain("New codes were already made from this page");
  const other = await s.signedIn();
  await type(other, first);
  expect(await other.visit()).toBe(200);
  expect(codesIn(await submit(client, formIn(told, "recovery-codes")))).toHaveLength(10);
});

test("two presses at the same instant make one set", async () => {
  const counters = new DistantCounters();
  const s = await serveRecovery({
    options: { recovery: { store: memoryRecords() }, counters },
  });
  const client = await s.signedIn();
  await makeSet(s, client);
  const form = formIn(await open(client, SET), "recovery-codes");
  const answers = await Promise.all([submit(client, form), submit(client, form)]);
  expect(answers.map((answer) => codesIn(answer).length).sort()).toEqual([0, 10]);
  expect(s.events.filter(({ type }) => type === "recovery_codes_made")).toHaveLength(2);
});

test("a proof of more than five minutes makes none, and leads over the code page back", async () => {
  fakeDate();
  const s = await serveRecovery();
  const client = await s.signedIn();
  await makeSet(s, client);
  const form = formIn(await open(client, SET), "recovery-codes");
  pass(301);
  for (const answer of [await submit(client, form), await open(client, SET)]) {
    expect([answer.status, answer.headers.location]).toEqual([
      303,
      "/2fa/?returnTo=%2F2fa%2Frecovery-codes&maxAge=300",
    ]);
  }
  expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 10 });
});

test("a password alone sees neither codes nor how many there are (R122)", async () => {
  const s = await serveRecovery();
  await makeSet(s, await s.signedIn());
  const thief = await s.signedIn();
  const page = await land(thief, SET);
  expect(page.path).toMatch(/^\/2fa\/\?/);
  expect(page.text).not.toContain("Unused codes");
});

test("the code page leads to the field, and a right one there leads on to where one wanted to go (R85)", async () => {
  const s = await serveRecovery();
  const [code = ""] = await makeSet(s, await s.signedIn());
  const client = await s.signedIn();
  for (const page of [
    await land(client, "/private"),
    await askOnPage(client, "/2fa/?returnTo=/private"),
  ]) {
    expect(page.text).toContain('href="/2fa/recovery?returnTo=%2Fprivate">Use a recovery code</a>');
  }
  const field = await open(client, FIELD);
  expect(field.text).toMatch(/href="\/2fa\/\?returnTo=%2Fprivate">Get a code by text instead<\/a/);
  const answer = await submit(client, formIn(field, "recovery"), {
    recovery_code: ` ${code.toLowerCase().replaceAll("-", " ")} `,
  });
  expect(answer.status).toBe(303);
  expect(await wayOn(client, answer)).toBe("/private");
  expect(await client.visit()).toBe(200);
  expect(await wayOn(client, await open(client, FIELD))).toBe("/private");
});

test.each([
  ["", "Enter a recovery code"],
  [" - ", "Enter a recovery code"],
  ["ABCD", "A recovery code has 16 letters and numbers"],
  ["0000-0000-0000-1000", "Enter a recovery code of yours that you have not used yet"],
])("the code %j is told what is wrong with it, next to the field (R104)", async (typed, told) => {
  const s = await serveRecovery();
  const [code = ""] = await makeSet(s, await s.signedIn());
  const client = await s.signedIn();
  const page = await land(client, String((await type(client, typed)).headers.location));
  expect(page.path).not.toContain(typed === "" ? "recovery_code" : typed);
  expect(page.text).toContain("<title>Error: Use a recovery code – Acme</title>");
  expect(wordsIn(page).split(told)).toHaveLength(3);
  expect(page.text).toContain('<a href="#sms2fa-recovery">');
  expect(page.text).toContain('aria-describedby="sms2fa-recovery-hint sms2fa-recovery-error"');
  await submit(client, formIn(page, "recovery"), { recovery_code: code });
  expect(await client.visit()).toBe(200);
});

test("wrong ones and wrong texts count together, and the page says for how long", async () => {
  const s = await serveRecovery();
  const [code = ""] = await makeSet(s, await s.signedIn());
  const client = await s.signedIn();
  for (const wrong of wrongOnes(10)) await type(client, wrong);
  const page = await land(client, String((await type(client, code)).headers.location));
  expect(wordsIn(page)).toMatch(/Too many wrong codes were entered\. Try again in \d+ minutes/);
  expect(page.text).toContain('<a href="#sms2fa-send">');
  expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 10 });
  expect(wordsIn(await open(client, "/2fa/"))).toContain("Too many wrong codes");
});

test("with two left it leads over the page that makes new ones", async () => {
  const s = await serveRecovery();
  const codes = await makeSet(s, await s.signedIn());
  for (const [at, code] of codes.slice(0, 8).entries()) {
    const client = await s.signedIn();
    const answer = await type(client, code);
    if (at < 7) {
      expect(await wayOn(client, answer)).toBe("/private");
      continue;
    }
    const page = await land(client, String(answer.headers.location));
    expect(page.path).toBe(`${SET}?returnTo=%2Fprivate`);
    expect(wordsIn(page)).toContain("Unused codes: 2.");
    expect(codesIn(await submit(client, formIn(page, "recovery-codes")))).toHaveLength(10);
  }
});

test("what a code is to confirm is confirmed by no recovery code, and none is offered for it", async () => {
  const s = await serveRecovery();
  const client = await s.signedIn();
  const page = await land(client, "/2fa/?purpose=pay&returnTo=/pay");
  expect(page.text).not.toContain("recovery");
  const field = await land(client, "/2fa/recovery?purpose=pay&returnTo=/pay");
  expect(field.path).toMatch(/^\/2fa\/\?/);
});

/** Serves an app that keeps Ann's number, and saves another. */
async function serveNumbersOnRecord({ purposes = [] }: { purposes?: string[] } = {}) {
  const phones = new Map([["ann", "+12025550123"]]);
  const s = await serveRecovery({
    user: ({ session }) => {
      const id = session.user?.id as string | undefined;
      return id === undefined ? null : { id, phone: phones.get(id) ?? null };
    },
    options: {
      purposes,
      recovery: { store: memoryRecords() },
      pages: { savePhone: (_req, phone) => void phones.set("ann", phone) },
    },
  });
  return { phones, s };
}

test("whose phone is lost where a purpose wants a code is led to another number, behind a recovery code (R85)", async () => {
  const { phones, s } = await serveNumbersOnRecord({ purposes: ["pay"] });
  const [code = ""] = await makeSet(s, await s.signedIn());
  const client = await s.signedIn();
  const page = await land(client, "/2fa/?purpose=pay&returnTo=/pay");
  const [, href = ""] = /href="([^"]*)">Change your phone number</.exec(page.text) ?? [];
  expect(href).toBe("/2fa/number?returnTo=%2Fpay");
  const proof = await land(client, href);
  const [, field = ""] = /href="([^"]*)">Use a recovery code</.exec(proof.text) ?? [];
  await type(client, code, field.replaceAll("&amp;", "&"));
  const number = await land(client, href);
  const sent = await submit(client, formIn(number, "number"), { number: BOB });
  const entered = await land(client, String(sent.headers.location));
  await submit(client, formIn(entered, "number/code"), { auth_code: s.lastCode() });
  expect(phones.get("ann")).toBe(BOB);
  const plain = await land(await s.signedIn(), "/private");
  expect(plain.text).not.toContain("Change your phone number");
});

test("whose account has no number finds the way too (R85)", async () => {
  const s = await serveRecovery();
  const [code = ""] = await makeSet(s, await s.signedIn());
  const client = await s.signedIn("ann", null);
  const page = await land(client, "/private");
  expect(wordsIn(page)).toContain("There is no phone number to text");
  expect(page.text).toContain('href="/2fa/recovery?returnTo=%2Fprivate"');
  await type(client, code);
  expect(await client.visit()).toBe(200);
});

test("whose phone is lost puts a new number on record behind a recovery code, and the old marks are void", async () => {
  const { phones, s } = await serveNumbersOnRecord();
  const before = await s.signedIn();
  const [code = ""] = await makeSet(s, before);
  const client = await s.signedIn();
  await type(client, code, "/2fa/recovery?returnTo=%2F2fa%2Fnumber&maxAge=120");
  const page = await open(client, "/2fa/number");
  const sent = await submit(client, formIn(page, "number"), { number: BOB });
  const entered = await land(client, String(sent.headers.location));
  await submit(client, formIn(entered, "number/code"), { auth_code: s.lastCode() });
  expect([phones.get("ann"), await client.visit(), await before.visit()]).toEqual([BOB, 200, 403]);
});

test("forms of another session, and of another site, spend and make nothing", async () => {
  const s = await serveRecovery();
  const owner = await s.signedIn();
  const [code = ""] = await makeSet(s, owner);
  const foreign = formIn(await open(await s.signedIn(), FIELD), "recovery");
  const client = await s.signedIn();
  const stale = await submit(client, foreign, { recovery_code: code });
  const told = await land(client, String(stale.headers.location));
  expect(wordsIn(told)).toContain("This page had been open for too long");
  const own = formIn(await open(client, FIELD), "recovery");
  const cross = { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" };
  expect((await submit(client, own, { recovery_code: code }, cross)).status).toBe(403);
  const form = formIn(await open(owner, SET), "recovery-codes");
  expect((await submit(owner, form, {}, cross)).status).toBe(403);
  const bare = { action: form.action, fields: {} };
  expect((await submit(owner, bare, {}, { Origin: "" })).status).toBe(403);
  expect(await client.visit()).toBe(403);
  expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 10 });
});

test("forms that the app guards by itself are taken as ever, and a reload still makes no second set", async () => {
  const s = await serveRecovery({
    options: { recovery: { store: memoryRecords() }, pages: { csrf: false } },
  });
  const client = await s.signedIn();
  expect(await makeSet(s, client)).toHaveLength(10);
  const form = formIn(await open(client, SET), "recovery-codes");
  const origin = { Origin: "http://127.0.0.1" };
  expect(codesIn(await submit(client, form, {}, origin))).toHaveLength(10);
  expect(codesIn(await submit(client, form, {}, origin))).toEqual([]);
});

test("a second click on a right code goes on to where the first has led", async () => {
  const s = await serveRecovery({
    options: { recovery: { store: memoryRecords() }, counters: new DistantCounters() },
  });
  const [code = ""] = await makeSet(s, await s.signedIn());
  const client = await s.signedIn();
  const form = formIn(await open(client, FIELD), "recovery");
  const answers = await Promise.all(
    [client, client.copy()].map((each) => submit(each, form, { recovery_code: code })),
  );
  for (const { status, headers } of answers) {
    expect([status, headers.location]).toEqual([303, expect.not.stringContaining(code)]);
  }
  expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 9, blockedFor: 0 });
});

test("a store that fails while a set is made is a page of trouble, and the same form makes one later", async () => {
  const kept = memoryRecords();
  let isDown = false;
  const store = {
    ...kept,
    replace: (...given: Parameters<typeof kept.replace>) => {
      if (isDown) throw new Error("down");
      return kept.replace(...given);
    },
    spend: kept.spend.bind(kept),
    count: kept.count.bind(kept),
  };
  const s = await serveRecovery({ options: { recovery: { store } } });
  const client = await s.signedIn();
  await makeSet(s, client);
  const form = formIn(await open(client, SET), "recovery-codes");
  isDown = true;
  const answer = await submit(client, form);
  expect([answer.status, codesIn(answer)]).toEqual([503, []]);
  isDown = false;
  expect(codesIn(await submit(client, form))).toHaveLength(10);
});

test("without the option there is neither page nor link", async () => {
  const s = await servePages();
  const client = await s.signedIn();
  expect((await land(client, "/2fa/")).text).not.toContain("recovery");
  for (const path of [FIELD, SET]) expect((await open(client, path)).status).toBe(404);
});

test.each([FIELD, SET])("%s says by which methods it is read and sent", async (path) => {
  const s = await serveRecovery();
  const answer = await (await s.signedIn()).send("put", path);
  expect([answer.status, answer.headers.allow]).toEqual([405, "GET, HEAD, POST"]);
});

test("nobody who is not signed in is shown a field or a set", async () => {
  const s = await serveRecovery();
  for (const path of [FIELD, SET]) {
    const page = await open(s.client(), path);
    expect([page.status, wordsIn(page)]).toEqual([403, expect.stringContaining("Sign in first")]);
  }
});

describe("a user with recovery codes and no number on record", () => {
  async function serveWithoutNumber() {
    const phones = new Map([["ann", "+12025550123"]]);
    const s = await serveRecovery({
      user: ({ session }) => {
        const id = session.user?.id as string | undefined;
        return id === undefined ? null : { id, phone: phones.get(id) ?? null };
      },
      options: {
        recovery: { store: memoryRecords() },
        pages: {
          savePhone: (_req, phone) => void phones.set("ann", phone),
        },
      },
    });
    const codes = await makeSet(s, await s.signedIn());
    phones.delete("ann");
    return { s, codes, phones };
  }

  test("is asked for one before a number is put there: a stolen password alone adds none (R122)", async () => {
    const { s, codes, phones } = await serveWithoutNumber();
    const thief = await s.signedIn();
    const page = await land(thief, "/private");
    expect(page.path).toBe(
      "/2fa/recovery?returnTo=%2F2fa%2Fnumber%3FreturnTo%3D%252Fprivate&maxAge=120",
    );
    expect(wordsIn(page)).toContain("Contact the support team of Acme");
    expect(wordsIn(page)).not.toContain("by text instead");
    const form = formIn(page, "recovery");
    const number = { ...form, action: "/2fa/number" };
    expect((await submit(thief, number, { number: BOB })).headers.location).toContain(
      "/2fa/recovery",
    );
    expect([s.sent.length, phones.size]).toEqual([1, 0]);

    const owner = await s.signedIn();
    await type(owner, codes[0] ?? "", page.path);
    const field = await land(owner, "/2fa/number?returnTo=%2Fprivate");
    const sent = await submit(owner, formIn(field, "number"), { number: BOB });
    const entered = await land(owner, String(sent.headers.location));
    await submit(owner, formIn(entered, "number/code"), { auth_code: s.lastCode() });
    expect([phones.get("ann"), await owner.visit(), await thief.visit()]).toEqual([BOB, 200, 403]);
  });

  test("who has no codes, or whose codes support has voided, adds a number as before", async () => {
    const { s, phones } = await serveWithoutNumber();
    expect((await land(await s.signedIn("cleo"), "/2fa/number")).path).toBe("/2fa/number");
    await s.two.voidRecoveryCodes("ann");
    const client = await s.signedIn();
    const sent = await submit(client, formIn(await land(client, "/2fa/number"), "number"), {
      number: BOB,
    });
    const entered = await land(client, String(sent.headers.location));
    await submit(client, formIn(entered, "number/code"), { auth_code: s.lastCode() });
    expect([phones.get("ann"), await client.visit()]).toEqual([BOB, 200]);
  });
});
