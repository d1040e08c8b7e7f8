/** The failures that are chosen on the inbox's page, or by the number that is texted. */

import type { Behaviour } from "./behaviour";

/** One way to fail. */
export interface ChosenFailure {
  /** How the page names it in a form. */
  id: string;
  /** The number that always fails so. */
  number: string;
  words: string;
  behaviour: Behaviour;
  /** What its callbacks tell in place of `delivered`. */
  report?: { status: string; code: string };
}

const refuse = (status: number, code: number, message: string): Behaviour => ({
  do: "refuse",
  status,
  code,
  message,
});

// The last of the numbers that are nobody's (555-0100 to 555-0199): no real text goes there.
export const FAILURES: readonly ChosenFailure[] = [
  {
    id: "invalid",
    number: "+12025550171",
    words: "The number is not valid (21211).",
    behaviour: refuse(400, 21211, "The 'To' number is not a valid phone number."),
  },
  {
    id: "opted-out",
    number: "+12025550172",
    words: "The recipient has opted out (21610).",
    behaviour: refuse(400, 21610, "Attempt to send to unsubscribed recipient"),
  },
  {
    id: "landline",
    number: "+12025550173",
    words: "The number is not a mobile (21614).",
    behaviour: refuse(400, 21614, "'To' number is not a valid mobile number"),
  },
  {
    id: "credentials",
    number: "+12025550174",
    words: "The credentials are wrong (20003).",
    behaviour: refuse(401, 20003, "Authenticate"),
  },
  {
    id: "throttled",
    number: "+12025550175",
    words: "Too many requests (20429).",
    behaviour: {
      do: "refuse",
      status: 429,
      code: 20429,
      message: "Too Many Requests",
      headers: { "Retry-After": "7" },
    },
  },
  {
    id: "down",
    number: "+12025550176",
    words: "SignalWire answers 503.",
    behaviour: { do: "answer", status: 503, body: "Service Unavailable" },
  },
  {
    id: "hang",
    number: "+12025550177",
    words: "SignalWire never answers.",
    behaviour: { do: "hang" },
  },
  {
    id: "drop",
    number: "+12025550178",
    words: "The connection is lost.",
    behaviour: { do: "drop", when: "after" },
  },
  {
    id: "undelivered",
    number: "+12025550179",
    words: "The text is taken, and not delivered (30003).",
    behaviour: { do: "accept", fields: {} },
    report: { status: "undelivered", code: "30003" },
  },
];
