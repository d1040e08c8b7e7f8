/** Draws the box that has the browser remembered, with what it is good for and where it is not. */

import { html, type Html } from "../../std/html";
import { spanOf } from "../words/locale";
import type { View } from "./view";

/** What is offered. */
export interface RememberOffer {
  /** How long. */
  seconds: number;
  /** Whether it was ticked before a mistake in the code. */
  isTicked: boolean;
}

/** Draws it: never ticked by itself, as only its user knows whose device it is. */
export function rememberBox(
  { words, prefix, locale }: View,
  { seconds, isTicked }: RememberOffer,
): Html {
  const id = `${prefix}-remember`;
  return html`<div class="${prefix}-field ${prefix}-choice">
    <input
      class="${prefix}-check"
      id="${id}"
      name="remember"
      type="checkbox"
      value="on"
      aria-describedby="${id}-hint"
      ${isTicked && html`checked`}
    />
    <div>
      <label class="${prefix}-label" for="${id}">${words.remember(spanOf(seconds, locale))}</label>
      <p class="${prefix}-hint" id="${id}-hint">${words.rememberHint}</p>
    </div>
  </div>`;
}
