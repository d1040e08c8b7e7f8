/** Puts a page into its frame: the app's own layout, or a plain document. */

import type { Request } from "express";
import type { PageLayout } from "../../options/options";
import { html, type Html } from "../html";
import type { Page, View } from "./view";

/** Addresses of the style sheet and the script. */
export interface Assets {
  style: string;
  script: string;
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
    return layout(body.text, { req, title, locale, dir: words.dir, head: head.text });
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
