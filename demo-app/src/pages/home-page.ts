/** The first page: the promise, and a tour that knows how far somebody has come. */

import { html, type Html } from "express-sms-2fa";
import type { Page } from "./layout";

/** How far somebody has come. What is not said is not done. */
export interface Progress {
  /** Signed up, and logged in with the password. */
  hasSignedUp: boolean;
  isVerified?: boolean;
  /** Whether a passkey or a remembered browser makes the next log-in easier. */
  isEased?: boolean;
  hasTransferred?: boolean;
  /** Whether there are recovery codes. */
  hasWayBack?: boolean;
}

interface Step {
  isDone: boolean;
  heading: string;
  text: Html;
}

/** Draws it for a demo with or without an inbox. */
export function homePage(hasInbox: boolean, progress: Progress): Page {
  const steps = stepsOf(hasInbox, progress);
  const at = steps.findIndex(({ isDone }) => !isDone);
  const done = steps.filter(({ isDone }) => isDone).length;
  return {
    title: "A second factor by text message",
    source: "factor",
    body: html`<h1>A stolen password opens nothing here</h1>
      <p class="lead">
        Acme is a pretend app on Express. After the password it asks for a code from a text message:
        one router, and one guard per route, from the package express-sms-2fa.
      </p>
      ${!progress.hasSignedUp && html`<p><a class="button" href="/sign-up">Take the tour</a></p>`}
      <h2>The tour</h2>
      <p class="hint">${done} of ${steps.length} steps done. It takes about three minutes.</p>
      <ol class="tour">
        ${steps.map((step, index) => drawStep(step, index === at))}
      </ol>
      ${furtherParts(hasInbox)}`,
  };
}

function drawStep({ isDone, heading, text }: Step, isHere: boolean): Html {
  const state = isDone ? "Done" : isHere ? "You are here" : undefined;
  return html`<li ${isHere && html`aria-current="step"`} ${isDone && html`class="done"`}>
    <h3>${heading} ${state !== undefined && html`<span class="state">${state}</span>`}</h3>
    <p>${text}</p>
  </li>`;
}

function stepsOf(hasInbox: boolean, progress: Progress): Step[] {
  const { hasSignedUp, isVerified = false, isEased = false } = progress;
  const { hasTransferred = false, hasWayBack = false } = progress;
  const where = hasInbox
    ? html`No text leaves this machine: the phone beside the page shows it, and the
        <a href="/dev/inbox">inbox</a> too.`
    : html`It is sent to your phone through SignalWire.`;
  return [
    {
      isDone: hasSignedUp,
      heading: "Sign up",
      text: html`<a href="/sign-up">Sign up</a> with a name, a password and a phone number, then
        <a href="/log-in">log in</a>. The password alone does not open your account.`,
    },
    {
      isDone: isVerified,
      heading: "Enter the code",
      text: html`Ask for a code and enter it. ${where}`,
    },
    {
      isDone: isEased,
      heading: "Your account",
      text: html`Your <a href="/account">account</a> is open. Make the next log-in easier: tick the
        box beside the code to have this browser remembered, or add a
        <a href="/passkeys/new">passkey</a>.`,
    },
    {
      isDone: hasTransferred,
      heading: "Make a transfer",
      text: html`A <a href="/transfer">transfer</a> asks for a code for it alone, whose text says
        what it confirms. It is made once.`,
    },
    {
      isDone: hasWayBack,
      heading: "Lose your phone",
      text: html`Make <a href="/2fa/recovery-codes?returnTo=%2Faccount">recovery codes</a>, then log
        out and in again: the page of the code takes one of them, once.`,
    },
  ];
}

function furtherParts(hasInbox: boolean): Html {
  return html`<h2>What else to try</h2>
    <ul>
      <li>
        <a href="/2fa/number?returnTo=%2Faccount">Change the number</a>: a code from the present
        number comes first, and one to the new number saves it.
      </li>
      <li>Begin a second transfer in another tab before you enter the code of the first.</li>
      <li>Enter a wrong code five times, or ask for two texts at once.</li>
      <li>
        Reload, go back, open a second tab, or switch JavaScript off: none of it costs another text.
      </li>
      <li>
        Set your browser to Arabic, Dutch, French, German, Italian, Japanese, Polish, Portuguese or
        Spanish: the pages of the code follow.
      </li>
      ${
        hasInbox &&
        html`<li>
          Enter ten wrong codes, then be the <a href="/support">support</a>, who let people in
          again.
        </li>`
      }
    </ul>`;
}
