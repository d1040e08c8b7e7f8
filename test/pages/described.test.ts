/** A described action over the pages: it is shown before the text and beside the code, and the form that asked is not lost. */

import express from "express";
import { LONGEST_DESCRIPTION } from "../../lib/options/purposes";
import type { ServeOptions } from "../fakes/app";
import { askOnPage, formIn, land, open, servePages, submit, wayOn, wordsIn } from "./visitor";

declare module "express-session" {
  interface SessionData {
    pending?: string;
  }
}

/** An app as in docs/step-up.md. */
const serveTransfers = (given: ServeOptions = {}) =>
  servePages({
    ...given,
    options: {
      purposes: { transfer: { describe: (req) => req.session.pending, once: true } },
      ...given.options,
    },
    before: (app, two) => {
      const form = express.urlencoded({ extended: false });
      app.post("/transfer", form, (req, res) => {
        req.session.pending = `pay ${(req.body as { amount: string }).amount} USD to Alice`;
        res.redirect(303, "/2fa/?purpose=transfer&returnTo=/transfer/confirm");
      });
      app.get("/transfer/confirm", (_req, res) => {
        res.send('<form method="post"><button>Send the money</button></form>');
      });
      app.get("/guarded", two.require2fa({ purpose: "transfer" }), (_req, res) => res.json({}));
      app.post("/transfer/confirm", two.require2fa({ purpose: "transfer" }), (req, res) => {
        const done = req.session.pending;
        delete req.session.pending;
        res.json({ done });
      });
    },
  });

test("a form is kept over the code page, which shows what it asks for, and is done once", async () => {
  const s = await serveTransfers();
  const client = await s.signedIn();
  const posted = await client.post("/transfer").type("form").send({ amount: "50.00" });
  const asking = await open(client, String(posted.headers.location));
  expect(wordsIn(asking)).toContain("With the code you confirm: pay 50.00 USD to Alice");
  const answering = await askOnPage(client, String(posted.headers.location));
  expect(answering.text).toContain(
    "With the code you confirm: <strong><bdi>pay 50.00 USD to Alice</bdi></strong>",
  );
  expect(s.sent[0]?.text).toContain('"pay 50.00 USD to Alice"');
  const code = { auth_code: s.lastCode() };
  const answered = await submit(client, formIn(answering, "code"), code);
  expect(await wayOn(client, answered)).toBe("/transfer/confirm");
  expect((await client.post("/transfer/confirm")).body).toEqual({
    done: "pay 50.00 USD to Alice",
  });
  expect((await client.post("/transfer/confirm")).status).toBe(400);
});

test("what changes meanwhile in another tab is asked for anew, by the page as it is then", async () => {
  const s = await serveTransfers();
  const client = await s.signedIn();
  const posted = await client.post("/transfer").type("form").send({ amount: "50.00" });
  const answering = await askOnPage(client, String(posted.headers.location));
  await client.post("/transfer").type("form").send({ amount: "5000.00" });
  const answered = await submit(client, formIn(answering, "code"), { auth_code: s.lastCode() });
  const page = await land(client, String(answered.headers.location));
  expect(wordsIn(page)).toContain("pay 5000.00 USD to Alice");
  expect(wordsIn(page)).toContain("The security code has expired. Request a new code");
  expect((await client.post("/transfer/confirm")).status).toBe(403);
});

test("a description is text on the page, whatever stands in it", async () => {
  const s = await serveTransfers();
  const client = await s.signedIn();
  await client.post("/transfer").type("form").send({ amount: '</bdi><script>"&' });
  const page = await open(client, "/2fa/?purpose=transfer");
  expect(page.text).toContain("pay &lt;/bdi&gt;&lt;script&gt;&#39;&amp; USD to Alice");
  expect(page.text).not.toContain("<script>'");
});

test("where nothing is pending, page and guard say so and lead home, in no circle", async () => {
  const s = await serveTransfers({ options: { pages: { homePath: "/home" } } });
  const client = await s.signedIn();
  for (const path of ["/2fa/?purpose=transfer&returnTo=/transfer/confirm", "/guarded"]) {
    const page = await land(client, path);
    expect(page.status).toBe(400);
    expect(page.path).toBe(path);
    expect(page.text).toContain('<a class="sms2fa-link" href="/home">');
  }
});

test("the plain page and another purpose's show none of it", async () => {
  const s = await serveTransfers({
    options: {
      purposes: { transfer: { describe: (req) => req.session.pending }, settings: {} },
    },
  });
  const client = await s.signedIn();
  await client.post("/transfer").type("form").send({ amount: "50.00" });
  for (const path of ["/2fa/", "/2fa/?purpose=settings"]) {
    expect(wordsIn(await open(client, path))).not.toContain("Alice");
  }
});

test.each(["en", "es", "fr", "de", "pt", "ar"])("in %s the longest is shown whole", async (tag) => {
  const longest = "x".repeat(LONGEST_DESCRIPTION);
  const s = await servePages({ options: { purposes: { pay: { describe: () => longest } } } });
  const client = await s.signedIn();
  const page = await open(client, "/2fa/?purpose=pay", { "Accept-Language": tag });
  expect(page.text).toContain(`<html lang="${tag}"`);
  expect(page.text).toContain(`<strong><bdi>${longest}</bdi></strong>`);
});
