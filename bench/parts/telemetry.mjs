/** Part 10: what measuring adds to a cycle, without HTTP: nothing given, the API alone, and a real SDK that keeps it all. */

import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { fakeRequest, makeTwoFactor } from "../in-process.mjs";
import { interleave, median, ratio, rateOf } from "../measure.mjs";
import { load } from "../subject.mjs";

let people = 0;

/** Cycles over counters as processes share them, so that each step is measured too. */
function blockOf(telemetry, count) {
  const ledger = load("ledger/memory.js").memoryLedger();
  const counters = { step: (step) => Promise.resolve(ledger.step(step)) };
  const { two, codeOf } = makeTwoFactor(load(), { counters, ...(telemetry && { telemetry }) });
  const act = async () => {
    people += 1;
    const phone = `+1415${2_000_000 + (people % 8_000_000)}`;
    const req = fakeRequest(`user-${people}`, phone);
    await two.request(req, {});
    const { ok } = await two.validate(req, { auth_code: codeOf(phone) });
    if (!ok) throw new Error("A cycle was refused.");
  };
  return () => rateOf(act, { count, atOnce: 8 });
}

export async function measureTelemetry({ isQuick }) {
  const { openTelemetry } = load("telemetry/index.js");
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meterProvider = new MeterProvider({ readers: [exporter] });
  const ended = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [ended] });
  const subjects = {
    without: blockOf(undefined, 200),
    api: blockOf(openTelemetry(), 200),
    sdk: blockOf(openTelemetry({ meterProvider, tracerProvider }), 200),
  };
  try {
    const rates = await interleave(subjects, isQuick ? 10 : 40);
    return {
      api: ratio(rates.without, rates.api),
      sdk: ratio(rates.without, rates.sdk),
      microseconds: Object.fromEntries(
        Object.entries(rates).map(([name, values]) => [name, 1_000_000 / median(values)]),
      ),
    };
  } finally {
    context.disable();
    trace.disable();
    await meterProvider.shutdown();
  }
}
