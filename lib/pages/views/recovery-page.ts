/** Draws the pages of recovery codes: where one is typed, how many are left, and a new set, shown once. */

import { html } from "../../std/html";
import { alternatives, lost, summary, textField } from "./partials";
import type { Mistake } from "./mistake";
import type { Page, View } from "./view";

/** Draws the form for a recovery code; `textPath` is where a code is texted instead, if there is a number. */
export function recoveryPage(
  view: View,
  { mistake, textPath }: { mistake: Mistake | undefined; textPath: string | undefined },
): Page {
  const { words, prefix, hidden, recoveryActions } = view;
  const isWrong = mistake?.isAboutCode === true;
  return {
    title: words.useRecovery,
    hasMistake: mistake !== undefined,
    body: html`${mistake && summary(view, isWrong ? "recovery" : "send", mistake.message)}
      <h1 class="${prefix}-title">${words.useRecovery}</h1>
      <p>${words.recoveryHelp}</p>
      <form class="${prefix}-form" method="post" action="${recoveryActions.code}" novalidate>
        ${hidden}
        ${textField(view, {
          id: "recovery",
          label: words.recoveryLabel,
          hint: words.recoveryHint,
          mistake: isWrong ? mistake.message : undefined,
          attributes: html`name="recovery_code" type="text" autocomplete="off"
          autocapitalize="characters" autocorrect="off" spellcheck="false"`,
        })}
        <button class="${prefix}-button" id="${prefix}-send">${words.submit}</button>
      </form>
      ${
        textPath === undefined
          ? html`${alternatives(view)} ${lost({ ...view, recoveryPath: undefined })}`
          : html`<p><a class="${prefix}-link" href="${textPath}">${words.useText}</a></p>`
      }`,
  };
}

/** What the page of a user's codes tells. */
export interface SetState {
  left: number;
  mistake: Mistake | undefined;
  /** Names the form, which is good for one set. */
  once: string;
  goOn: string;
}

/** Tells how many codes are left, and offers new ones. */
export function setPage(view: View, { left, mistake, once, goOn }: SetState): Page {
  const { words, prefix, hidden, recoveryActions } = view;
  return {
    title: words.recoveryTitle,
    hasMistake: mistake !== undefined,
    body: html`${mistake && summary(view, "send", mistake.message)}
      <h1 class="${prefix}-title">${words.recoveryTitle}</h1>
      <p>${words.recoveryUse}</p>
      <p class="${prefix}-what">${words.recoveryLeft(left)}</p>
      <form class="${prefix}-form" method="post" action="${recoveryActions.make}">
        ${hidden}
        <input type="hidden" name="once" value="${once}" />
        ${left > 0 && html`<p>${words.recoveryVoids}</p>`}
        <button class="${prefix}-button" id="${prefix}-send">${words.makeRecovery}</button>
      </form>
      <p><a class="${prefix}-link" href="${goOn}">${words.submit}</a></p>`,
  };
}

/** Shows a new set. What needs the script is hidden until it runs. */
export function newSetPage(
  view: View,
  { codes, goOn }: { codes: readonly string[]; goOn: string },
): Page {
  const { words, prefix, appName } = view;
  const tool = (name: string, text: string) =>
    html`<button class="${prefix}-button ${prefix}-second" type="button" hidden data-tool="${name}">
      ${text}
    </button>`;
  return {
    title: words.newRecoveryTitle,
    hasMistake: false,
    body: html`<h1 class="${prefix}-title">${words.newRecoveryTitle}</h1>
      <p>${words.recoverySave}</p>
      <ol
        class="${prefix}-codes"
        role="list"
        dir="ltr"
        data-codes="${appName}: ${words.recoveryTitle}"
      >
        ${codes.map((code) => html`<li>${code}</li>`)}
      </ol>
      <p class="${prefix}-status" role="status" data-copied="${words.copied}"></p>
      <div class="${prefix}-tools">
        ${tool("copy", words.copy)} ${tool("print", words.print)}
        ${tool("download", words.download)}
      </div>
      <p><a class="${prefix}-link" href="${goOn}">${words.submit}</a></p>`,
  };
}
