/** Draws the pages that only say something. */

import { html, type Html } from "../../std/html";
import type { Page, View } from "./view";

/** Goes on to an address by itself, and has a link to it where the browser does not. */
export function goOnPage(view: View, href: string): Page {
  const { goOnTitle: title, goOn: text, submit } = view.words;
  const page = messagePage(view, { title, text, link: { href, text: submit } });
  return { ...page, goesTo: href };
}

/** A heading and a sentence, and a link where one leads on. */
export function messagePage(
  { prefix }: View,
  { title, text, link }: { title: string; text: string; link?: { href: string; text: string } },
): Page {
  const way: Html | undefined =
    link && html`<p><a class="${prefix}-link" href="${link.href}">${link.text}</a></p>`;
  return {
    title,
    hasMistake: false,
    body: html`<h1 class="${prefix}-title">${title}</h1>
      <p>${text}</p>
      ${way}`,
  };
}
