/** The pages that add a passkey and confirm by one. Their script asks the browser, then sends the form. */

import { html, type Html } from "express-sms-2fa";
import type { Passkey } from "../passkeys/passkeys";
import { timeOf } from "../std/time";
import { summary, type Mistake } from "./form";
import type { Page } from "./layout";
import { day } from "./times";

const SCRIPTS = html`<script src="/simplewebauthn/index.umd.min.js" defer></script>
  <script src="/passkey.js" defer></script>`;

/** What a passkey is asked for. */
export interface Asked {
  returnTo: string;
  purpose: string | undefined;
  /** What is confirmed, where the purpose describes it. */
  what: string | undefined;
  /** Leads to the code by text. */
  byText: string;
}

/** The page that asks somebody for their passkey, in the place of a code. */
export function confirmPage(
  { returnTo, purpose, what, byText }: Asked,
  mistakes: readonly Mistake[] = [],
): Page {
  return {
    title: "Confirm with your passkey",
    head: SCRIPTS,
    hasMistake: mistakes.length > 0,
    source: "passkeys",
    isNarrow: true,
    body: html`${summary(mistakes)}
      <h1>Confirm with your passkey</h1>
      ${
        what !== undefined &&
        html`<p>
          With it you confirm: <strong><bdi>${what}</bdi></strong>
        </p>`
      }
      <p>Use your fingerprint, face, PIN or security key, as your device asks you.</p>
      ${form(
        { action: "/passkey", options: "/passkey/options", ask: "get" },
        html`${hidden({ returnTo, purpose, what })} <button id="passkey">Use the passkey</button>`,
      )}
      <p><a href="${byText}">Text me a code instead</a></p>`,
  };
}

function hidden(fields: Record<string, string | undefined>): Html[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : html`<input type="hidden" name="${name}" value="${value}" />`,
  );
}

/** The page that makes a passkey. */
export function addPage(mistakes: readonly Mistake[] = []): Page {
  return {
    title: "Add a passkey",
    head: SCRIPTS,
    hasMistake: mistakes.length > 0,
    source: "passkeys",
    isNarrow: true,
    body: html`${summary(mistakes)}
      <h1>Add a passkey</h1>
      <p>
        It confirms your next log-ins in the place of a code, and can't be read by another site, as
        a code by text can.
      </p>
      ${form(
        { action: "/passkeys", options: "/passkeys/options", ask: "create" },
        html`<button id="passkey">Add a passkey</button>`,
      )}
      <p><a href="/account">Back to your account</a></p>`,
  };
}

/** The part of the account page. */
export function passkeyList(passkeys: readonly Passkey[]): Html {
  const items = passkeys.map(
    ({ id, addedAt, usedAt }) =>
      html`<li>
        Added ${day(addedAt)}, ${usedAt === undefined ? "not used yet" : html`used ${day(usedAt)}`}
        <form method="post" action="/passkeys/remove">
          <input type="hidden" name="id" value="${id}" />
          <button class="plain" aria-label="Remove the passkey added ${timeOf(addedAt)}">
            Remove
          </button>
        </form>
      </li>`,
  );
  return html`<h2>Passkeys</h2>
    ${
      items.length === 0
        ? html`<p class="empty">You have none so far.</p>`
        : html`<ul>
            ${items}
          </ul>`
    }
    <p><a href="/passkeys/new">Add a passkey</a></p>`;
}

interface Ceremony {
  action: string;
  /** Where the script gets what the browser is to be asked. */
  options: string;
  ask: "get" | "create";
}

function form({ action, options, ask }: Ceremony, content: Html): Html {
  return html`<noscript><p class="error">A passkey needs JavaScript.</p></noscript>
    <form method="post" action="${action}" data-options="${options}" data-passkey="${ask}">
      <input type="hidden" name="credential" value="" />
      ${content}
      <p class="error" role="alert"></p>
    </form>`;
}
