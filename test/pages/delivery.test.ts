/** What the pages say of a text's fate: in every language, after a reload, and to their own script. */

import { TwoFactorError } from "../../lib";
import { PAGE_WORDS } from "../../lib/pages/words/locale";
import type { Client, ServeOptions, Served } from "../fakes/app";
import { callBack, PUBLIC_URL, SIGNING_KEY, told } from "../fakes/reporting";
import { askOnPage, formIn, land, open, servePages, submit, wordsIn } from "./visitor";

const deliveryStatus = { publicUrl: PUBLIC_URL, signingKey: SIGNING_KEY };

function serveTelling({ options, ...given }: ServeOptions = {}): Promise<Served> {
  return servePages({ ...given, options: { deliveryStatus, ...options } });
}

const STOPPED = told("undelivered", { ErrorCode: "30004" });
const line = /<p class="sms2fa-delivery" aria-live="polite" data-delivery>([^<]*)<\/p>/;
const lineIn = ({ text }: { text: string }) => line.exec(text)?.[1];

test("a page that is loaded again says what became of the text, and no longer that it is on its way", async () => {
  const s = await serveTelling();
  const ann = await s.signedIn();
  const sent = await submit(ann, formIn(await land(ann, "/2fa/"), "text"));
  const page = await land(ann, String(sent.headers.location));
  expect(lineIn(page)).toBe("");
  expect(wordsIn(page)).toContain("The text is on its way.");
  await callBack(s, told("delivered"));
  const again = await open(ann, page.path);
  expect(lineIn(again)).toBe("The text has arrived on your phone.");
  expect(wordsIn(again)).not.toContain("on its way");
  await submit(ann, formIn(again, "code"), { auth_code: s.lastCode() });
  expect(await ann.visit()).toBe(200);
});

test.each(Object.entries(PAGE_WORDS))(
  "in %s each fate has its words, the opted-out number START",
  async (locale, words) => {
    for (const [parameters, said] of [
      [told("delivered"), words.delivered],
      [told("undelivered"), words.undelivered],
      [STOPPED, `${words.optedOut}${words.stop}`],
    ] as const) {
      const s = await serveTelling();
      const ann = s.client();
      await ann.post("/sign-in", { id: "ann", phone: "+12025550123", locale });
      await askOnPage(ann);
      await callBack(s, [...parameters]);
      const page = await land(ann, "/2fa/");
      expect(page.text).toContain(`lang="${locale}"`);
      expect(wordsIn(page)).toContain(said.replace(/\s+/g, " ").trim());
    }
    expect(words.optedOut).toMatch(/STOP.*START/);
    expect(words.cannotTextNumber).toContain("START");
  },
);

test("without the option nothing is said, and nothing is asked", async () => {
  const { signedIn } = await servePages();
  const ann = await signedIn();
  const page = await askOnPage(ann);
  expect(page.text).not.toContain("data-delivery");
  const asked = await ann.get("/2fa/").set("Accept", "application/json");
  expect(asked.type).toBe("text/html");
});

describe("a number that has opted out", () => {
  const sender = () => {
    throw new TwoFactorError("cannot_text_number", "No.", { reason: "opted_out" });
  };

  test("is told so where a text to it is refused at once, with the way back in", async () => {
    const s = await serveTelling({ options: { sender } });
    const ann = await s.signedIn();
    const page = await askOnPage(ann);
    expect(wordsIn(page)).toContain("Text START to the number that our texts came from");
    expect((await ann.ask()).body).toMatchObject({
      code: "cannot_text_number",
      detail: expect.stringMatching(/^It has opted out of texts\. Text START/) as string,
    });
  });

  test("is told nothing of it where somebody only types it", async () => {
    const s = await serveTelling({
      options: { sender, pages: { savePhone: () => undefined } },
    });
    const ann = await s.signedIn("ann", null);
    const page = await land(ann, "/2fa/number");
    const answer = await submit(ann, formIn(page, "number"), { number: "+12025550123" });
    expect(wordsIn(answer)).toContain("It may be a landline, or have opted out of texts");
    expect(wordsIn(answer)).not.toContain("STOP");
    const { text } = await s.client().ask({ number: "+12025550123" });
    expect(text).not.toContain("It has opted out");
  });

  test("is told nothing of it by a callback there either", async () => {
    const s = await serveTelling({ options: { pages: { savePhone: () => undefined } } });
    const ann = await s.signedIn("ann", null);
    await submit(ann, formIn(await land(ann, "/2fa/number"), "number"), { number: "+12025550123" });
    await callBack(s, STOPPED);
    const page = await land(ann, "/2fa/number");
    expect(lineIn(page)).toBe(PAGE_WORDS.en.undelivered);
  });
});

test("of a call, no more is said than that nobody has answered it", async () => {
  const s = await serveTelling({ options: { channels: ["sms", "call"] } });
  const ann = await s.signedIn();
  await ann.ask({ channel: "call" });
  await callBack(s, [["CallStatus", "completed"]]);
  expect(lineIn(await land(ann, "/2fa/"))).toBe("");
  const bob = await s.signedIn("bob", "+12025550188");
  await bob.ask({ channel: "call" });
  await callBack(s, [["CallStatus", "no-answer"]]);
  expect(lineIn(await land(bob, "/2fa/"))).toBe(PAGE_WORDS.en.callMissed);
});

describe("the page's script", () => {
  const ask = async (client: Client, path = "/2fa/") => {
    const answer = await client.get(path).set("Accept", "application/json");
    return { news: (answer.body as { news?: unknown }).news, answer };
  };

  test("hears of the text of the page that it stands on, whatever else is open", async () => {
    const s = await serveTelling({ options: { purposes: ["pay"] } });
    const ann = await s.signedIn();
    await askOnPage(ann, "/2fa/");
    await askOnPage(ann, "/2fa/?purpose=pay");
    await callBack(s, told("delivered"), s.sent[0]?.statusCallback);
    await callBack(s, told("undelivered"), s.sent[1]?.statusCallback);
    expect((await ask(ann)).news).toBe(PAGE_WORDS.en.delivered);
    expect((await ask(ann, "/2fa/?purpose=pay")).news).toBe(PAGE_WORDS.en.undelivered);
  });

  test("hears nothing while there is none, and that there is nothing more to hear of", async () => {
    const s = await serveTelling();
    const ann = await s.signedIn();
    expect((await ask(ann)).news).toBeNull();
    await askOnPage(ann);
    expect((await ask(ann)).news).toBe("");
    await ann.answer(s.lastCode());
    expect((await ask(ann)).news).toBeNull();
    const nobody = (await ask(s.client())).answer;
    expect(nobody.type).not.toBe("application/json");
  });

  test("hears of a number that is being added", async () => {
    const s = await serveTelling({ options: { pages: { savePhone: () => undefined } } });
    const ann = await s.signedIn("ann", null);
    await submit(ann, formIn(await land(ann, "/2fa/number"), "number"), { number: "+12025550123" });
    await callBack(s, told("delivered"));
    expect((await ask(ann, "/2fa/number")).news).toBe(PAGE_WORDS.en.delivered);
  });

  test("leaves the session alone, so that a slow answer brings no dead one back", async () => {
    const s = await serveTelling({ session: { rolling: true, resave: true } });
    const ann = await s.signedIn();
    await askOnPage(ann);
    const { answer } = await ask(ann);
    expect(answer.headers).not.toHaveProperty("set-cookie");
    expect(answer.headers["cache-control"]).toBe("no-store");
  });
});
