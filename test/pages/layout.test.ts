/** The app's own layout, where it gives no document: whoever is there gets a page, and the app hears why. */

import { Html, html, type PageLayout } from "../../lib";
import { open, servePages } from "./visitor";

afterEach(() => {
  jest.restoreAllMocks();
});

const asLayout = (layout: unknown) => layout as PageLayout;

async function withLayout(layout: PageLayout) {
  const warned = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const s = await servePages({ options: { pages: { layout } } });
  const client = await s.signedIn();
  const page = await open(client, "/2fa/");
  const warnings = () =>
    warned.mock.calls
      .filter(([, options]) => JSON.stringify(options).includes("SMS2FA_LAYOUT"))
      .map(([message]) => String(message));
  return { s, client, page, warnings };
}

test.each<[string, PageLayout, string, RegExp]>([
  [
    "throws",
    () => {
      throw new Error("no template account.ejs");
    },
    "layout_threw",
    /`pages\.layout` threw/,
  ],
  ["returns nothing", asLayout(() => undefined), "layout_empty", /as a text, got undefined\./],
  ["returns an empty text", () => "", "layout_empty", /as a text, got an empty text\./],
  ["returns a number", asLayout(() => 7), "layout_empty", /as a text, got 7\./],
  [
    "returns what html makes, without its text",
    asLayout((page: string) => html`<main>${new Html(page)}</main>`),
    "layout_empty",
    /as a text, got a value of type object\. Of html`…`, give the `text`\./,
  ],
])(
  "a layout that %s is told of once, and answered with a page of trouble (C254)",
  async (_what, layout, reason, sentence) => {
    const { s, client, page, warnings } = await withLayout(layout);
    expect([page.status, page.type]).toEqual([503, "text/html"]);
    expect(page.text).toMatch(/<h1/);
    expect(page.headers).toMatchObject({ "cache-control": "no-store", "retry-after": "5" });
    expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(s.errors).toEqual([]);
    expect(s.events.at(-1)).toMatchObject({ type: "refused", code: "unavailable", reason });
    expect((await open(client, "/2fa/")).status).toBe(503);
    expect(warnings()).toEqual([expect.stringMatching(sentence)]);
  },
);

test("a layout that rejects is one that throws: told once in a process (C254)", async () => {
  const { s, page, warnings } = await withLayout(() => Promise.reject(new Error("no template")));
  expect(page.status).toBe(503);
  expect(s.events.at(-1)).toMatchObject({ type: "refused", reason: "layout_threw" });
  expect(warnings()).toEqual([]);
});

test("a layout that fails now and then serves its page the next time (C254)", async () => {
  let isBroken = true;
  const { client, page } = await withLayout((body) => (isBroken ? "" : `<main>${body}</main>`));
  expect(page.status).toBe(503);
  isBroken = false;
  const next = await open(client, "/2fa/");
  expect([next.status, next.text]).toEqual([200, expect.stringMatching(/^<main>/)]);
});
