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

/** A field of one line, with its hint and what is wrong with what was typed. */
export interface TextField {
  /** Its id, the prefix left out. */
  id: string;
  label: string;
  hint: string;
  mistake: Part;
  /** Whether it is for a code of digits alone, which are set apart. */
  isDigits?: boolean;
  /** Its name, type and whatever else its kind wants. */
  attributes: Html;
}

/** Draws it: the mistake stands between hint and field, and both are read aloud with the field. */
export function textField({ words, prefix }: View, field: TextField): Html {
  const { label, hint, mistake, isDigits = false, attributes } = field;
  const id = `${prefix}-${field.id}`;
  const isWrong = mistake !== undefined;
  return html`<div class="${prefix}-field">
    <label class="${prefix}-label" for="${id}">${label}</label>
    <p class="${prefix}-hint" id="${id}-hint">${hint}</p>
    ${
      isWrong &&
      html`<p class="${prefix}-error" id="${id}-error"><b>${words.error}</b> ${mistake}</p>`
    }
    <input
      class="${prefix}-input${!isDigits && ` ${prefix}-tel`}"
      id="${id}"
      ${attributes}
      dir="ltr"
      required
      aria-describedby="${id}-hint${isWrong && ` ${id}-error`}"
      ${isWrong && html`aria-invalid="true"`}
    />
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

/** The app's own ways beside texts. */
export function alternatives({ words, prefix, alternatives: linksOf }: View): Html | undefined {
  const links = linksOf();
  if (links.length === 0) return undefined;
  const items = links.map(
    ({ href, label }) => html`<li><a class="${prefix}-link" href="${href}">${label}</a></li>`,
  );
  return html`<section class="${prefix}-section">
    <h2 class="${prefix}-subtitle">${words.alternativesTitle}</h2>
    <p>${words.smsRisk}</p>
    <ul>
      ${items}
    </ul>
  </section>`;
}

/** What helps whose phone is lost. */
export function lost(view: View): Html {
  const { words, prefix, appName, supportUrl, recoveryPath, newNumberPath } = view;
  const link = (href: string | undefined, text: string): Html | false =>
    href !== undefined && html`<p><a class="${prefix}-link" href="${href}">${text}</a></p>`;
  return html`<section class="${prefix}-section">
    <h2 class="${prefix}-subtitle">${words.lostTitle}</h2>
    ${link(recoveryPath, words.useRecovery)} ${link(newNumberPath, words.changeNumberTitle)}
    <p>${words.lost(appName)}</p>
    ${link(supportUrl, words.support)}
  </section>`;
}
