/** The offer to be called instead: when it is there, what it asks for, and what the page says then. */

import { serve, type Client, type ServeOptions, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { TwoFactorError, type TwoFactorOptions } from "../../lib";
import { PAGE_WORDS } from "../../lib/pages/words/locale";
import { askOnPage, formIn, land, servePages, submit, wayOn, wordsIn, type Form } from "./visitor";

const { en } = PAGE_WORDS;

const serveCalling = (options: Partial<TwoFactorOptions> = {}, more: ServeOptions = {}) =>
  servePages({ ...more, options: { channels: ["sms", "call"], ...options } });

beforeEach(fakeDate);

/** The form of a page that asks for a call, and whether it is shown yet. */
function callIn({ text }: { text: string }): (Form & { isHidden: boolean }) | undefined {
  for (const [form] of text.matchAll(/<form.*?<\/form>/gs)) {
    if (!form.includes('name="channel" value="call"')) continue;
    const [, to = "code"] = /action="[^"]*\/(number\/text|text)[?"]/.exec(form) ?? [];
    const isHidden = /^<form[^>]*\shidden\s/.test(form);
    return { ...formIn({ text: form }, to as "text"), isHidden };
  }
  return undefined;
}

/** Presses the button for a call, and gives the page that comes of it. */
async function pressCall(client: Client, page: { text: string }) {
  const form = callIn(page);
  if (form === undefined) throw new Error("The page offers no call.");
  const { headers } = await submit(client, form);
  return land(client, String(headers.location));
}

/** A page whose text may be late. */
async function late(s: Served): Promise<{ ann: Client; page: { text: string } }> {
  const ann = await s.signedIn();
  await askOnPage(ann);
  pass(30);
  return { ann, page: await land(ann, "/2fa/") };
}

test("no page offers a call where `channels` has none", async () => {
  const s = await servePages();
  const { page } = await late(s);
  expect(callIn(page)).toBeUndefined();
  expect(wordsIn(page)).not.toContain(en.call);
  expect(page.text).toContain(`data-can-resend="${en.canResend}"`);
});

test("before a text no call is offered, after it at once, and shown once the text may be late", async () => {
  const s = await serveCalling();
  const ann = await s.signedIn();
  expect(callIn(await land(ann, "/2fa/"))).toBeUndefined();
  const fresh = await askOnPage(ann);
  expect(callIn(fresh)).toMatchObject({ isHidden: true });
  expect(fresh.text).toContain(`data-can-resend="${en.canCall}"`);
  pass(30);
  const page = await land(ann, "/2fa/");
  expect(callIn(page)).toMatchObject({ isHidden: false, fields: { channel: "call" } });
  expect(wordsIn(page)).toContain(`${en.callHint} ${en.call}`);
});

test("the call has the same code, the page says that the phone will ring, and the proof is of a call", async () => {
  const s = await serveCalling();
  const { ann, page } = await late(s);
  const called = await pressCall(ann, page);
  expect(s.sent.map(({ channel }) => channel)).toEqual(["sms", "call"]);
  expect(s.sent[1]?.code).toBe(s.sent[0]?.code);
  expect(called.text).toMatch(/role="status"[^>]*>\s*Your phone will ring in a moment\./);
  const words = wordsIn(called);
  expect(words).toContain("We are calling your phone number ending in 23 with a security code.");
  expect(words).toContain("The 6 numbers in the call");
  expect(words).toContain(`${en.missedTitle} ${en.missed}`);
  const entered = await submit(ann, formIn(called, "code"), { auth_code: s.lastCode() });
  expect(await wayOn(ann, entered)).toBe("/");
  expect((await ann.get("/verification")).body).toMatchObject({ verification: { amr: ["tel"] } });
});

test("pressed too early, it rings nobody, and says what was sent last", async () => {
  const s = await serveCalling();
  const ann = await s.signedIn();
  const early = await pressCall(ann, await askOnPage(ann));
  expect(wordsIn(early)).toContain(en.isPending);
  expect(s.sent).toHaveLength(1);
  pass(30);
  const page = await pressCall(ann, await land(ann, "/2fa/"));
  expect(wordsIn(await pressCall(ann, page))).toContain(en.isCallPending);
  expect(s.sent).toHaveLength(2);
});

test("once the calls are used up the page says until when, and a text can still be had", async () => {
  const s = await serveCalling({ limits: { calls: { max: 1, window: 600 }, cooldown: 30 } });
  const { ann, page } = await late(s);
  await pressCall(ann, page);
  pass(100);
  const refused = await pressCall(ann, await land(ann, "/2fa/"));
  expect(wordsIn(refused)).toContain(en.tooManyCalls("9 minutes"));
  const { headers } = await submit(ann, formIn(refused, "text"));
  expect(wordsIn(await land(ann, String(headers.location)))).toContain(en.isSent);
  expect(s.sent.map(({ channel }) => channel)).toEqual(["sms", "call", "sms"]);
});

const failing = (channel: "sms" | "call", code: "cannot_text_number" | "delivery_failed") => ({
  sender: (message: { channel: string }) => {
    if (message.channel === channel) throw new TwoFactorError(code, "No.");
  },
});

test("a call that fails is told of as one, and leaves the text's code good", async () => {
  const s = await serveCalling(failing("call", "delivery_failed"));
  const { ann, page } = await late(s);
  const failed = await pressCall(ann, page);
  expect(wordsIn(failed)).toContain(en.callFailed);
  expect(wordsIn(failed)).toContain("We have texted a security code");
  expect(callIn(failed)).toMatchObject({ isHidden: false });
});

test.each(["cannot_text_number", "delivery_failed"] as const)(
  "where no text can be had (%s), a call is offered at once",
  async (code) => {
    const s = await serveCalling(failing("sms", code));
    const ann = await s.signedIn();
    const page = await askOnPage(ann);
    expect(wordsIn(page)).toContain(
      code === "delivery_failed" ? en.deliveryFailed : en.cannotTextNumber,
    );
    const called = await pressCall(ann, page);
    expect(wordsIn(called)).toContain(en.isCalled);
  },
);

test("a form that asks for a call where there are none sends nothing", async () => {
  const s = await servePages();
  const { ann, page } = await late(s);
  const { action, fields } = formIn(page, "text");
  const { headers } = await submit(ann, { action, fields: { ...fields, channel: "call" } });
  expect(wordsIn(await land(ann, String(headers.location)))).toContain(en.staleForm);
  expect(s.sent).toHaveLength(1);
});

test("a number that is not on record yet is called too, and saved with the code of the call", async () => {
  const saved: string[] = [];
  const pages = { savePhone: (_req: unknown, phone: string) => saved.push(phone) };
  for (const channels of [["sms", "call"], ["sms"]] as const) {
    const s = await serve({ options: { pages, channels: [...channels] } });
    const ann = await s.signedIn("ann", null);
    const typed = formIn(await land(ann, "/2fa/number"), "number");
    await submit(ann, typed, { number: "+12025550177" });
    pass(30);
    const page = await land(ann, "/2fa/number");
    if (!(channels as readonly string[]).includes("call")) {
      const { action, fields } = formIn(page, "number/text");
      await submit(ann, { action, fields: { ...fields, channel: "call" } });
      expect(s.sent).toHaveLength(1);
      continue;
    }
    const called = await pressCall(ann, page);
    expect(wordsIn(called)).toContain("We are calling your phone number ending in 77");
    expect(s.sent[1]).toMatchObject({ channel: "call", to: "+12025550177", purpose: "" });
    await submit(ann, formIn(called, "number/code"), { auth_code: s.lastCode() });
    expect(saved).toEqual(["+12025550177"]);
  }
});

test.each(Object.entries(PAGE_WORDS))(
  "in %s every word of calls is that language's",
  async (tag, words) => {
    const s = await serveCalling({ limits: { calls: { max: 1, window: 600 } } });
    const ann = await s.signedIn();
    await ann.post("/sign-in", { id: "ann", phone: "+12025550123", locale: tag });
    await askOnPage(ann);
    pass(30);
    const page = await land(ann, "/2fa/");
    expect(wordsIn(page)).toContain(`${words.callHint} ${words.call}`.replace(/\s+/g, " "));
    expect(page.text).toContain(`data-can-resend="${words.canCall}"`);
    const called = wordsIn(await pressCall(ann, page));
    const [before = "", after = ""] = words.calledTo("23").split("23");
    for (const said of [before.trim(), after.trim(), words.hintCalled(6), words.missedTitle]) {
      expect(called).toContain(said.replace(/\s+/g, " "));
    }
    expect(called).toContain(words.isCalled.replace(/\s+/g, " "));
    pass(60);
    const refused = wordsIn(await pressCall(ann, await land(ann, "/2fa/")));
    expect(refused).toContain(words.tooManyCalls("9").split("9")[0]?.trim());
  },
);
