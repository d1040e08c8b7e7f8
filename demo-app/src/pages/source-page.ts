/** The page that shows the lines that guard the others. */

import { html, type Html } from "express-sms-2fa";
import type { Excerpt, Guarded } from "../source/excerpts";
import type { Page } from "./layout";

const ABOUT: [of: Guarded, heading: string, sentence: string][] = [
  ["factor", "The pages of the code", "One call sets up the second factor, one line mounts it."],
  ["account", "Your account", "A code opens it, or a browser that its user has had remembered."],
  [
    "transfer",
    "A transfer",
    "It asks for a code of its own, whose text says what it confirms, and that is spent once.",
  ],
  [
    "passkeys",
    "Passkeys",
    "They are added and removed behind a code that is not older than five minutes.",
  ],
  [
    "browsers",
    "Remembered browsers",
    "To forget one takes a code: a remembered browser is not enough.",
  ],
  ["support", "Support", "Staff act behind a code for that alone."],
];

/** Draws what stands in the source. */
export function sourcePage(excerpts: Record<Guarded, readonly Excerpt[]>): Page {
  return {
    title: "The code of these pages",
    body: html`<h1>The code of these pages</h1>
      <p>
        These are the lines that guard the pages of this demo, read from its own source when it
        started. In an app of yours they look the same.
      </p>
      ${ABOUT.map(
        ([of, heading, sentence]) =>
          html`<h2 id="${of}">${heading}</h2>
            <p>${sentence}</p>
            ${excerpts[of].map(drawn)}`,
      )}`,
  };
}

function drawn({ file, line, code }: Excerpt): Html {
  const where = `demo-app/src/${file}, from line ${line}`;
  return html`<figure>
    <figcaption>${where}</figcaption>
    <pre><code>${code}</code></pre>
  </figure>`;
}
