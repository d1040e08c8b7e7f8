/** Metrics and spans over OpenTelemetry's real SDK: each step of a user's moves its own series, and none names anybody. */

import { metrics, trace, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { AggregationTemporality, InMemoryMetricExporter } from "@opentelemetry/sdk-metrics";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { failover } from "../../lib/senders/failover";
import { TwoFactorError, type CounterStore, type Sender } from "../../lib";
import { memoryLedger } from "../../lib/ledger/memory";
import { openTelemetry } from "../../lib/telemetry";
import { INSTRUMENTS } from "../../lib/telemetry/instruments";
import { ANN, BOB, fail, serve, wrongCodes } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { carryContext, measure } from "../fakes/telemetry";

carryContext();

/** The memory's ledger as one that processes share. */
function sharedLedger(): CounterStore {
  const ledger = memoryLedger();
  return { step: (step) => Promise.resolve(ledger.step(step)) };
}

test("a text that leaves and its right answer move their series", async () => {
  fakeDate();
  const { telemetry, value } = measure();
  const s = await serve({ options: { telemetry } });
  const client = await s.signedIn();
  await client.ask();
  pass(12);
  await client.answer(s.lastCode());
  const text = { country: "US", channel: "sms", outcome: "sent" };
  expect(await value("sms2fa_texts_total", text)).toBe(1);
  expect(
    await value("sms2fa_answers_total", { country: "US", channel: "sms", outcome: "verified" }),
  ).toBe(1);
  expect(await value("sms2fa_answer_delay_sum", { country: "US" })).toBe(12);
  expect(await value("sms2fa_segments_total", { country: "US" })).toBe(1);
  const asked = { operation: "request-auth", outcome: "sent" };
  expect(await value("sms2fa_operation_duration_count", asked)).toBe(1);
  const answered = { operation: "validate-auth", outcome: "verified" };
  expect(await value("sms2fa_operation_duration_count", answered)).toBe(1);
  const sent = { channel: "sms", outcome: "sent" };
  expect(await value("sms2fa_send_duration_count", sent)).toBe(1);
  expect(await value("sms2fa_events_total", { type: "session_renewed" })).toBe(1);
});

test("wrong codes, an exhausted challenge, a block and a refusal move theirs", async () => {
  fakeDate();
  const { telemetry, value } = measure();
  const s = await serve({ options: { telemetry } });
  const client = await s.signedIn();
  await client.visit();
  for (let challenge = 0; challenge < 2; challenge += 1) {
    await client.ask();
    await fail(client, s.lastCode(), 5);
    pass(120);
  }
  await client.ask();
  expect(
    await value("sms2fa_answers_total", { country: "US", channel: "sms", outcome: "wrong_code" }),
  ).toBe(10);
  expect(await value("sms2fa_lockouts_total", { reason: "attempts_exhausted" })).toBe(2);
  expect(await value("sms2fa_lockouts_total", { reason: "blocked" })).toBe(1);
  const refused = { code: "too_many_attempts", place: "router" };
  expect(await value("sms2fa_refusals_total", refused)).toBe(1);
  const guarded = { code: "two_factor_required", place: "guard" };
  expect(await value("sms2fa_refusals_total", guarded)).toBe(1);
});

test("a budget that users share tells how full it is, is refused by its name, and is empty after its window", async () => {
  fakeDate();
  const { telemetry, value } = measure();
  const limits = { country: { max: 5, window: 3600 } };
  const s = await serve({ options: { telemetry, limits } });
  for (const digit of ["1", "2", "3", "4", "5"]) {
    const client = await s.signedIn(`user-${digit}`, `+1202555010${digit}`);
    await client.ask();
  }
  const budget = { budget: "country3600", country: "US" };
  // The last fifth is for numbers that were proved before.
  expect(await value("sms2fa_budget_usage", budget)).toBe(4);
  expect(await value("sms2fa_budget_limit", budget)).toBe(5);
  expect(await value("sms2fa_budget_usage", { budget: "day" })).toBe(4);
  const full = { code: "too_many_requests", place: "router", limit: "country3600" };
  expect(await value("sms2fa_refusals_total", full)).toBe(1);
  expect(await value("sms2fa_events_total", { type: "budget_exhausted" })).toBe(1);
  pass(3601);
  expect(await value("sms2fa_budget_usage", budget)).toBe(0);
});

test("a gateway that fails, and one that is passed over, are told apart", async () => {
  const { telemetry, value, spans } = measure();
  const broken: Sender = function broken() {
    throw new TwoFactorError("unavailable", "Down.", { reason: "down", mayStillArrive: false });
  };
  const good: Sender = function good() {
    return { ok: true };
  };
  const over = await serve({ options: { telemetry, sender: failover([broken, good]) } });
  await (await over.signedIn()).ask();
  expect(await value("sms2fa_gateway_failures_total", { sender: "broken", channel: "sms" })).toBe(
    1,
  );
  const text = { country: "US", channel: "sms", sender: "good", outcome: "sent" };
  expect(await value("sms2fa_texts_total", text)).toBe(1);
  const alone = await serve({ options: { telemetry, sender: broken } });
  await (await alone.signedIn()).ask();
  const failed = { country: "US", channel: "sms", sender: "broken", outcome: "unavailable" };
  expect(await value("sms2fa_texts_total", failed)).toBe(1);
  const span = spans().findLast(({ name }) => name === "sms2fa.send");
  expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(span?.attributes["error.type"]).toBe("unavailable");
  expect(span?.events).toEqual([]);
});

test("the sender's call and the counter store's are spans below their endpoint's, and parents of what they call", async () => {
  const { telemetry, spans, value } = measure();
  let inside: string | undefined;
  const sender: Sender = function gateway() {
    inside = trace.getActiveSpan()?.spanContext().spanId;
  };
  const s = await serve({ options: { telemetry, sender, counters: sharedLedger() } });
  await (await s.signedIn()).ask();
  const [endpoint, send, step] = ["request-auth", "send", "ledger"].map((name) =>
    spans().find((span) => span.name === `sms2fa.${name}`),
  );
  expect(endpoint?.kind).toBe(SpanKind.INTERNAL);
  expect([send?.kind, step?.kind]).toEqual([SpanKind.CLIENT, SpanKind.CLIENT]);
  const id = endpoint?.spanContext().spanId;
  expect([send?.parentSpanContext?.spanId, step?.parentSpanContext?.spanId]).toEqual([id, id]);
  expect(inside).toBe(send?.spanContext().spanId);
  expect(await value("sms2fa_ledger_duration_count", { outcome: "ok" })).toBeGreaterThan(0);
});

test("a counter store that fails is refused as ever, and counted as unavailable", async () => {
  const { telemetry, value, spans } = measure();
  const counters = { step: () => Promise.reject(new Error("down")) };
  const s = await serve({ options: { telemetry, counters } });
  const asked = await (await s.signedIn()).ask();
  expect(asked.status).toBe(503);
  expect(await value("sms2fa_ledger_duration_count", { outcome: "unavailable" })).toBe(1);
  const names = spans().filter(({ status }) => status.code === SpanStatusCode.ERROR);
  expect(names.map(({ name }) => name)).toEqual(["sms2fa.ledger", "sms2fa.request-auth"]);
});

test("no series and no span names a user, a number, a code, an address or an app's error", async () => {
  fakeDate();
  const { telemetry, scrape, spans } = measure();
  let isDown = false;
  const sent: string[] = [];
  const sender: Sender = ({ to, code, text }) => {
    sent.push(code);
    if (isDown) throw Object.assign(new Error(`${to} ${text}`), { code: `E${to}`, reason: code });
  };
  const options = { telemetry, sender, counters: sharedLedger(), purposes: ["settings"] };
  const s = await serve({ options });
  for (const [id, phone] of [
    ["ann-of-sales", ANN],
    [BOB, BOB],
  ] as const) {
    const client = await s.signedIn(id, phone);
    await client.ask();
    await fail(client, sent.at(-1) ?? "", 2);
    await client.ask({ number: "+12025550999", purpose: "settings" });
    await client.ask({ locale: id, purpose: id, channel: phone, number: phone });
    await client.answer(sent.at(-1) ?? "");
    isDown = true;
    await client.ask({ fresh: "true" });
    isDown = false;
    pass(3600);
  }
  const nobody = s.client();
  await nobody.post(`/2fa/${ANN}`);
  const told = (await scrape()) + JSON.stringify(spans().map(shownSpan));
  expect(told).toContain("sms2fa_texts_total");
  expect(told).toContain('"sms2fa.outcome":"verified"');
  const digits = [ANN, BOB, "+12025550999"].map((phone) => phone.slice(-7));
  for (const secret of [...sent, ...wrongCodes(sent[0] ?? "", 2), ...digits, "ann-of", "127.0.0"]) {
    expect(told).not.toContain(secret);
  }
});

/** All that an exporter could send of a span, but its ids and times, whose digits are chance. */
function shownSpan({
  name,
  attributes,
  events,
  links,
  status,
  resource,
}: ReturnType<ReturnType<typeof measure>["spans"]>[number]) {
  return { name, attributes, events, links, status, resource: resource.attributes };
}

test("whatever an SDK throws, a user gets in, and work is done once", async () => {
  const broken = () => {
    throw new Error("no SDK");
  };
  let sent = 0;
  const telemetry = openTelemetry({
    meterProvider: { getMeter: broken },
    tracerProvider: { getTracer: () => ({ startSpan: broken, startActiveSpan: broken }) },
  });
  const s = await serve({ options: { telemetry, counters: sharedLedger() } });
  const client = await s.signedIn();
  await client.ask();
  sent += s.sent.length;
  expect((await client.answer(s.lastCode())).status).toBe(200);
  expect(sent).toBe(1);
});

test("an SDK that is registered after twoFactor() measures all the same", async () => {
  const s = await serve({ options: { telemetry: openTelemetry() } });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  await (await s.signedIn("early", BOB)).ask();
  metrics.setGlobalMeterProvider(provider);
  try {
    await (await s.signedIn()).ask();
    await provider.forceFlush();
    const names = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ scope, metrics: told }) =>
        told.map(({ descriptor }) => [scope.name, descriptor.name]),
      );
    expect(names).toContainEqual(["express-sms-2fa", "sms2fa.texts"]);
  } finally {
    metrics.disable();
    await provider.shutdown();
  }
});

test.each([
  [{ telemetry: openTelemetry }, /`telemetry` .*got a function. Call it, as `openTelemetry\(\)`\./],
  [{ telemetry: {} }, /Expected `telemetry` to be what `openTelemetry\(\)`/],
  [{ telemetry: null }, /Expected `telemetry` to be what `openTelemetry\(\)`/],
])("a wrong `telemetry` throws at the start", async (options, sentence) => {
  await expect(serve({ options: options as never })).rejects.toThrow(sentence);
});

test.each([
  [{ meter: 1 }, /Unknown option `meter` of openTelemetry\(\)/],
  [{ meterProvider: {} }, /Expected `meterProvider` to be a MeterProvider/],
  [{ tracerProvider: null }, /Expected `tracerProvider` to be a TracerProvider/],
])("wrong options of openTelemetry() throw: %j", (options, sentence) => {
  expect(() => openTelemetry(options as never)).toThrow(sentence);
});

test("instruments are named and measured as OpenTelemetry names and measures", () => {
  for (const { kind, name, unit } of Object.values(INSTRUMENTS)) {
    expect(name).toMatch(/^sms2fa(?:\.[a-z]+)+$/);
    expect(unit).toMatch(kind === "histogram" ? /^s$/ : /^\{[a-z]+\}$/);
  }
});
