/** The part of the account page that tells how many recovery codes are left, and leads to new ones. */

import { html, type Html } from "express-sms-2fa";

const PAGE = "/2fa/recovery-codes?returnTo=%2Faccount";

/** Draws it. */
export function recoveryPart(left: number): Html {
  const isNone = left === 0;
  return html`<h2>Recovery codes</h2>
    <p>
      ${isNone ? "You have none." : `${String(left)} not used yet.`} With one you get in without
      your phone.
    </p>
    <p><a href="${PAGE}">${isNone ? "Make recovery codes" : "Make new recovery codes"}</a></p>`;
}
