/** Puts a page into its frame: the app's own layout, or a plain document. */

import type { Request } from "express";
import type { PageContext, PageLayout } from "../../options/options";
import { DeadlinePassed, within } from "../../std/deadline";
import { shown } from "../../std/harmless";
import { html, Html } from "../../std/html";
import type { Page, View } from "./view";

/** Addresses of the style sheet and the script. */
export interface Assets {
  style: string;
  script: string;
}

/** The app's own layout gave no document. */
export class LayoutFault extends Error {
  override readonly name = "LayoutFault";
  /** A word for events. */
  readonly reason: string;

  constructor(reason: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

const LAYOUT_DEADLINE_MS = 5000;

async function drawIn(layout: PageLayout, page: string, context: PageContext): Promise<string> {
  let document: unknown;
  try {
    const drawing = (async (): Promise<unknown> => layout(page, context))();
    document = await within(drawing, LAYOUT_DEADLINE_MS);
  } catch (error) {
    if (!(error instanceof DeadlinePassed)) {
      throw new LayoutFault("layout_threw", "The app's `pages.layout` threw.", error);
    }
    const late = "The app's `pages.layout` gave nothing within 5 seconds.";
    throw new LayoutFault("layout_timeout", late);
  }
  if (typeof document === "string" && document.trim() !== "") return document;
  const hint = document instanceof Html ? " Of html`…`, give the `text`." : "";
  const kind = document === "" ? "an empty text" : shown(document);
  throw new LayoutFault(
    "layout_empty",
    `Expected \`pages.layout\` to give the whole document as a text, got ${kind}.${hint}`,
  );
}

/** Gives the whole document. */
export async function drawLayout(
  page: Page,
  view: View,
  { req, assets, layout }: { req: Request; assets: Assets; layout: PageLayout | undefined },
): Promise<string> {
  const { words, locale, prefix, appName } = view;
  const title = page.hasMistake ? `${words.error} ${page.title}` : page.title;
  const head = html`${
      page.goesTo !== undefined &&
      html`<meta http-equiv="refresh" content="0; url=${quoted(page.goesTo)}" />`
    }<link rel="stylesheet" href="${assets.style}" />
    <script src="${assets.script}" defer></script>`;
  const body = html`<div
    class="${prefix}-page"
    lang="${locale}"
    dir="${words.dir}"
    data-sms2fa="${prefix}"
    data-turbo="false"
    data-hx-boost="false"
  >
    ${page.body} ${logOut(view)}
  </div>`;
  if (layout !== undefined) {
    const context = { req, title, locale, dir: words.dir, head: head.text };
    return drawIn(layout, body.text, context);
  }
  const document = html`<!doctype html>
    <html lang="${locale}" dir="${words.dir}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} – ${appName}</title>
        ${head}
      </head>
      <body class="${prefix}-body">
        <header class="${prefix}-header"><bdi>${appName}</bdi></header>
        <main class="${prefix}-main">${body}</main>
      </body>
    </html> `;
  return document.text;
}

// What begins with a quote would end at the next one (HTML, "shared declarative refresh steps").
function quoted(path: string): string {
  return `'${path.replaceAll("'", "%27")}'`;
}

function logOut({ words, prefix, logOutPath, appHidden }: View): Html | undefined {
  if (logOutPath === undefined) return undefined;
  return html`<form class="${prefix}-form" method="post" action="${logOutPath}">
    ${appHidden}
    <button class="${prefix}-plain">${words.logOut}</button>
  </form>`;
}
