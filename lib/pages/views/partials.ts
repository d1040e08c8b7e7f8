/** Parts that several pages draw. */

import { html, type Html, type Part } from "../../std/html";
import type { PageWords } from "../../options/page-words";
import type { View } from "./view";

/** A mistake as a link to the field or button that it is about. It takes the focus when the page opens. */
export function summary({ words, prefix }: View, id: string, message: Part): Html {
  return html`<div class="${prefix}-summary" role="alert" tabindex="-1" autofocus>
    <h2 class="${prefix}-subtitle">${words.problem}</h2>
    <p><a href="#${prefix}-${id}">${message}</a></p>
  </div>`;
}

/** The last digits of a masked number: the dots before them are nothing to read aloud. */
export function endOf(masked: string): Html {
  return html`<bdi>${masked.slice(-2)}</bdi>`;
}

/** What stands between two sentences: a blank, where the language has one. */
export function gapIn({ stop }: PageWords): string {
  return /\s*$/.exec(stop)?.[0] ?? "";
}
