/** Which series an event moves, so that no other place decides what is counted. */

import type { EventType, TwoFactorEvent } from "../outcome/events";
import type { WorkFacts } from "../outcome/telemetry";
import { isWord } from "../std/harmless";
import type { Attributes, Meters } from "./instruments";

/** Counts an event. */
export function countEvent(event: TwoFactorEvent, meters: Meters): void {
  const { type, code } = event;
  meters.count("events", { type });
  const move = MOVES[type];
  if (move !== undefined) move(event, meters);
  else if (code !== undefined) meters.count("refusals", refusalOf(event, code));
}

type Move = (event: TwoFactorEvent, meters: Meters) => void;

const countText: Move = (event, { count, record }) => {
  const { type, code = "sent", duration, segments } = event;
  const facts = factsOf(event);
  const { country, sender, channel } = facts;
  count("texts", { ...facts, outcome: code });
  if (type === "sent" && segments !== undefined) {
    count("segments", given({ country, sender }), segments);
  }
  if (duration !== undefined) {
    record("sendDuration", duration, given({ sender, channel, outcome: code }));
  }
};

const countAnswer: Move = (event, { count, record }) => {
  const { country, purpose, channel } = factsOf(event);
  count("answers", given({ country, purpose, channel, outcome: event.type }));
  if (event.answeredIn !== undefined) record("answerDelay", event.answeredIn, given({ country }));
};

/** What each event moves beside its own number; of others the refusals that they tell of are counted. */
const MOVES: Partial<Record<EventType, Move>> = {
  sent: countText,
  send_failed: countText,
  verified: countAnswer,
  wrong_code: countAnswer,
  gateway_failed: (event, { count }) => {
    const { sender, channel } = factsOf(event);
    count("gatewayFailures", given({ sender, channel }));
  },
  delivery: (event, { count }) => {
    const { country } = factsOf(event);
    count("deliveries", given({ country, outcome: event.state }));
  },
  attempts_exhausted: ({ type }, { count }) => {
    count("lockouts", { reason: type });
  },
  suspicious: ({ reason }, { count }) => {
    if (reason === "blocked" || reason === "factor_disabled") count("lockouts", { reason });
  },
};

// The names of limits come from the options; an app's own error may carry any reason.
const LIMIT = /^(?:cooldown|day|number-day|(?:user|calls|number|network|country|all)\d+)$/;

function refusalOf({ type, reason }: TwoFactorEvent, code: string): Attributes {
  const isLimit = code === "too_many_requests" && reason !== undefined && LIMIT.test(reason);
  const place = type === "guard_refused" ? "guard" : "router";
  return { code, place, ...(isLimit && { limit: reason }) };
}

/** What of an event or of a piece of work may tell series apart. */
export function factsOf(of: Partial<WorkFacts> | TwoFactorEvent): Attributes {
  const { country, purpose, sender, channel } = of;
  return given({
    country: country !== undefined && /^[A-Z]{2}$/.test(country) ? country : undefined,
    // The plain second factor has no name.
    purpose: purpose === "" ? undefined : purpose,
    sender: isWord(sender) ? sender : undefined,
    channel,
  });
}

/** Without what is not known. */
function given(attributes: { [Each in keyof Attributes]: string | undefined }): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
