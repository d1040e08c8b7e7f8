/** Draws the code page: before a text a button that sends it, after it the field for its code. */

import type { OpenChallenge } from "../../flows/issuer";
import { around, html, type Html } from "../../std/html";
import { mistakeOf, secondsUntil, type Mistake } from "./mistake";
import type { Refusal } from "../../outcome/refusal";
import { flashOf, type Flash, type FlashKind } from "../visit/flash";
import { deliveryLine, newsOf } from "./delivery-line";
import { alternatives, endOf, gapIn, lost, summary, textField } from "./partials";
import { rememberBox, type RememberOffer } from "./remember-box";
import type { Page, View } from "./view";
import { timeOf } from "../words/locale";

/** What the code page tells. */
export interface CodeState {
  /** The masked number. */
  to: string;
  challenge: OpenChallenge | undefined;
  /** Why no text can be asked for, where no challenge waits. */
  hindrance: Refusal | undefined;
  isStepUp: boolean;
  /** What the code confirms; absent or empty where the purpose does not describe it. */
  description?: string;
  notice: Flash | undefined;
  /** The box that has the browser remembered; absent where it is not offered. */
  remember?: RememberOffer | undefined;
  /** Address where another number can be named, while this one is not on record. */
  otherNumber?: string;
}

/** Draws it. */
export function codePage(view: View, state: CodeState): Page {
  const { words, prefix } = view;
  const { challenge, notice } = state;
  const told = notice && mistakeOf(notice, view, challenge?.attemptsLeft);
  // Whatever the code was, there is none to enter any more.
  const isLate = told?.isAboutCode === true && challenge === undefined;
  const mistake =
    shutOut(view, state) ?? (isLate ? { message: words.codeExpired, isAboutCode: false } : told);
  const title = challenge === undefined ? words.askTitle : words.codeTitle;
  return {
    title,
    hasMistake: mistake !== undefined,
    body: html`${mistake && summary(view, mistake.isAboutCode ? "code" : "send", mistake.message)}
      <h1 class="${prefix}-title">${title}</h1>
      ${state.isStepUp && html`<p>${words.stepUp}</p>`} ${confirming(view, state.description)}
      ${challenge === undefined ? askFor(view, state) : answerTo(view, challenge, mistake, state)}
      ${
        state.otherNumber === undefined
          ? html`${alternatives(view)} ${lost(view)}`
          : html`<p>
              <a class="${prefix}-link" href="${state.otherNumber}">${words.otherNumber}</a>
            </p>`
      }`,
  };
}

/** What the code is for: it may be a user's input, in any direction. */
function confirming({ words, prefix }: View, description = ""): Html | false {
  if (description === "") return false;
  const what = html`<strong><bdi>${description}</bdi></strong>`;
  return html`<p class="${prefix}-what">${around(words.confirming, what)}</p>`;
}

/** That no text is to be had for longer than a moment, where that is so. */
function shutOut(view: View, { hindrance }: CodeState): Mistake | undefined {
  if (hindrance === undefined || hindrance.code === "too_many_requests") return undefined;
  const { kind, retryAfter = 0 } = flashOf(hindrance, "unavailable");
  return mistakeOf({ kind, until: Date.now() / 1000 + retryAfter }, view, undefined);
}

function askFor(view: View, { to, notice, hindrance }: CodeState): Html {
  const { words, prefix, hidden, actions } = view;
  const isWait = notice !== undefined && WAITS.has(notice.kind);
  const told = isWait ? secondsUntil(notice.until) : 0;
  const wait = Math.max(told, hindrance?.retryAfter ?? 0);
  const isSaid = told > 0 || hindrance?.code === "too_many_attempts";
  return html`<p>${around(words.willText, endOf(to))}</p>
    ${wait > 0 && !isSaid && html`<p>${waiting(view, wait)}</p>`} ${statusRegion(view, undefined)}
    <form class="${prefix}-form" method="post" action="${actions.text}">
      ${hidden}
      <button class="${prefix}-button" id="${prefix}-send" ${countdown(wait)}>${words.send}</button>
    </form>
    ${notice !== undefined && UNTEXTED.has(notice.kind) && callForm(view, wait)}`;
}

const WAITS: ReadonlySet<FlashKind> = new Set([
  "too_many_requests",
  "too_many_calls",
  "too_many_attempts",
] satisfies FlashKind[]);

// No text can be had, so that a call is worth an offer before any text may be late.
const UNTEXTED: ReadonlySet<FlashKind> = new Set([
  "cannot_text_number",
  "opted_out",
  "delivery_failed",
  "call_failed",
] satisfies FlashKind[]);

function answerTo(
  view: View,
  challenge: OpenChallenge,
  mistake: Mistake | undefined,
  { notice, remember }: CodeState,
): Html {
  const { words, prefix, locale, codeLength, hidden, actions } = view;
  const { to, expiresIn, resendIn, channel } = challenge;
  const time = timeOf(expiresIn, locale);
  const isTold = newsOf(challenge, words) !== "";
  const isCall = channel === "call";
  const sentTo = isCall ? words.calledTo : words.sentTo;
  return html`<p>${around(sentTo, endOf(to))}${gapIn(words)}${words.goodFor(time)}</p>
    ${deliveryLine(view, challenge)} ${statusRegion(view, isTold ? undefined : notice)}
    <form class="${prefix}-form" method="post" action="${actions.code}" novalidate data-code-form>
      ${hidden}
      ${textField(view, {
        id: "code",
        label: words.label,
        hint: (isCall ? words.hintCalled : words.hint)(codeLength),
        mistake: mistake?.isAboutCode === true ? mistake.message : undefined,
        isDigits: true,
        attributes: html`name="auth_code" type="text" inputmode="numeric"
        autocomplete="one-time-code" autocapitalize="none" spellcheck="false"`,
      })}
      ${remember && rememberBox(view, remember)}
      <button class="${prefix}-button">${words.submit}</button>
    </form>
    <section class="${prefix}-section">
      <h2 class="${prefix}-subtitle">${isCall ? words.missedTitle : words.missingTitle}</h2>
      <p>${isCall ? words.missed : words.missing}</p>
      ${resendIn > 0 && html`<p>${waiting(view, resendIn)}</p>`}
      <form class="${prefix}-form" method="post" action="${actions.text}">
        ${hidden}
        <button
          class="${prefix}-button ${prefix}-second"
          id="${prefix}-send"
          ${countdown(resendIn)}
        >
          ${words.resend}
        </button>
      </form>
      ${callForm(view, resendIn)}
    </section>`;
}

/** Offers a call, where there are any; where one has to wait, once the wait is over, and at once where no script can tell. */
function callForm(
  { words, prefix, hidden, actions, isCallable }: View,
  wait: number,
): Html | undefined {
  if (!isCallable) return undefined;
  return html`<form
    class="${prefix}-form"
    method="post"
    action="${actions.text}"
    ${wait > 0 && html`hidden data-after-wait`}
  >
    ${hidden}
    <input type="hidden" name="channel" value="call" />
    <p id="${prefix}-call-hint">${words.callHint}</p>
    <button
      class="${prefix}-button ${prefix}-second"
      id="${prefix}-call"
      aria-describedby="${prefix}-call-hint"
    >
      ${words.call}
    </button>
  </form>`;
}

function waiting({ words, locale }: View, seconds: number): Html {
  const time = html`<span data-time>${timeOf(seconds, locale)}</span>`;
  return html`<span data-wait>${around(words.wait, time)}</span>`;
}

// The script counts down and holds the button meanwhile. Without it a press too early costs nothing.
function countdown(seconds: number): Html | false {
  return seconds > 0 && html`data-countdown="${seconds}"`;
}

function statusRegion({ words, prefix, isCallable }: View, notice: Flash | undefined): Html {
  const told: Partial<Record<FlashKind, string>> = {
    sent: words.isSent,
    pending: words.isPending,
    called: words.isCalled,
    call_pending: words.isCallPending,
  };
  const text = notice && told[notice.kind];
  return html`<p
    class="${prefix}-status ${text !== undefined && `${prefix}-told`}"
    role="status"
    data-can-resend="${isCallable ? words.canCall : words.canResend}"
    data-filled-in="${words.isFilledIn}"
  >
    ${text}
  </p>`;
}
