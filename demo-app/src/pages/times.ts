/** Draws points in time: in UTC, which the script of the pages makes local. */

import { html, type Html } from "express-sms-2fa";
import { clockOf, dayOf, timeOf } from "../std/time";

/** Day and minute. */
export function time(at: Date | string): Html {
  return drawn(at, "time", timeOf(at));
}

/** The day alone. */
export function day(at: Date | string): Html {
  return drawn(at, "day", dayOf(at));
}

/** The time of the day, with seconds. */
export function clock(at: Date): Html {
  return drawn(at, "clock", clockOf(at));
}

function drawn(at: Date | string, shown: string, utc: string): Html {
  return html`<time datetime="${new Date(at).toISOString()}" data-shown="${shown}">${utc}</time>`;
}
