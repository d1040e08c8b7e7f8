/** Draws what every page has around its own part: head, navigation and log-out. */

import { html, type Html } from "express-sms-2fa";
import type { Account } from "../accounts/accounts";
import { hasDocs } from "../source/docs";
import type { Guarded } from "../source/excerpts";

/** The part of a page that is its own. */
export interface Page {
  /** Heading and, with the app's name, title. */
  title: string;
  body: Html;
  /** Whether the page tells of a mistake in its form. */
  hasMistake?: boolean;
  /** What else belongs into its head. */
  head?: Html;
  /** What stands beside it where there is room. */
  aside?: Html;
  /** Which lines guard it. */
  source?: Guarded;
  /** Whether it is one form, which wide lines would not suit. */
  isNarrow?: boolean;
}

/** Whom a page is drawn for. */
export interface Visitor {
  account: Account | undefined;
  hasInbox: boolean;
  /** What they have just done, told once. */
  notice?: string | undefined;
}

/** Draws a whole document. */
export function drawPage(
  { title, body, hasMistake = false, head, aside, source, isNarrow = false }: Page,
  visitor: Visitor,
): string {
  const { notice } = visitor;
  const document = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${hasMistake && "Error: "}${title} – Acme</title>
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      ${head}
      <link rel="stylesheet" href="/style.css" />
      <script src="/acme.js" defer></script>
    </head>
    <body>
      <a class="skip" href="#main">Skip to the content</a>
      <div class="bar">
        <header>
          <a class="brand" href="/">Acme</a>
          <nav aria-label="Pages">${links(visitor)}</nav>
        </header>
      </div>
      <div class="stage">
        <main id="main" ${isNarrow && html` class="narrow"`}>
          ${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`} ${body}
        </main>
        ${aside}
      </div>
      <footer>
        <nav aria-label="For developers">
          <ul>
            <li>
              <a href="/source${source !== undefined && `#${source}`}"
                >${source === undefined ? "Code" : "The code of this page"}</a
              >
            </li>
            ${hasDocs && html`<li><a href="/docs/">Docs</a></li>`}
            <li><a href="/2fa/openapi.json">openapi.json</a></li>
          </ul>
        </nav>
        <p>A demo of express-sms-2fa. Nothing here is real, the texts may be.</p>
      </footer>
    </body>
  </html> `;
  return `<!doctype html>\n${document.text}`;
}

function links({ account, hasInbox }: Visitor): Html {
  const inbox = hasInbox && html`<li><a href="/dev/inbox">Inbox</a></li>`;
  if (account === undefined) {
    return html`<ul>
      <li><a href="/sign-up">Sign up</a></li>
      <li><a href="/log-in">Log in</a></li>
      ${inbox}
    </ul>`;
  }
  return html`<ul>
    <li><a href="/account">Account</a></li>
    <li><a href="/transfer">Transfer</a></li>
    ${inbox}
    <li>
      <form method="post" action="/log-out"><button class="plain">Log out</button></form>
    </li>
  </ul>`;
}
