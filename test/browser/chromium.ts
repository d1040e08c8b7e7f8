/** Starts Debian's Chromium, and opens the pages in it as a signed-in user's browser. */

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "playwright-core";
import type { Client, Served } from "../fakes/app";

const ARTEFACTS = join(__dirname, "..", "..", "artefacts");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;

/** Has the browser there for the tests of a file, with a profile of its own that is thrown away. */
export function useChromium(): void {
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
}

function startChromium(): Promise<Browser> {
  mkdirSync(ARTEFACTS, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A host of its own for tests in which the machine's own would be trusted over plain http too.
      "--host-resolver-rules=MAP staging.acme.test 127.0.0.1",
    ],
  });
}

/** A browser window of somebody, and what went wrong in it. */
export interface Window {
  page: Page;
  context: BrowserContext;
  /** Console errors, thrown errors and violations of the content policy. */
  faults: string[];
  /** Methods and paths that were asked for. */
  asked: string[];
}

/** Opens a window with the cookies of a client of the kit. */
export async function openWindow(
  { port }: Pick<Served, "port">,
  client: Pick<Client, "cookie">,
  options: BrowserContextOptions = {},
): Promise<Window> {
  const { baseURL = `http://localhost:${port}` } = options;
  const context = await browser.newContext({ locale: "en-US", ...options, baseURL });
  const cookies = client.cookie.split("; ").filter((each) => each !== "");
  await context.addCookies(
    cookies.map((each) => {
      const [name = "", value = ""] = each.split(/=(.*)/s);
      return { name, value, url: baseURL };
    }),
  );
  const page = await context.newPage();
  const [faults, asked]: string[][] = [[], []];
  page.on("console", (message) => {
    if (message.type() === "error") faults?.push(message.text());
  });
  page.on("pageerror", (error) => faults?.push(String(error)));
  page.on("request", (request) => {
    asked?.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  return { page, context, faults: faults ?? [], asked: asked ?? [] };
}

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** What axe finds wrong with a page as it stands, targets that are too small or too close among it. */
export async function violationsIn(page: Page): Promise<Violation[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: Violation[] }> };
    };
    const { violations } = await axe.run({ rules: { "target-size": { enabled: true } } });
    return violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ html, failureSummary = "" }) => ({ html, failureSummary })),
    }));
  });
}

/** How many pixels the page is too wide, and its controls and lone links below 24 by 24 of them. */
export async function sizesIn(page: Page): Promise<{ over: number; tooSmall: string[] }> {
  return page.evaluate(() => ({
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    tooSmall: [...document.querySelectorAll("button, input:not([type=hidden]), p > a")]
      .filter((each) => each.checkVisibility())
      .filter((each) => {
        const { width, height } = each.getBoundingClientRect();
        return width < 24 || height < 24;
      })
      .map(({ outerHTML }) => outerHTML),
  }));
}

/** Keeps a picture of the page. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), fullPage: true });
}
