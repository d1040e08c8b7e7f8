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
  }`;
  const own = { title, body, head: new Html(head), isNarrow: true, source: "factor" as const };
  const shown =
    account === undefined || texts === undefined ? own : { ...own, aside: phone(texts) };
  return drawPage(shown, { account, hasInbox: texts !== undefined });
}

// The list is no live region: the package's page says by itself that a text was sent. What the script adds
// later is told in the status, once.
function phone(texts: readonly Text[]): Html {
  return html`<aside class="phone" aria-label="Inbox" data-inbox="/dev/inbox/texts">
    <h2>Your phone</h2>
    <p class="hint">
      In development no text leaves this machine.
      <span class="without-script">Reload to see new ones.</span>
    </p>
    ${textList(texts.slice(-SHOWN_TEXTS))}
    <p class="heard" role="status"></p>
  </aside>`;
}
