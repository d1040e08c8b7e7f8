/** The page of support staff: a user by name, how they stand, and what can be done. */

import { html, type Html, type UserState } from "express-sms-2fa";
import { duration } from "../std/duration";
import { field, summary, type Mistake } from "./form";
import type { Page } from "./layout";

/** What is shown of a user. */
export interface Shown {
  name: string;
  state?: UserState;
  /** What was done. */
  told?: string | undefined;
}

/** The form that names a user and, with a state, what is known of them. */
export function supportPage(
  { name, state, told }: Shown = { name: "" },
  mistakes: readonly Mistake[] = [],
): Page {
  const named = { name: "name", label: "Name", type: "text", autocomplete: "off" } as const;
  return {
    title: "Support",
    hasMistake: mistakes.length > 0,
    source: "support",
    isNarrow: true,
    body: html`${summary(mistakes)}
      <h1>Support</h1>
      <p>
        In development everybody may be support staff, after a code for that alone. Make sure of a
        person before you unlock them: whoever talks you into it gets in.
      </p>
      ${told !== undefined && html`<p class="notice" role="status">${told}</p>`}
      <form action="/support" novalidate>
        ${field({ ...named, value: name }, mistakes)}
        <button>Show</button>
      </form>
      ${state !== undefined && stateOf(name, state)}`,
  };
}

function stateOf(name: string, state: UserState): Html {
  const { isDisabled, blockedFor, textsLeft, recoveryCodesLeft = 0, remembered = 0 } = state;
  return html`<h2><bdi>${name}</bdi></h2>
    <dl>
      <dt>Second factor</dt>
      <dd>${isDisabled ? "off" : "on"}</dd>
      <dt>Shut out by wrong codes</dt>
      <dd>${blockedFor > 0 ? `for ${duration(blockedFor)}` : "no"}</dd>
      <dt>Texts left</dt>
      <dd>${String(textsLeft)}</dd>
      <dt>Recovery codes left</dt>
      <dd>${String(recoveryCodesLeft)}</dd>
      <dt>Remembered browsers</dt>
      <dd>${String(remembered)}</dd>
    </dl>
    ${act("/support/unlock", name, "Unlock")} ${act("/support/disable", name, "Switch off")}`;
}

function act(action: string, name: string, label: string): Html {
  return html`<form method="post" action="${action}" class="inline">
    <input type="hidden" name="name" value="${name}" />
    <button class="second">${label}</button>
  </form>`;
}
