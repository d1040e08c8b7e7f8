/** The number page: enrolment and change, and the attacks on them. */

import { memoryRecords, type User } from "../../lib/index";
import { ANN, BOB, EXPRESSES, codeIn, serve, wrongCodes, type Client } from "../fakes/app";
import { fakeDate, pass, until } from "../fakes/clock";
import { again } from "../remembered/kit";
import { askOnPage, formIn, land, open, servePages, submit, wordsIn, wayOn } from "./visitor";
import type { PagesOptions, PhoneChange, TwoFactorOptions } from "../../lib/index";
import type { ExpressModule } from "../fakes/app";

const NEW = "+12025550177";
const NUMBER = "/2fa/number";

/** Serves users with a record of their own, so that all sessions see one number. */
async function serveNumbers(
  { express, ...more }: PagesOptions & { express?: ExpressModule } = {},
  options: Partial<TwoFactorOptions> = {},
) {
  const phones = new Map<string, string>();
  const saved: string[] = [];
  const changes: PhoneChange[] = [];
  const user: TwoFactorOptions["user"] = ({ session }) => {
    const id = session.user?.id as string | undefined;
    return id === undefined ? null : { id, phone: phones.get(id) ?? null };
  };
  const served = await servePages({
    ...(express && { express }),
    user,
    options: {
      ...options,
      pages: {
        savePhone: async ({ session }, phone) => {
          saved.push(phone);
          await Promise.resolve();
          phones.set((session.user as User).id as string, phone);
        },
        onPhoneChange: (_req, change) => changes.push(change),
        ...more,
      },
    },
  });
  return { ...served, phones, saved, changes };
}

type Numbers = Awaited<ReturnType<typeof serveNumbers>>;

/** Verifies somebody who has a number, and opens the number page. */
async function proved({ signedIn, lastCode, phones }: Numbers): Promise<Client> {
  phones.set("ann", ANN);
  const ann = await signedIn();
  const page = await askOnPage(ann);
  await submit(ann, formIn(page, "code"), { auth_code: lastCode() });
  return ann;
}

async function propose(client: Client, number: string, path = NUMBER) {
  return submit(client, formIn(await land(client, path), "number"), { number });
}

async function enter(client: Client, code: string, path = NUMBER) {
  return submit(client, formIn(await land(client, path), "number/code"), { auth_code: code });
}

describe.each(EXPRESSES)("under %s", (_name, express) => {
  test("who has no number is led to the number page, and through a code to what was wanted (R81, R114)", async () => {
    const { signedIn, sent, saved, changes, phones, lastCode, events } = await serveNumbers({
      express,
    });
    const ann = await signedIn();
    const page = await land(ann, "/private?id=7");
    expect(page.path).toBe(`${NUMBER}?returnTo=%2Fprivate%3Fid%3D7`);
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/type="tel"\s+autocomplete="tel"/);
    expect(wordsIn(page)).toContain("We will text security codes to this number");
    expect(wordsIn(page)).toContain("the country code");
    const named = await submit(ann, formIn(page, "number"), { number: "+1 (202) 555-0177" });
    expect(named.status).toBe(303);
    expect(named.headers.location).not.toContain("0177");
    expect(sent.map(({ to }) => to)).toEqual([NEW]);
    expect([saved, phones.size]).toEqual([[], 0]);
    expect(await ann.visit()).toBe(403);

    const code = await land(ann, String(named.headers.location));
    expect(wordsIn(code)).toContain("number ending in 77");
    const entered = await submit(ann, formIn(code, "number/code"), { auth_code: lastCode() });
    expect(entered.status).toBe(303);
    const end = await land(ann, String(entered.headers.location));
    expect([end.path, end.status]).toEqual(["/private?id=7", 200]);
    expect(saved).toEqual([NEW]);
    expect(changes).toEqual([{ subject: "ann", phone: NEW, replaces: undefined }]);
    expect(events.filter(({ type }) => type === "phone_changed")).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain(NEW);
    expect(sent).toHaveLength(1);
  });
});

test("a change forgets the browsers that were remembered with the number before (R61)", async () => {
  const served = await serveNumbers({}, { remember: { store: memoryRecords() } });
  const { two, app, phones, signedIn, lastCode, events } = served;
  app.get("/easy", two.require2fa({ remembered: true }), (_req, res) => res.json({}));
  phones.set("ann", ANN);
  const elsewhere = await signedIn();
  const form = formIn(await askOnPage(elsewhere), "code");
  await submit(elsewhere, form, { auth_code: lastCode(), remember: "on" });
  const remembered = await again(served, elsewhere);
  expect(await remembered.visit("/easy")).toBe(200);
  const ann = await proved(served);
  await propose(ann, NEW);
  await enter(ann, lastCode());
  expect(phones.get("ann")).toBe(NEW);
  expect(await remembered.visit("/easy")).toBe(403);
  await until(() => events.some(({ type }) => type === "browser_forgotten"));
  expect(await two.remembered("ann")).toEqual([]);
  phones.set("ann", ANN);
  expect(await remembered.visit("/easy")).toBe(403);
});

test("a change asks for a fresh proof, tells the user elsewhere, and ends what other sessions have (R82, R83)", async () => {
  fakeDate();
  const served = await serveNumbers({ endSessionsPath: "/end-others" });
  const { sent, saved, changes } = served;
  const elsewhere = await proved(served);
  expect(await elsewhere.visit()).toBe(200);
  pass(200);
  const ann = await proved(served);
  pass(121);
  const asked = await open(ann, `${NUMBER}?returnTo=%2Fprivate`);
  expect([asked.status, asked.headers.location]).toEqual([
    303,
    `/2fa/?${new URLSearchParams({ returnTo: `${NUMBER}?returnTo=%2Fprivate`, maxAge: "120" }).toString()}`,
  ]);
  const ask = await askOnPage(ann, String(asked.headers.location));
  const again = await submit(ann, formIn(ask, "code"), { auth_code: served.lastCode() });
  expect(await wayOn(ann, again)).toBe(`${NUMBER}?returnTo=%2Fprivate`);
  const named = await propose(ann, NEW, `${NUMBER}?returnTo=%2Fprivate`);
  expect(named.status).toBe(303);
  expect(sent.at(-1)?.to).toBe(NEW);
  expect(await elsewhere.visit()).toBe(200);

  // The code may be answered for as long as it is good.
  pass(500);
  const entered = await enter(ann, served.lastCode(), `${NUMBER}?returnTo=%2Fprivate`);
  const page = await land(ann, String(entered.headers.location));
  expect(wordsIn(page)).toContain("security codes to the number ending in 77");
  expect(page.text).toContain('action="/end-others"');
  expect(page.text).toContain('href="/private"');
  expect(saved).toEqual([NEW]);
  expect(changes).toEqual([{ subject: "ann", phone: NEW, replaces: ANN }]);
  expect(await ann.visit()).toBe(200);
  expect(await elsewhere.visit()).toBe(403);
});

test("a stolen password changes no number: not by address, not by form, not with a token of the session's", async () => {
  const { signedIn, sent, saved, phones } = await serveNumbers();
  const mallory = await signedIn();
  const form = formIn(await land(mallory, NUMBER), "number");
  phones.set("ann", ANN);
  const page = await land(mallory, NUMBER);
  expect(page.path).toContain("/2fa/?");
  expect(page.text).not.toContain('type="tel"');
  const sly = await submit(mallory, form, { number: NEW });
  expect(sly.headers.location).toContain("/2fa/?");
  for (const path of ["number/code", "number/text"]) {
    const tried = await submit(
      mallory,
      { ...form, action: `/2fa/${path}` },
      { auth_code: "123456" },
    );
    expect(tried.headers.location).toContain("/2fa/?");
  }
  expect([sent, saved]).toEqual([[], []]);
});

test("a code to a new number is worth nothing once another one was put on record meanwhile", async () => {
  const { signedIn, saved, phones, lastCode } = await serveNumbers();
  const mallory = await signedIn();
  await propose(mallory, NEW);
  const page = formIn(await land(mallory, NUMBER), "number/code");
  phones.set("ann", ANN);
  const tried = await submit(mallory, page, { auth_code: lastCode() });
  expect(tried.headers.location).toContain("/2fa/?");
  expect(saved).toEqual([]);
  expect(await mallory.visit()).toBe(403);
});

test("a change that was begun dies with the proof that it was begun with", async () => {
  const served = await serveNumbers();
  const ann = await proved(served);
  await propose(ann, NEW);
  const page = formIn(await land(ann, NUMBER), "number/code");
  const code = served.lastCode();
  served.phones.set("ann", BOB);
  const tried = await submit(ann, page, { auth_code: code });
  expect(tried.headers.location).toContain("/2fa/?");
  expect(served.saved).toEqual([]);
});

test.each([
  ["number/text", {}],
  ["number/code", { auth_code: "123456" }],
])(
  "a form to %s where no new number is under way is told as that, and sends nothing",
  async (path, fields) => {
    const served = await serveNumbers();
    const ann = await proved(served);
    const form = { ...formIn(await land(ann, NUMBER), "number"), action: `/2fa/${path}` };
    await submit(ann, form, fields);
    expect(served.events.at(-1)).toMatchObject({ type: "refused", code: "no_challenge" });
    expect([served.sent.length, served.saved]).toEqual([1, []]);
  },
);

test("the code to a new number opens nothing else, and no other code saves it", async () => {
  const served = await serveNumbers();
  const ann = await proved(served);
  await propose(ann, NEW);
  const candidates = codeIn(served.sent.at(-1));
  expect((await ann.answer(candidates)).body).toMatchObject({ code: "no_challenge" });

  const bob = await serveNumbers();
  const fresh = await proved(bob);
  await fresh.ask({ fresh: true });
  const plain = bob.lastCode();
  const form = formIn(await land(fresh, NUMBER), "number");
  await submit(fresh, { ...form, action: "/2fa/number/code" }, { auth_code: plain });
  expect(bob.saved).toEqual([]);
});

test("the code that has put a number on record does not pass for the next one to the same number", async () => {
  fakeDate();
  const served = await serveNumbers();
  const ann = await proved(served);
  await propose(ann, NEW);
  const first = served.lastCode();
  await enter(ann, first);
  pass(30);
  await propose(ann, NEW);
  const refused = await enter(ann, first);
  expect(refused.headers.location).toContain(NUMBER);
  expect(served.events.at(-1)).toMatchObject({ type: "wrong_code", attemptsLeft: 4 });
  await enter(ann, served.lastCode());
  expect(served.saved).toEqual([NEW, NEW]);
});

test("five wrong codes end it, and nothing is saved", async () => {
  const { signedIn, saved, lastCode } = await serveNumbers();
  const ann = await signedIn();
  await propose(ann, NEW);
  const form = formIn(await land(ann, NUMBER), "number/code");
  for (const wrong of wrongCodes(lastCode(), 5)) await submit(ann, form, { auth_code: wrong });
  const tried = await submit(ann, form, { auth_code: lastCode() });
  const page = await land(ann, String(tried.headers.location));
  expect(page.text).toContain('type="tel"');
  expect(saved).toEqual([]);
});

test("a save that fails is told, keeps the code good, and tells nobody of a change", async () => {
  let fails = 1;
  const saved: string[] = [];
  const { signedIn, changes, lastCode, events } = await serveNumbers({
    savePhone: (_req, phone) => {
      fails -= 1;
      if (fails >= 0) throw new Error(`no room for ${phone}`);
      saved.push(phone);
    },
  });
  const ann = await signedIn();
  await propose(ann, NEW);
  const failed = await enter(ann, lastCode());
  expect(failed.status).toBe(503);
  expect(failed.text).not.toContain("no room");
  expect(failed.text + JSON.stringify(events)).not.toContain(NEW.slice(1));
  expect(changes).toEqual([]);
  expect(await ann.visit()).toBe(403);
  expect((await enter(ann, lastCode())).status).toBe(303);
  expect(saved).toEqual([NEW]);
  expect(changes).toHaveLength(1);
});

test("a save that fails leaves the proof of the present number as it was, so that the same code saves it after all", async () => {
  let fails = 1;
  const saved: string[] = [];
  const served = await serveNumbers({
    savePhone: (_req, phone) => {
      fails -= 1;
      if (fails >= 0) throw new Error("no room");
      saved.push(phone);
    },
  });
  const ann = await proved(served);
  await propose(ann, NEW);
  expect((await enter(ann, served.lastCode())).status).toBe(503);
  expect(await ann.visit()).toBe(200);
  expect((await enter(ann, served.lastCode())).status).toBe(303);
  expect(saved).toEqual([NEW]);
});

test("nothing is at fault without a hook, and one that throws is told of and changes nothing", async () => {
  jest.spyOn(process, "emitWarning").mockReturnValue();
  const throws = () => {
    throw new Error("mail");
  };
  for (const [onPhoneChange, faults] of [
    [undefined, []],
    [throws, ["on_phone_change"]],
  ] as const) {
    const { signedIn, saved, lastCode, events } = await serveNumbers({ onPhoneChange });
    const ann = await signedIn();
    await propose(ann, NEW);
    await enter(ann, lastCode());
    expect(saved).toEqual([NEW]);
    expect(await ann.visit()).toBe(200);
    const told = events.filter(({ type }) => type === "fault");
    expect(told.map(({ reason }) => reason)).toEqual(faults);
  }
});

test("a double click on the code saves once, and both clicks end where the person wanted to go", async () => {
  const { signedIn, saved, lastCode } = await serveNumbers();
  const ann = await signedIn();
  await propose(ann, NEW, `${NUMBER}?returnTo=%2Fprivate`);
  const form = formIn(await land(ann, `${NUMBER}?returnTo=%2Fprivate`), "number/code");
  const before = ann.copy();
  const first = await submit(ann, form, { auth_code: lastCode() });
  const second = await submit(before, form, { auth_code: lastCode() });
  expect([first.status, second.status]).toEqual([303, 303]);
  for (const { headers } of [first, second]) {
    expect((await land(ann, String(headers.location))).path).toBe("/private");
  }
  expect(saved).toEqual([NEW]);
});

test("a page from before the number was proved leads on, with a form as without one", async () => {
  const { signedIn, saved, lastCode } = await serveNumbers();
  const ann = await signedIn();
  const wanted = `${NUMBER}?returnTo=%2Fprivate`;
  const address = String((await propose(ann, NEW, wanted)).headers.location);
  const page = await land(ann, address);
  await enter(ann, lastCode(), wanted);
  expect((await land(ann, address)).path).toBe("/private");
  for (const to of ["number/code", "number/text"] as const) {
    const stale = await submit(ann, formIn(page, to), { auth_code: lastCode() });
    expect((await land(ann, String(stale.headers.location))).path).toBe("/private");
  }
  // Whoever opens the number page itself wants to change the number.
  expect((await land(ann, wanted)).text).toContain('type="tel"');
  expect(saved).toEqual([NEW]);
});

test("the code of a new number has one field, which a phone fills in (R101, R107, R108, R111)", async () => {
  const { signedIn } = await serveNumbers();
  const ann = await signedIn();
  await propose(ann, NEW);
  const page = await land(ann, NUMBER);
  const fields = page.text.match(/<input(?! type="hidden")[^>]*>/g) ?? [];
  expect(fields.filter((field) => !field.includes('type="hidden"'))).toHaveLength(1);
  expect(fields.join("")).toMatch(
    /type="text"\s+inputmode="numeric"\s+autocomplete="one-time-code"/,
  );
  expect(page.text).not.toContain("maxlength");
  expect(wordsIn(page)).toContain("It is good for 10 minutes.");
  expect(wordsIn(page)).toContain("It may take a few minutes.");
  expect(formIn(page, "number/text").fields).not.toHaveProperty("number");
});

test.each([
  ["", "Enter the security code"],
  ["123", "not entered enough numbers, the code must be 6 numbers"],
  ["1234567", "entered too many numbers, the code must be 6 numbers"],
  ["12345a", "The code must be 6 numbers"],
  ["wrong", "Enter a correct security code"],
])("the code %p to a new number is told in words of its own (R104, R105)", async (typed, told) => {
  const { signedIn, saved, lastCode } = await serveNumbers();
  const ann = await signedIn();
  await propose(ann, NEW);
  const code = typed === "wrong" ? (wrongCodes(lastCode(), 1)[0] ?? "") : typed;
  const page = await land(ann, String((await enter(ann, code)).headers.location));
  expect(wordsIn(page)).toContain(told);
  expect(page.text).toContain('aria-describedby="sms2fa-code-hint sms2fa-code-error"');
  expect(page.text).toContain('aria-invalid="true"');
  expect(page.text).toContain("<title>Error: ");
  expect(saved).toEqual([]);
});

test("a code to a new number that comes too late leads to one clear way on (R105, R107)", async () => {
  fakeDate();
  const { signedIn, saved, lastCode } = await serveNumbers();
  const ann = await signedIn();
  await propose(ann, NEW);
  const form = formIn(await land(ann, NUMBER), "number/code");
  pass(601);
  const late = await submit(ann, form, { auth_code: lastCode() });
  const page = await land(ann, String(late.headers.location));
  expect(wordsIn(page)).toContain("The security code has expired. Request a new code");
  expect(page.text).toContain('href="#sms2fa-send"');
  expect(page.text).not.toContain("aria-invalid");
  expect(page.text.match(/<form[^>]*action="\/2fa\//g)).toHaveLength(1);
  expect(saved).toEqual([]);
});

test("a text that could not be sent is told at the button, and the number is not said to be wrong", async () => {
  const { signedIn, sent } = await serveNumbers(
    {},
    { sender: () => Promise.reject(new Error("gateway")) },
  );
  const ann = await signedIn();
  const named = await propose(ann, NEW);
  const page = await land(ann, String(named.headers.location));
  expect(wordsIn(page)).toContain("The text could not be sent");
  expect(page.text).toContain('href="#sms2fa-send"');
  expect(page.text).toContain('id="sms2fa-send"');
  expect(page.text).not.toContain("aria-invalid");
  expect(sent).toEqual([]);
});

test.each([
  ["<script>alert(1)</script>", "country code"],
  ["+1 202", "country code"],
  ["", "country code"],
  ["+44 7400 123456", "of this country"],
  ["+1 900 555 0123", "cannot text"],
])("%p is told beside the field, kept in it, and costs nothing", async (number, told) => {
  const { signedIn, sent } = await serveNumbers();
  const ann = await signedIn();
  const page = await propose(ann, number);
  expect(page.status).toBe(422);
  expect(page.text).toContain("<title>Error: ");
  expect(page.text).toContain('aria-invalid="true"');
  expect(wordsIn(page)).toContain(told);
  expect(page.text).not.toContain("<script>alert");
  if (number.startsWith("+")) expect(page.text).toContain(`value="${number}"`);
  expect(sent).toEqual([]);
});

test("the text is sent again to the same number, and another number can be named instead", async () => {
  fakeDate();
  const { signedIn, sent } = await serveNumbers();
  const ann = await signedIn();
  await propose(ann, NEW);
  pass(31);
  await submit(ann, formIn(await land(ann, NUMBER), "number/text"));
  expect(sent.map(({ to }) => to)).toEqual([NEW, NEW]);
  expect(codeIn(sent[1])).toBe(codeIn(sent[0]));
  const page = await land(ann, `${NUMBER}?other=1`);
  expect((await submit(ann, formIn(page, "number"), { number: BOB })).status).toBe(303);
  expect(sent.at(-1)?.to).toBe(BOB);
});

test("a foreign form, and one without its token, names no number", async () => {
  const { signedIn, sent } = await serveNumbers();
  const ann = await signedIn();
  const form = formIn(await land(ann, NUMBER), "number");
  const cross = await submit(ann, form, { number: NEW }, { "Sec-Fetch-Site": "cross-site" });
  expect(cross.status).toBe(403);
  const bare = await submit(ann, { ...form, fields: {} }, { number: NEW });
  expect(bare.status).toBe(403);
  const forged = { ...form, fields: { form_token: "x".repeat(43) } };
  expect((await submit(ann, forged, { number: NEW })).status).toBe(303);
  expect(sent).toEqual([]);
});

test("budgets bound it: numbers can't be tried one after the other", async () => {
  const { signedIn, sent } = await serveNumbers();
  const ann = await signedIn();
  const numbers = Array.from({ length: 8 }, (_, index) => `+1202555014${index}`);
  for (const number of numbers) await propose(ann, number, `${NUMBER}?other=1`);
  expect(sent).toHaveLength(5);
});

test("without savePhone the path is the app's own, and a guard in front lets nobody through to it", async () => {
  const { signedIn } = await serve({
    options: { pages: true },
    mountWith: (app, two) => {
      app.use(two.require2fa());
      app.use("/2fa", two.router);
      app.all("/2fa/number", (_req, res) => res.send("secret"));
    },
  });
  const ann = await signedIn();
  expect((await ann.get(NUMBER)).text).not.toContain("secret");
  expect((await ann.post(NUMBER)).text).not.toContain("secret");
});

test("a number on record that can't be read is refused, not replaced", async () => {
  const { signedIn, phones } = await serveNumbers();
  phones.set("ann", "none of your business");
  const ann = await signedIn();
  const page = await land(ann, NUMBER);
  expect(page.status).toBe(400);
  expect(wordsIn(page)).toContain("The phone number in your account is not complete.");
  expect(page.text).not.toContain('type="tel"');
});

test("a number on record that is no string, as a database column gives it, is not replaced without a proof of it", async () => {
  const { signedIn, phones, saved } = await serveNumbers();
  phones.set("ann", 12025550123 as never);
  const ann = await signedIn();
  const page = await land(ann, NUMBER);
  expect(page.status).toBe(503);
  expect(page.text).not.toContain('type="tel"');
  expect(saved).toEqual([]);
});

test("the app's other ways stand on the code page with the risk of texts, and none of them runs a script (R84)", async () => {
  const { signedIn, phones } = await serveNumbers({
    alternatives: () => [
      { href: "/passkey", label: "Use <a> passkey" },
      { href: "javascript:alert(1)", label: "Evil" },
      { href: "//evil.example", label: "Evil" },
    ],
  });
  phones.set("ann", ANN);
  const page = await land(await signedIn(), "/2fa/");
  expect(page.text).toContain('href="/passkey">Use &lt;a&gt; passkey</a>');
  expect(wordsIn(page)).toContain("Texts can be intercepted");
  expect(page.text).not.toContain("Evil");
});

test.each([{ onPhoneChange: () => undefined }, { endSessionsPath: "/end" }])(
  "%p without savePhone is refused at start-up",
  async (pages) => {
    await expect(serve({ options: { pages } })).rejects.toThrow(
      /Expected `pages.savePhone` beside/,
    );
  },
);

test("a form that comes after a stale proof is told so, and what to enter once more (C238)", async () => {
  fakeDate();
  const served = await serveNumbers();
  const { sent, lastCode } = served;
  const ann = await proved(served);
  const form = formIn(await land(ann, NUMBER), "number");
  pass(121);
  const late = await submit(ann, form, { number: NEW });
  const ask = await land(ann, String(late.headers.location));
  expect(ask.text).toContain('role="alert"');
  expect(wordsIn(ask)).toContain("Your last code was entered too long ago to change your number");
  expect(`${ask.path}${ask.text}`).not.toContain("0177");
  const page = await askOnPage(ann, ask.path);
  const entered = await submit(ann, formIn(page, "code"), { auth_code: lastCode() });
  const again = await land(ann, String(entered.headers.location));
  expect(again.text).toMatch(/role="status"[^>]*>\s*Your new number is not saved yet/);
  expect((await submit(ann, formIn(again, "number"), { number: NEW })).status).toBe(303);
  expect(sent.at(-1)?.to).toBe(NEW);
  // Sealed for this user: a link can't make another's page say it.
  const eve = await served.signedIn("eve", null);
  expect(wordsIn(await land(eve, again.path))).not.toContain("not saved yet");
});

test("a number that another user of the same session has named is neither shown nor texted again", async () => {
  const s = await serveNumbers();
  const client = await s.signedIn();
  await propose(client, "+1 202 555 0177");
  expect(s.sent).toHaveLength(1);
  const again = formIn(await land(client, NUMBER), "number/text");
  // A log-in that renews nothing.
  await client.signIn("bob", null);
  expect((await land(client, NUMBER)).text).toMatch(/type="tel"/);
  await submit(client, again);
  expect(s.sent).toHaveLength(1);
});
