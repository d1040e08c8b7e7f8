/** Serves the second factor's figures to a Prometheus, at a port of their own that this machine alone reaches. */

import type { Telemetry } from "express-sms-2fa";
import { openTelemetry } from "express-sms-2fa/opentelemetry";

/** Figures that are served. */
export interface Metrics {
  /** What `twoFactor()` is measured by. */
  telemetry: Telemetry;
  close: () => Promise<void>;
}

const HOST = "127.0.0.1";

/** Serves them at /metrics; loads OpenTelemetry's SDK only then. */
export async function serveMetrics(port: number): Promise<Metrics> {
  const { PrometheusExporter } = await import("@opentelemetry/exporter-prometheus");
  const { MeterProvider } = await import("@opentelemetry/sdk-metrics");
  const exporter = new PrometheusExporter({
    host: HOST,
    port,
    preventServerStart: true,
    withoutScopeInfo: true,
    withoutTargetInfo: true,
  });
  try {
    await exporter.startServer();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `The metrics can't be served at ${HOST}, port ${port} (${code ?? "unknown"}): set METRICS_PORT to a free one.`,
      { cause: error },
    );
  }
  const meterProvider = new MeterProvider({ readers: [exporter] });
  return {
    telemetry: openTelemetry({ meterProvider }),
    close: () => meterProvider.shutdown(),
  };
}
