/** The pages of a pretend transfer of money: its form, and the button that makes it. */

import { html } from "express-sms-2fa";
import type { Transfer } from "../accounts/accounts";
import { field, summary, type Mistake } from "./form";
import type { Page } from "./layout";

/** The form, with what was entered before. */
export function transferPage(
  entered: Transfer = { to: "", amount: "" },
  mistakes: readonly Mistake[] = [],
): Page {
  const to = { name: "to", label: "To", type: "text", autocomplete: "off" } as const;
  const amount = {
    name: "amount",
    label: "Amount in dollars",
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
  } as const;
  return {
    title: "Make a transfer",
    hasMistake: mistakes.length > 0,
    source: "transfer",
    isNarrow: true,
    body: html`${summary(mistakes)}
      <h1>Make a transfer</h1>
      <p>
        No money moves. A code for this transfer alone comes next; its text says what it is for.
      </p>
      <form method="post" action="/transfer" novalidate>
        ${field({ ...to, value: entered.to }, mistakes)}
        ${field({ ...amount, value: entered.amount }, mistakes)}
        <button>Continue</button>
      </form>`,
  };
}

/** What waits, and the button that makes it: the form says what it shows. */
export function confirmTransferPage({ to, amount }: Transfer, what: string): Page {
  return {
    title: "Send the money?",
    source: "transfer",
    isNarrow: true,
    body: html`<h1>Send the money?</h1>
      <dl>
        <dt>To</dt>
        <dd><bdi>${to}</bdi></dd>
        <dt>Amount</dt>
        <dd>$${amount}</dd>
      </dl>
      <form method="post" action="/transfer/confirm" class="inline">
        <input type="hidden" name="what" value="${what}" />
        <button>Send $${amount}</button>
      </form>
      <p><a href="/account">Don’t send it</a></p>`,
  };
}

/** Where a page that was left open asks for a transfer that is over. */
export function nothingWaitsPage({ title, detail }: { title: string; detail: string }): Page {
  return {
    title,
    source: "transfer",
    isNarrow: true,
    body: html`<h1>${title}</h1>
      <p>${detail}</p>
      <p><a href="/account">See what was sent</a></p>
      <p><a href="/transfer">Make a transfer</a></p>`,
  };
}
