/** OpenTelemetry's real SDK in memory: what a Prometheus would scrape, and the spans that have ended. */

import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { context } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import type { Telemetry } from "../../lib";
import { openTelemetry } from "../../lib/telemetry";

/** One set of providers. */
export interface Measured {
  telemetry: Telemetry;
  /** The whole scrape, as text. */
  scrape: () => Promise<string>;
  /** The value of one series; 0 where there is none. Its labels are all that are given here and no other. */
  value: (name: string, labels?: Record<string, string>) => Promise<number>;
  spans: () => ReadableSpan[];
}

/** Makes them; none is registered for the whole process but what carries spans over promises. */
export function measure(): Measured {
  const metrics = new PrometheusExporter({ preventServerStart: true });
  const spans = new InMemorySpanExporter();
  const meterProvider = new MeterProvider({ readers: [metrics] });
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spans)],
  });
  const serializer = new PrometheusSerializer("", false, undefined, true, true);
  const scrape = async () => serializer.serialize((await metrics.collect()).resourceMetrics);
  return {
    telemetry: openTelemetry({ meterProvider, tracerProvider }),
    scrape,
    value: async (name, labels = {}) => valueIn(await scrape(), name, labels),
    spans: () => spans.getFinishedSpans(),
  };
}

/** Has spans know their parents over promises, for the tests of a file. */
export function carryContext(): void {
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  afterAll(() => {
    context.disable();
  });
}

function valueIn(text: string, name: string, labels: Record<string, string>): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  for (const line of text.split("\n")) {
    const [, series, told = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (series !== name) continue;
    const has = told.match(/\w+="[^"]*"/g) ?? [];
    if (has.sort().join() === wanted.sort().join()) return Number(value);
  }
  return 0;
}
