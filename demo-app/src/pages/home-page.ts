/** The first page: what there is to try. */

import { html } from "express-sms-2fa";
import type { Page } from "./layout";

const SUPPORT = html`<li>
  Enter ten wrong codes, then be the <a href="/support">support</a>: a code for that alone shows how
  somebody stands, and lets them in again.
</li>`;

/** Draws it for a demo with or without an inbox. */
export function homePage(hasInbox: boolean): Page {
  const where = hasInbox
    ? html`No text leaves this machine: read it in the <a href="/dev/inbox">inbox</a>.`
    : html`It is sent to your phone through SignalWire.`;
  return {
    title: "A second factor by text message",
    body: html`<h1>A second factor by text message</h1>
      <p>Acme is a pretend app that asks for a code from a text message, after the password.</p>
      <h2>What to try</h2>
      <ol>
        <li><a href="/sign-up">Sign up</a> with a name, a password and a phone number.</li>
        <li><a href="/log-in">Log in</a>. The password alone does not open your account.</li>
        <li>Ask for a code. ${where}</li>
        <li>Enter the code: your <a href="/account">account</a> opens.</li>
        <li>
          Make a <a href="/transfer">transfer</a>: a code for it alone, whose text says what it is
          for, makes it once. Begin another one in a second tab before you enter the code.
        </li>
        <li>
          <a href="/2fa/number?returnTo=%2Faccount">Change the number</a>: a code from the present
          one comes first, not older than two minutes. Then another code goes to the new number, and
          only that saves it. Your account shows its last two digits.
        </li>
        <li>
          Add a <a href="/passkeys/new">passkey</a>, then log out. Your next log-in asks for it, and
          texts you where you don't have it at hand.
        </li>
        <li>
          Tick the box beside the code: this browser opens your account after the password alone for
          thirty days, but no transfer. Your account lists such browsers, and forgets them.
        </li>
        <li>
          Make <a href="/2fa/recovery-codes?returnTo=%2Faccount">recovery codes</a>, then log out
          and in again without your phone: the page of the code takes one of them, once.
        </li>
        ${hasInbox && SUPPORT}
        <li>Log out. The session is gone, the proof with it.</li>
      </ol>
      <h2>What else</h2>
      <p>
        Enter a wrong code five times, or ask for two texts at once. Reload, go back, open a second
        tab, or switch JavaScript off: none of it costs another text. Set your browser to Arabic,
        Dutch, French, German, Italian, Japanese, Polish, Portuguese or Spanish: the pages of the
        code follow. For scripts the same endpoints are at <code>/2fa/request-auth</code> and
        <code>/2fa/validate-auth</code>.
      </p>`,
  };
}
