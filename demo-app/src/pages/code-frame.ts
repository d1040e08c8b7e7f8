/** Puts the package's code page into the demo's own frame, the inbox beside it in development. */

import type { Outbox } from "express-sms-2fa/outbox";
import type { PageContext } from "express-sms-2fa";
import type { Account } from "../accounts";
import { Html, html } from "../html";
import { textList } from "./inbox-page";
import { drawPage } from "./layout";

const SHOWN_TEXTS = 3;

/** Draws the whole document. */
export function drawCodePage(
  page: string,
  { title, head }: Pick<PageContext, "title" | "head">,
  { account, outbox }: { account: Account | undefined; outbox: Outbox | undefined },
): string {
  const body = html`${new Html(page)}
  ${
    account?.hasProvedPhone === false &&
    html`<p>Not your number? <a href="/number">Change the number</a></p>`
  }
  ${account !== undefined && outbox !== undefined && inbox(outbox)}`;
  const visitor = { account, hasInbox: outbox !== undefined };
  return drawPage({ title, body, head: new Html(head) }, visitor);
}

function inbox({ messages }: Outbox): Html {
  return html`<aside class="inbox" aria-label="Inbox">
    <h2>Inbox</h2>
    <p class="hint">In development no text leaves this machine. Reload to see new ones.</p>
    ${textList(messages.slice(-SHOWN_TEXTS))}
  </aside>`;
}
