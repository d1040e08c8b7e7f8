/** The pages' colours in frames of the app's: every system, frame and way of setting a property. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import ts from "typescript";
import type { PageLayout } from "../../lib";
import { PAGE_WORDS } from "../../lib/pages/words/locale";
import { html, Html } from "../../lib/std/html";
import { serve } from "../fakes/app";
import { openWindow, picture, useChromium, type Window } from "./chromium";

jest.setTimeout(180_000);

useChromium();

const DOCS = readFileSync(join(__dirname, "..", "..", "docs", "pages.md"), "utf8");

/** The worst contrast of text with what is behind it, and the text (WCAG 2.2, 1.4.3). */
function contrastIn(page: Page): Promise<{ ratio: number; text: string }> {
  return page.evaluate(() => {
    const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    if (paint === null) throw new Error("no canvas");
    // Whatever space a colour is written in, a pixel of it is red, green, blue and alpha.
    const pixel = (color: string): number[] => {
      paint.clearRect(0, 0, 1, 1);
      paint.fillStyle = color;
      paint.fillRect(0, 0, 1, 1);
      return [...paint.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (color: number[]): number => {
      const [r = 0, g = 0, b = 0] = color.slice(0, 3).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const groundOf = (element: Element | null): number[] => {
      for (let at = element; at !== null; at = at.parentElement) {
        const color = pixel(getComputedStyle(at).backgroundColor);
        if (color[3] === 255) return color;
      }
      const probe = document.createElement("i");
      probe.style.color = "Canvas";
      document.documentElement.append(probe);
      const canvas = pixel(getComputedStyle(probe).color);
      probe.remove();
      return canvas;
    };
    const all = [...document.querySelectorAll("[data-sms2fa], [data-sms2fa] *")].filter(
      (each) =>
        each.getClientRects().length > 0 &&
        (each.matches("input:not([type=hidden])") ||
          [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())),
    );
    const seen = all.map((each) => {
      const [a, b] = [
        luminance(pixel(getComputedStyle(each).color)),
        luminance(groundOf(each)),
      ].sort((x, y) => y - x) as [number, number];
      return { ratio: (a + 0.05) / (b + 0.05), text: each.outerHTML.slice(0, 80) };
    });
    return seen.sort((x, y) => x.ratio - y.ratio)[0] ?? { ratio: 0, text: "nothing" };
  });
}

const schemeOf = (page: Page) =>
  page.evaluate(() => {
    const { color } = getComputedStyle(document.querySelector("[data-sms2fa]") ?? document.body);
    return color === "rgb(232, 236, 242)" ? "dark" : "light";
  });

const framed =
  ({ root = "", before = "", after = "" }): PageLayout =>
  (page, { head }) =>
    `<!doctype html><html lang="en"${root}><head><meta charset="utf-8"><title>Acme</title>${before}${head}${after}</head>` +
    `<body><main>${page}</main></body></html>`;

const LIGHT = `<link rel="stylesheet" href="/light.css">`;
const DARK = `<link rel="stylesheet" href="/dark.css">`;
const SHEETS: Record<string, string> = {
  "/light.css": "body { background: #fff; color: #222; }",
  "/dark.css": "body { background: #16181d; color: #eee; }",
  "/scheme-dark.css": ":root { color-scheme: dark; }",
  "/scheme-both.css": ":root { color-scheme: light dark; }",
};

async function show(
  layout: PageLayout,
  colorScheme: "light" | "dark",
  sheets: Record<string, string> = {},
  more: object = {},
): Promise<Window> {
  const served = await serve({
    options: { pages: { layout, supportUrl: "/help", logOutPath: "/reset" } },
    before: (app) => {
      for (const [path, text] of Object.entries({ ...SHEETS, ...sheets })) {
        app.get(path, (_req, res) => res.type("css").send(text));
      }
    },
  });
  const window = await openWindow(served, await served.signedIn(), { colorScheme, ...more });
  await window.page.goto("/2fa/");
  return window;
}

/** Walks through the states that hold every colour. */
async function worst({ page }: Window, name: string): Promise<number> {
  const ratios = [(await contrastIn(page)).ratio];
  await page.locator("#sms2fa-send").click();
  await page.locator(".sms2fa-told:not(:empty)").waitFor();
  ratios.push((await contrastIn(page)).ratio);
  await page.locator("#sms2fa-code").fill("12");
  await page.keyboard.press("Enter");
  await page.locator(".sms2fa-summary").waitFor();
  ratios.push((await contrastIn(page)).ratio);
  await picture(page, `theme-${name}`);
  return Math.min(...ratios);
}

/** docs/pages.md's own layout, as it stands there. */
function docsLayout(): PageLayout {
  const [, code = ""] = /```ts\n(import \{ Html, html, type PageLayout \}.*?)```/s.exec(DOCS) ?? [];
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported: { layout?: PageLayout } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the document's own code
  const run = new Function("exports", "require", outputText) as (...given: unknown[]) => void;
  run(exported, () => ({ html, Html }));
  if (exported.layout === undefined) throw new Error("docs/pages.md has no layout.");
  return exported.layout;
}

describe.each(["light", "dark"] as const)("on a %s system", (system) => {
  test.each([
    ["a light frame", framed({ before: LIGHT }), "light"],
    ["a dark frame", framed({ before: DARK }), undefined],
    ["docs/pages.md's frame", docsLayout(), "light"],
    ["data-theme=dark", framed({ root: ' data-theme="dark"', before: DARK }), "dark"],
    ["data-theme=light", framed({ root: ' data-theme="light"', before: LIGHT }), "light"],
    ["data-bs-theme=dark", framed({ root: ' data-bs-theme="dark"', before: DARK }), "dark"],
    [
      "color-scheme dark",
      framed({ before: `<link rel="stylesheet" href="/scheme-dark.css">` }),
      "dark",
    ],
    [
      "color-scheme light dark",
      framed({ after: `<link rel="stylesheet" href="/scheme-both.css">` }),
      system,
    ],
    [
      "a meta of both",
      framed({ before: '<meta name="color-scheme" content="light dark">' }),
      system,
    ],
  ] as [string, PageLayout, string | undefined][])(
    "in %s every text has a contrast of 4.5 to 1, and the app's theme is followed (C234)",
    async (name, layout, scheme) => {
      const window = await show(layout, system);
      if (scheme !== undefined) expect(await schemeOf(window.page)).toBe(scheme);
      const ratio = await worst(window, `${system}-${name.replace(/\W+/g, "-")}`);
      expect(ratio).toBeGreaterThanOrEqual(4.5);
    },
  );

  const OWN = "#7b1fa2";
  test.each([
    ["on :root, before the head", { "/own.css": `:root { --sms2fa-accent: ${OWN}; }` }, true],
    [
      "on .sms2fa-page, before the head",
      { "/own.css": `.sms2fa-page { --sms2fa-accent: ${OWN}; }` },
      true,
    ],
    [
      "in a layer",
      { "/own.css": `@layer app { .sms2fa-page { --sms2fa-accent: ${OWN}; } }` },
      true,
    ],
    [
      "in a layer on :root, behind it",
      { "/own.css": `@layer app { :root { --sms2fa-accent: ${OWN}; } }` },
      false,
    ],
    ["on main, in :where()", { "/own.css": `:where(main) { --sms2fa-accent: ${OWN}; }` }, true],
    ["on the button alone", { "/own.css": `.sms2fa-button { --sms2fa-accent: ${OWN}; }` }, true],
  ] as [string, Record<string, string>, boolean][])(
    "a property that the app sets %s holds (C235)",
    async (_where, sheets, isBefore) => {
      const link = `<link rel="stylesheet" href="/own.css">`;
      const { page } = await show(
        framed(isBefore ? { before: link } : { after: link }),
        system,
        sheets,
      );
      const color = await page
        .locator("#sms2fa-send")
        .evaluate((button) => getComputedStyle(button).backgroundColor);
      expect(color).toBe("rgb(123, 31, 162)");
    },
  );

  test("the look that docs/pages.md shows has its contrast, in either theme (C235)", async () => {
    const [, css = ""] = /```css\n(.*?)```/s.exec(DOCS) ?? [];
    expect(css).toContain("--sms2fa-accent");
    for (const theme of ["light", "dark"]) {
      const layout = framed({
        root: ` data-theme="${theme}"`,
        before: `<link rel="stylesheet" href="/docs.css">`,
      });
      const window = await show(layout, system, { "/docs.css": css });
      expect(await worst(window, `docs-${system}-${theme}`)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

test.each(Object.keys(PAGE_WORDS))(
  "in %s forced colours and text of twice the size lose nothing (C234)",
  async (locale) => {
    const big = `<link rel="stylesheet" href="/big.css">`;
    const { page } = await show(
      framed({ after: big }),
      "dark",
      { "/big.css": "html { font-size: 200%; } body { margin: 0; }" },
      { locale, forcedColors: "active", viewport: { width: 640, height: 800 } },
    );
    const over = () =>
      page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
    expect(await over()).toBe(0);
    const border = await page
      .locator("#sms2fa-send")
      .evaluate((button) => getComputedStyle(button).borderTopWidth);
    expect(border).toBe("2px");
    await picture(page, `forced-big-${locale}`);
  },
);
