/** The instruments: what is measured, its unit, and by which attributes; docs/operations.md has them as a table. */

import type { Meter } from "@opentelemetry/api";
import type { Budgets } from "./budgets";

/** What may tell series apart: words of which an app has few. Never a user, a number or a code. */
export type Attribute =
  | "operation"
  | "outcome"
  | "country"
  | "channel"
  | "purpose"
  | "sender"
  | "code"
  | "limit"
  | "place"
  | "reason"
  | "type"
  | "budget";

/** One instrument, named as OpenTelemetry names them, its unit in UCUM. */
export interface Instrument {
  kind: "counter" | "histogram" | "gauge";
  name: string;
  unit: string;
  attributes: readonly Attribute[];
  about: string;
  /** Bounds of a histogram's buckets. */
  bounds?: readonly number[];
}

// OpenTelemetry's own for requests over HTTP, and finer ones for what takes a millisecond.
const CALLS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STEPS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2];
const PEOPLE = [5, 10, 15, 20, 30, 45, 60, 120, 300, 600];

/** Names of those that count. */
export type CounterName =
  | "texts"
  | "segments"
  | "answers"
  | "deliveries"
  | "gatewayFailures"
  | "refusals"
  | "lockouts"
  | "events";
/** Names of those that take times. */
export type HistogramName = "answerDelay" | "operationDuration" | "sendDuration" | "ledgerDuration";
type GaugeName = "budgetUsage" | "budgetLimit";

/** All of them. */
export const INSTRUMENTS: Readonly<Record<CounterName | HistogramName | GaugeName, Instrument>> = {
  texts: {
    kind: "counter",
    name: "sms2fa.texts",
    unit: "{text}",
    attributes: ["country", "channel", "purpose", "sender", "outcome"],
    about: "texts and calls that were handed to a sender: `sent`, or the refusal's code",
  },
  segments: {
    kind: "counter",
    name: "sms2fa.segments",
    unit: "{segment}",
    attributes: ["country", "sender"],
    about: "what texts that have left are billed as",
  },
  answers: {
    kind: "counter",
    name: "sms2fa.answers",
    unit: "{answer}",
    attributes: ["country", "channel", "purpose", "outcome"],
    about: "codes that were checked: `verified` or `wrong_code`",
  },
  answerDelay: {
    kind: "histogram",
    name: "sms2fa.answer.delay",
    unit: "s",
    attributes: ["country"],
    about: "from a code's first text to its right answer",
    bounds: PEOPLE,
  },
  deliveries: {
    kind: "counter",
    name: "sms2fa.deliveries",
    unit: "{text}",
    attributes: ["country", "outcome"],
    about: "what gateways told of texts: `delivered` or `undelivered`",
  },
  gatewayFailures: {
    kind: "counter",
    name: "sms2fa.gateway.failures",
    unit: "{failure}",
    attributes: ["sender", "channel"],
    about: "gateways that `failover()` has passed over",
  },
  refusals: {
    kind: "counter",
    name: "sms2fa.refusals",
    unit: "{refusal}",
    attributes: ["code", "limit", "place"],
    about:
      "refused requests, by code, at the `guard` or the `router`; of 429 the limit that was full",
  },
  lockouts: {
    kind: "counter",
    name: "sms2fa.lockouts",
    unit: "{lockout}",
    attributes: ["reason"],
    about: "wrong codes that shut out: `attempts_exhausted`, `blocked`, `factor_disabled`",
  },
  budgetUsage: {
    kind: "gauge",
    name: "sms2fa.budget.usage",
    unit: "{text}",
    attributes: ["budget", "country"],
    about:
      "texts taken from `country`, `all` and `maxPerDay`, as the last request for one found it",
  },
  budgetLimit: {
    kind: "gauge",
    name: "sms2fa.budget.limit",
    unit: "{text}",
    attributes: ["budget", "country"],
    about: "texts that such a budget holds",
  },
  operationDuration: {
    kind: "histogram",
    name: "sms2fa.operation.duration",
    unit: "s",
    attributes: ["operation", "outcome"],
    about: "the work of `request-auth` and `validate-auth`",
    bounds: CALLS,
  },
  sendDuration: {
    kind: "histogram",
    name: "sms2fa.send.duration",
    unit: "s",
    attributes: ["sender", "channel", "outcome"],
    about: "a sender's call",
    bounds: CALLS,
  },
  ledgerDuration: {
    kind: "histogram",
    name: "sms2fa.ledger.duration",
    unit: "s",
    attributes: ["outcome"],
    about: "a step of the counter store; not measured in memory",
    bounds: STEPS,
  },
  events: {
    kind: "counter",
    name: "sms2fa.events",
    unit: "{event}",
    attributes: ["type"],
    about: "every event, by type",
  },
};

/** What a series is told apart by. */
export type Attributes = { readonly [Each in Attribute]?: string };

/** The instruments of one meter. */
export interface Meters {
  /** Counts one, unless it is more. */
  count: (name: CounterName, attributes: Attributes, more?: number) => void;
  record: (name: HistogramName, seconds: number, attributes: Attributes) => void;
}

/** Makes them. Budgets are read when they are collected. */
export function makeMeters(meter: Meter, budgets: Budgets): Meters {
  const made = new Map(
    Object.entries(INSTRUMENTS).map(([key, instrument]) => [key, make(meter, instrument)]),
  );
  made.get("budgetUsage")?.observe((tell) => {
    for (const { used, ...whose } of budgets.standing()) tell(used, attributesOf(whose));
  });
  made.get("budgetLimit")?.observe((tell) => {
    for (const { limit, ...whose } of budgets.standing()) tell(limit, attributesOf(whose));
  });
  return {
    count: (name, attributes, more = 1) => made.get(name)?.add(more, attributes),
    record: (name, seconds, attributes) => made.get(name)?.add(seconds, attributes),
  };
}

type Tell = (value: number, attributes: Attributes) => void;

interface Made {
  add: Tell;
  observe: (read: (tell: Tell) => void) => void;
}

const NOTHING: Made = { add: () => undefined, observe: () => undefined };

function make(meter: Meter, { kind, name, unit, about, bounds }: Instrument): Made {
  const options = { unit, description: about };
  if (kind === "counter") {
    const counter = meter.createCounter(name, options);
    return { ...NOTHING, add: counter.add.bind(counter) };
  }
  if (kind === "histogram") {
    const advice = { explicitBucketBoundaries: [...(bounds ?? [])] };
    const histogram = meter.createHistogram(name, { ...options, advice });
    return { ...NOTHING, add: histogram.record.bind(histogram) };
  }
  const gauge = meter.createObservableGauge(name, options);
  return {
    ...NOTHING,
    observe: (read) => {
      gauge.addCallback((result) => {
        read((value, attributes) => {
          result.observe(value, attributes);
        });
      });
    },
  };
}

function attributesOf({ budget, country }: { budget: string; country?: string }): Attributes {
  return { budget, ...(country !== undefined && { country }) };
}
