/** What a session holds in the tests of sessions: one mark, and nothing else of ours. */

import type { Mark, SessionState } from "../../lib/session/state";

export const MARK: Mark = {
  subject: "ann",
  purpose: "",
  binding: "b",
  amr: ["sms"],
  at: 1_700_000_000_000,
  answered: { id: "p1" },
};

export const STATE: SessionState = { challenges: [], marks: [MARK] };
