/** The account page: what belongs to somebody, and what they can do with it. */

import { html, type Html, type Remembered, type SessionVerification } from "express-sms-2fa";
import { endOf, type Account, type Transfer } from "../accounts/accounts";
import type { Page } from "./layout";
import type { Passkey } from "../passkeys/passkeys";
import { browserList } from "./browser-list";
import { passkeyList } from "./passkey-pages";
import { recoveryPart } from "./recovery-part";
import { time } from "./times";

/** What belongs to an account. */
export interface Belongings {
  transfers: readonly Transfer[];
  passkeys: readonly Passkey[];
  browsers: readonly Remembered[];
  /** Recovery codes that are not used yet. */
  recoveryCodes: number;
}

/** The account page; without a proof the browser is a remembered one. */
export function accountPage(
  account: Account,
  proof: SessionVerification | undefined,
  { transfers, passkeys, browsers, recoveryCodes }: Belongings,
): Page {
  return {
    title: "Your account",
    source: "account",
    body: html`<h1>Your account</h1>
      <p>Hello, <bdi>${account.name}</bdi>. You are in, with password and ${nameOf(proof)}.</p>
      <dl>
        <dt>Phone number</dt>
        <dd>
          ending in ${endOf(account.phone)} (<a href="/2fa/number?returnTo=%2Faccount"
            >change the number</a
          >)
        </dd>
        ${
          proof &&
          html`<dt>Confirmed</dt>
            <dd>${time(proof.at)}</dd>`
        }
      </dl>
      ${transferList(transfers)} ${passkeyList(passkeys)} ${browserList(browsers)}
      ${recoveryPart(recoveryCodes)}`,
  };
}

function nameOf(proof: SessionVerification | undefined): string {
  if (proof === undefined) return "this browser, which you had remembered";
  if (proof.amr.includes("recovery")) return "recovery code";
  return proof.amr.includes("pop") ? "passkey" : "code";
}

function transferList(made: readonly Transfer[]): Html {
  const items = made.map(({ to, amount }) => html`<li>$${amount} to <bdi>${to}</bdi></li>`);
  return html`<h2>Transfers</h2>
    ${
      items.length === 0
        ? html`<p class="empty">You have sent nothing so far.</p>`
        : html`<ul>
            ${items}
          </ul>`
    }
    <p><a href="/transfer">Make a transfer</a></p>`;
}
