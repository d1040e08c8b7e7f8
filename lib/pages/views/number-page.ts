/** Draws the number page: the field for a number, and what is said once a new one is on record. */

import { around, html, type Part } from "../../std/html";
import { endOf, summary, textField } from "./partials";
import type { Page, View } from "./view";

/** What went wrong. */
export interface NumberMistake {
  message: Part;
  /** Whether the number is what is wrong; else it is about the text. */
  isAboutNumber: boolean;
}

/** What the number page tells. */
export interface NumberState {
  /** Whether the number replaces one on record. */
  isChange: boolean;
  /** What was typed before. */
  typed: string;
  mistake: NumberMistake | undefined;
  /** Whether one was typed that was not taken, since a proof had to come first. */
  isAgain: boolean;
}

/** Draws the form for a number. */
export function numberPage(view: View, { isChange, typed, mistake, isAgain }: NumberState): Page {
  const { words, prefix, appName, hidden, numberActions } = view;
  const title = isChange ? words.changeNumberTitle : words.numberTitle;
  const isWrong = mistake?.isAboutNumber === true;
  return {
    title,
    hasMistake: mistake !== undefined,
    body: html`${mistake && summary(view, isWrong ? "number" : "send", mistake.message)}
      <h1 class="${prefix}-title">${title}</h1>
      <p>${words.numberUse(appName)}</p>
      ${isAgain && html`<p class="${prefix}-status ${prefix}-told" role="status">${words.numberAgain}</p>`}
      <form class="${prefix}-form" method="post" action="${numberActions.number}" novalidate>
        ${hidden}
        ${textField(view, {
          id: "number",
          label: words.numberLabel,
          hint: words.numberHint,
          mistake: isWrong ? mistake.message : undefined,
          attributes: html`name="number" type="tel" autocomplete="tel" value="${typed}"`,
        })}
        <button class="${prefix}-button" id="${prefix}-send">${words.send}</button>
      </form>`,
  };
}

/** Tells that a number was changed; `to` is the new one, masked. */
export function savedPage(view: View, { to, goOn }: { to: string; goOn: string }): Page {
  const { words, prefix, appHidden, endSessionsPath } = view;
  return {
    title: words.numberSavedTitle,
    hasMistake: false,
    body: html`<h1 class="${prefix}-title">${words.numberSavedTitle}</h1>
      <p role="status">${around(words.numberSaved, endOf(to))}</p>
      ${
        endSessionsPath !== undefined &&
        html`<form class="${prefix}-form" method="post" action="${endSessionsPath}">
          ${appHidden}
          <button class="${prefix}-button ${prefix}-second">${words.endSessions}</button>
        </form>`
      }
      <p><a class="${prefix}-link" href="${goOn}">${words.submit}</a></p>`,
  };
}
