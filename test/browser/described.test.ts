/** The code page with what it confirms, in a real browser: long, without a blank, and in both directions. */

import { serve } from "../fakes/app";
import { openWindow, picture, sizesIn, useChromium, violationsIn } from "./chromium";

jest.setTimeout(180_000);

useChromium();

const DESCRIPTIONS = {
  short: "send $25.00 to Ann",
  long: "x".repeat(70),
  hebrew:
    "send $25.00 to \u05d3\u05e0\u05d4 \u05db\u05d4\u05df (123) \u05ea\u05dc-\u05d0\u05d1\u05d9\u05d1",
};

test.each([
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["rtl", { locale: "ar" }],
  ["forced", { forcedColors: "active", viewport: { width: 320, height: 640 } }],
] as const)(
  "a described action is whole and readable on the page, in %s (R112)",
  async (look, options) => {
    let description = "";
    const s = await serve({
      options: { pages: true, purposes: { pay: { describe: () => description } } },
    });
    const client = await s.signedIn();
    const narrow = { viewport: { width: 320, height: 640 }, ...options };
    const { page, faults } = await openWindow({ port: s.port }, client, narrow);
    for (const [name, text] of Object.entries(DESCRIPTIONS)) {
      description = text;
      await page.goto("/2fa/?purpose=pay");
      const shown = page.locator("bdi", { hasText: text });
      expect(await shown.first().isVisible()).toBe(true);
      expect([name, await violationsIn(page)]).toEqual([name, []]);
      expect([name, await sizesIn(page)]).toEqual([name, { over: 0, tooSmall: [] }]);
      await picture(page, `described-${look}-${name}`);
    }
    // This app has no icon.
    expect(faults.filter((fault) => !fault.includes("404"))).toEqual([]);
  },
);
