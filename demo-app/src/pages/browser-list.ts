/** The part of the account page that lists the remembered browsers. */

import { html, type Html, type Remembered } from "express-sms-2fa";
import { timeOf } from "../std/time";
import { day } from "./times";

/** Each with a button that has it forgotten. */
export function browserList(browsers: readonly Remembered[]): Html {
  const items = browsers.map(
    ({ id, browser, lastUsedAt, expiresAt, isCurrent, createdAt }) =>
      html`<li>
        <bdi>${browser || "A browser"}</bdi>${isCurrent && ", this one"}: used ${day(lastUsedAt)},
        until ${day(expiresAt)}
        <form method="post" action="/browsers/forget">
          <input type="hidden" name="id" value="${id}" />
          <button class="plain" aria-label="Forget the browser remembered ${timeOf(createdAt)}">
            Forget
          </button>
        </form>
      </li>`,
  );
  return html`<h2>Remembered browsers</h2>
    ${
      items.length === 0
        ? html`<p class="empty">
            None so far. Tick the box beside the code, and this page opens without one.
          </p>`
        : html`<ul>
              ${items}
            </ul>
            <form method="post" action="/browsers/forget">
              <button class="second">Forget all of them</button>
            </form>`
    }`;
}
