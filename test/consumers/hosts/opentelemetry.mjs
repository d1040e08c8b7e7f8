// An Express app that is measured by OpenTelemetry's own SDK, and fails where nothing was.
import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import express from "express";
import session from "express-session";
import { twoFactor } from "express-sms-2fa";
import { openTelemetry } from "express-sms-2fa/opentelemetry";
import { outbox } from "express-sms-2fa/outbox";

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
const provider = new MeterProvider({ readers: [reader] });
metrics.setGlobalMeterProvider(provider);

/** Names of what was measured so far. */
async function measured() {
  await provider.forceFlush();
  return exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap((scope) => scope.metrics.map(({ descriptor }) => descriptor.name));
}

const texts = outbox({ print: false });
const { router, require2fa, reset } = twoFactor({
  secret: "a secret for the codes of this test, which is long",
  user: (req) => req.session.user,
  sender: texts,
  appName: "Acme",
  telemetry: openTelemetry(),
});

const app = express();
app.use(session({ secret: "for this test", resave: false, saveUninitialized: false }));
app.post("/sign-in", (req, res) => {
  req.session.user = { id: "ann", phone: "+12025550123" };
  res.json({});
});
app.use("/2fa", router);
app.get("/account", require2fa(), async (req, res) => {
  const names = await measured();
  const isMeasured = names.includes("sms2fa.texts") && names.includes("sms2fa.answers");
  res.json({ account: isMeasured ? req.session.user.id : `measured: ${names.join()}` });
});
app.post("/log-out", async (req, res) => {
  await reset(req);
  req.session.destroy(() => res.json({}));
});
app.get("/texts", (_req, res) => {
  res.json(texts.messages);
});
const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
