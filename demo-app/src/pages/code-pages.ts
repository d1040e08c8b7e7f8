/** The pages of the second factor: the code, and another number while none was ever proved. */

import { endOf, type Account } from "../accounts";
import { html, type Html } from "../html";
import type { SentText } from "../session";
import { duration, type Told } from "../words";
import { field, summary, type Mistake } from "./form";
import type { Page } from "./layout";
import { PHONE_FIELD } from "./sign-in-pages";

/** What the code page tells. */
export interface CodeState {
  account: Account;
  /** The text whose code is waited for, if one has left. */
  text: SentText | undefined;
  isStepUp: boolean;
  /** What went wrong just before. */
  told?: Told;
}

/** The code page: before a text, a button that sends it; after it, the field for its code. */
export function codePage(state: CodeState): Page {
  const { account, text, isStepUp, told } = state;
  const mistakes = told === undefined ? [] : [mistakeOf(told)];
  const title = text === undefined ? "Confirm that it is you" : "Check your phone";
  return {
    title,
    hasMistake: told !== undefined,
    body: html`${summary(mistakes)}
      <h1>${title}</h1>
      ${
        isStepUp &&
        html`<p>
          This page asks for a code that is not older than two minutes. Nothing was sent or
          transferred so far.
        </p>`
      }
      ${text === undefined ? askFor(account) : answerTo(text, mistakes)}
      ${
        !account.hasProvedPhone &&
        html`<p>Not your number? <a href="/verify/number">Change the number</a></p>`
      }
      <h2>No phone at hand?</h2>
      <p>A real app says here whom to ask, and lets nobody in without a second factor.</p>`,
  };
}

function mistakeOf({ problem, isAboutCode }: Told): Mistake {
  return { field: isAboutCode ? "auth_code" : "send", message: problem.detail };
}

function askFor(account: Account): Html {
  return html`<p>
      We text a code of six digits to your phone number ending in ${endOf(account.phone)}.
    </p>
    <form method="post" action="/verify/send">
      <button id="send">Text me a code</button>
    </form>`;
}

function answerTo(text: SentText, mistakes: readonly Mistake[]): Html {
  const wait = secondsTo(text.resendAt);
  const code = {
    name: "auth_code",
    label: "Security code",
    type: "text",
    hint: "The six digits in the text.",
    inputmode: "numeric",
    autocomplete: "one-time-code",
  } as const;
  return html`<p role="status">
      We have texted a code to <bdi>${text.to}</bdi>. It is good for
      ${duration(secondsTo(text.expiresAt))}.
    </p>
    <form method="post" action="/verify" novalidate>
      ${field(code, mistakes)}
      <button>Continue</button>
    </form>
    <h2>Not received a text?</h2>
    <p>
      It may take a few minutes. Another text brings the same
      code${wait > 0 && `, and can be asked for in ${duration(wait)}`}.
    </p>
    <form method="post" action="/verify/send">
      <button id="send" class="second">Send the text again</button>
    </form>`;
}

function secondsTo(time: number): number {
  return Math.max(0, Math.ceil((time - Date.now()) / 1000));
}

/** The form for another number. */
export function numberPage(phone = "", mistakes: readonly Mistake[] = []): Page {
  return {
    title: "Change the number",
    hasMistake: mistakes.length > 0,
    body: html`${summary(mistakes)}
      <h1>Change the number</h1>
      <form method="post" action="/verify/number" novalidate>
        ${field({ ...PHONE_FIELD, value: phone }, mistakes)}
        <button>Save the number</button>
      </form>
      <p><a href="/verify">Back to the code</a></p>`,
  };
}
