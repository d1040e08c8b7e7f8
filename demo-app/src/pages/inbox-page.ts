/** The page that shows the texts which were not sent, and their list. */

import { html, type Html } from "express-sms-2fa";
import type { Text } from "../texts/inbox";
import type { Page } from "./layout";

/** The texts, the newest first. */
export function inboxPage(texts: readonly Text[]): Page {
  return {
    title: "Inbox",
    body: html`<h1>Inbox</h1>
      <p>
        The texts that would have been sent, and what calls would have said. This page is there in
        development only, while no SIGNALWIRE_ variable is set.
      </p>
      ${textList(texts)}
      <p><a href="/2fa/">Enter a code</a></p>`,
  };
}

/** Texts as a list, the newest first. */
export function textList(texts: readonly Text[]): Html {
  if (texts.length === 0) return html`<p>None so far.</p>`;
  const items = texts.toReversed().map(
    ({ to, text, channel, at }) =>
      html`<li>
        <p class="hint">
          ${channel === "call" ? "Call to" : "To"} <bdi>${to}</bdi> at
          ${new Date(at).toISOString().slice(11, 19)} UTC
        </p>
        <p class="text">${text}</p>
      </li>`,
  );
  return html`<ol class="texts">
    ${items}
  </ol>`;
}
