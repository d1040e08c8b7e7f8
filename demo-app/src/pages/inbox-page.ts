/** The page that shows the texts which were not sent, and their list. */

import { html, type Html } from "express-sms-2fa";
import type { Text } from "../texts/inbox";
import type { Page } from "./layout";
import { clock } from "./times";

/** The texts, the newest first. */
export function inboxPage(texts: readonly Text[]): Page {
  return {
    title: "Inbox",
    body: html`<h1>Inbox</h1>
      <p>
        The texts that would have been sent, and what calls would have said. This page is there in
        development only, while no SIGNALWIRE_ variable is set.
      </p>
      <p class="without-script">Reload to see new ones.</p>
      <div data-inbox="/dev/inbox/texts">
        ${textList(texts)}
        <p class="heard" role="status"></p>
      </div>
      <p><a href="/2fa/">Enter a code</a></p>`,
  };
}

/** Texts as a list, the newest first; the script of the pages adds to it in the same form. */
export function textList(texts: readonly Text[]): Html {
  const items = texts.toReversed().map(
    ({ to, text, channel, at }) =>
      html`<li data-at="${String(at)}">
        <p class="hint">
          ${channel === "call" ? "Call to" : "To"} <bdi>${to}</bdi> at ${clock(new Date(at))}
        </p>
        <p class="text">${text}</p>
      </li>`,
  );
  return html`${items.length === 0 && html`<p class="empty">No text has come so far.</p>`}
    <ol class="texts">
      ${items}
    </ol>`;
}
