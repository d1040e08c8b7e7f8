/** Draws fields with their hints and mistakes, and the summary of mistakes above a form. */

import { html, type Html } from "express-sms-2fa";

/** What is wrong, and the id of the field or button that it is about. */
export interface Mistake {
  field: string;
  message: string;
}

/** A field of a form. */
export interface Field {
  /** Its id too. */
  name: string;
  label: string;
  type: "text" | "password" | "tel";
  hint?: string;
  autocomplete: string;
  inputmode?: "numeric" | "decimal";
  value?: string;
}

/** The mistakes in one line, for scripts. */
export function lineOf(mistakes: readonly Mistake[]): string {
  return mistakes.map(({ message }) => message).join(". ");
}

/** The mistakes in a list of links to what they are about. It takes the focus when the page opens. */
export function summary(mistakes: readonly Mistake[]): Html {
  if (mistakes.length === 0) return html``;
  const items = mistakes.map(
    ({ field, message }) => html`<li><a href="#${field}">${message}</a></li>`,
  );
  return html`<div class="summary" role="alert" tabindex="-1" autofocus>
    <h2>There is a problem</h2>
    <ul>
      ${items}
    </ul>
  </div>`;
}

/** One field. */
export function field(given: Field, mistakes: readonly Mistake[]): Html {
  const { name, label, type, hint, autocomplete, inputmode, value } = given;
  const mistake = mistakes.find((each) => each.field === name);
  const notes = [hint && `${name}-hint`, mistake && `${name}-error`].filter(Boolean).join(" ");
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${mistake && html`<p class="error" id="${name}-error"><b>Error:</b> ${mistake.message}</p>`}
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      autocomplete="${autocomplete}"
      autocapitalize="none"
      spellcheck="false"
      ${inputmode && html`inputmode="${inputmode}"`}
      ${value !== undefined && html`value="${value}"`}
      ${notes !== "" && html`aria-describedby="${notes}"`}
      ${mistake && html`aria-invalid="true"`}
    />
  </div>`;
}
