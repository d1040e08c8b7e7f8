/** The page of the fake's inbox: its texts and calls, and the failures to choose. */

import { html, type Html } from "../std/html";
import { FAILURES } from "./failures";

/** A text or call as the page shows it. */
export interface InboxItem {
  at: number;
  to: string;
  channel: "sms" | "call";
  text: string;
}

/** The list alone, newest first: the script of the page puts it in place of the one before. */
export function inboxList(items: readonly InboxItem[]): Html {
  if (items.length === 0) return html`<p>No texts yet.</p>`;
  return html`<ol reversed>
    ${[...items].reverse().map(
      ({ at, to, channel, text }) =>
        html`<li>
          <h3>${channel === "sms" ? "Text" : "Call"} to <bdi>${to}</bdi></h3>
          <p class="when">
            <time datetime="${new Date(at).toISOString()}">${new Date(at).toISOString()}</time>
          </p>
          <pre dir="auto">${text}</pre>
        </li>`,
    )}
  </ol>`;
}

/** The page. `chosen` is the failure of the next request, `every` whether of all that follow. */
export function inboxPage(
  items: readonly InboxItem[],
  chosen: { id: string; every: boolean } | undefined,
): Html {
  return html`${DOCTYPE}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Inbox of the fake SignalWire</title>
        <link rel="stylesheet" href="/inbox.css" />
        <script src="/inbox.js" defer></script>
      </head>
      <body>
        <main>
          <h1>Inbox of the fake SignalWire</h1>
          <p>Nothing here was sent to a phone. <a href="/">Reload</a></p>
          <section aria-labelledby="failures">
            <h2 id="failures">Failures</h2>
            <p>${chosen ? toldOf(chosen) : "No failure is chosen: texts and calls are taken."}</p>
            <form method="post" action="/failure">
              <p>
                <label for="failure">What goes wrong</label>
                <select id="failure" name="failure">
                  <option value="">Nothing</option>
                  ${FAILURES.map(
                    ({ id, words }) =>
                      html`<option value="${id}" ${chosen?.id === id && SELECTED}>
                        ${words}
                      </option>`,
                  )}
                </select>
              </p>
              <p>
                <label for="every">When</label>
                <select id="every" name="every">
                  <option value="">With the next request</option>
                  <option value="yes" ${chosen?.every === true && SELECTED}>
                    With every request until you choose again
                  </option>
                </select>
              </p>
              <button>Choose</button>
            </form>
            <details>
              <summary>Numbers that always fail</summary>
              <ul>
                ${FAILURES.map(({ number, words }) => html`<li><code>${number}</code>: ${words}</li>`)}
              </ul>
            </details>
          </section>
          <section aria-labelledby="texts">
            <h2 id="texts">Texts and calls</h2>
            <p id="news" role="status"></p>
            <div id="list">${inboxList(items)}</div>
          </section>
        </main>
      </body>
    </html>`;
}

const DOCTYPE = html`<!doctype html>`;
const SELECTED = html` selected`;

function toldOf({ id, every }: { id: string; every: boolean }): string {
  const words = FAILURES.find((failure) => failure.id === id)?.words ?? "";
  return `${every ? "Every request" : "The next request"} fails: ${words}`;
}

/** Its style, for light and dark. */
export const INBOX_STYLE = `:root { color-scheme: light dark; }
html { background: Canvas; color: CanvasText; }
body { margin: 2rem auto; max-width: 42rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
label { display: block; font-weight: 600; }
select, button { font: inherit; min-height: 2.75rem; max-width: 100%; }
li { margin-block: 1rem; }
h3 { margin: 0; font-size: 1rem; }
.when { margin: 0; }
pre { margin: 0.25rem 0; padding: 0.75rem; border: 1px solid; white-space: pre-wrap; overflow-wrap: anywhere; }
`;

/** Its script: asks for the list every two seconds, and says when there is a new text. */
export const INBOX_SCRIPT = `"use strict";
const list = document.getElementById("list");
const news = document.getElementById("news");
let known;
async function look() {
  try {
    const response = await fetch("/list");
    const text = await response.text();
    if (response.ok && text !== known) {
      if (known !== undefined) {
        const page = new DOMParser().parseFromString(text, "text/html");
        list.replaceChildren(...page.body.childNodes);
        news.textContent = "A new text or call has come.";
      }
      known = text;
    }
  } catch {
    news.textContent = "The fake has ended.";
  }
  setTimeout(look, 2000);
}
look();
`;
