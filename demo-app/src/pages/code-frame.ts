/** Puts the package's code page into the demo's own frame, the inbox beside it in development. */

import { Html, html, type PageContext } from "express-sms-2fa";
import type { Account } from "../accounts/accounts";
import type { Text } from "../texts/inbox";
import { textList } from "./inbox-page";
import { drawPage } from "./layout";

const SHOWN_TEXTS = 3;

/** Draws the whole document. */
export function drawCodePage(
  page: string,
  { title, head }: Pick<PageContext, "title" | "head">,
  { account, texts }: { account: Account | undefined; texts: readonly Text[] | undefined },
): string {
  const body = html`${new Html(page)}
  ${
    account?.hasProvedPhone === false &&
    html`<p>Not your number? <a href="/number">Change the number</a></p>`
  }
  ${account !== undefined && texts !== undefined && inbox(texts)}`;
  const visitor = { account, hasInbox: texts !== undefined };
  return drawPage({ title, body, head: new Html(head) }, visitor);
}

function inbox(texts: readonly Text[]): Html {
  return html`<aside class="inbox" aria-label="Inbox">
    <h2>Inbox</h2>
    <p class="hint">In development no text leaves this machine. Reload to see new ones.</p>
    ${textList(texts.slice(-SHOWN_TEXTS))}
  </aside>`;
}
