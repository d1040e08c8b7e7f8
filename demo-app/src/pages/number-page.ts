/** The page for another number, while none was ever proved. */

import { html } from "express-sms-2fa";
import { field, summary, type Mistake } from "./form";
import type { Page } from "./layout";
import { PHONE_FIELD } from "./sign-in-pages";

/** The form for another number. */
export function numberPage(phone = "", mistakes: readonly Mistake[] = []): Page {
  return {
    title: "Change the number",
    hasMistake: mistakes.length > 0,
    isNarrow: true,
    body: html`${summary(mistakes)}
      <h1>Change the number</h1>
      <form method="post" action="/number" novalidate>
        ${field({ ...PHONE_FIELD, value: phone }, mistakes)}
        <button>Save the number</button>
      </form>
      <p><a href="/2fa/">Back to the code</a></p>`,
  };
}
