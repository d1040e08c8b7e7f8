/** The page that only says something. */

import { html } from "express-sms-2fa";
import type { Page } from "./layout";

/** A heading and a sentence. */
export function messagePage(title: string, detail: string): Page {
  return {
    title,
    isNarrow: true,
    body: html`<h1>${title}</h1>
      <p>${detail}</p>
      <p><a class="button" href="/">Go to the first page</a></p>`,
  };
}
