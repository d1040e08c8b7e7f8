/** The entry point `express-sms-2fa/opentelemetry`: metrics and spans through OpenTelemetry's API, whatever takes them in. */

import type * as Api from "@opentelemetry/api";
import type { MeterProvider, Span, TracerProvider } from "@opentelemetry/api";
import { isRefusalCode } from "../outcome/errors";
import type { Telemetry, WorkFacts, WorkName } from "../outcome/telemetry";
import { isThenable, type MaybePromise } from "../std/maybe-promise";
import { refuse, refuseUnknown } from "../std/option-checks";
import { Budgets } from "./budgets";
import { makeMeters, type Meters } from "./instruments";
import { countEvent, factsOf } from "./series";

/** What `openTelemetry()` takes. */
export interface OpenTelemetryOptions {
  /** Takes the metrics. @default the one that is registered globally */
  meterProvider?: MeterProvider | undefined;
  /** Takes the spans. @default the one that is registered globally */
  tracerProvider?: TracerProvider | undefined;
}

const OPTIONS: Record<keyof OpenTelemetryOptions, true> = {
  meterProvider: true,
  tracerProvider: true,
};

/** The name of the meter and the tracer. */
const SCOPE = "express-sms-2fa";

/**
 * Makes what `telemetry` takes, over `@opentelemetry/api`, which is installed beside this package: 1.9 or later. Without
 * an SDK that is registered nothing is measured; one may be registered later. What an SDK throws is dropped: it
 * decides nothing. No series and no span names a user, a number or a code.
 *
 * @example
 * const { router, require2fa } = twoFactor({ ...options, telemetry: openTelemetry() });
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  const { meterProvider, tracerProvider } = readProviders(options);
  const api = loadApi();
  const metersNow = metersOf(api, meterProvider);
  const budgets = new Budgets();
  const meters = () => metersNow(budgets);
  const tracer = (tracerProvider ?? api.trace).getTracer(SCOPE);
  return {
    measure: (name, work, tell) => {
      const begun = performance.now();
      const kind = isCall(name) ? api.SpanKind.CLIENT : api.SpanKind.INTERNAL;
      const span = quietly(() => tracer.startSpan(`sms2fa.${name}`, { kind }));
      const end = (facts: WorkFacts): void => {
        const seconds = (performance.now() - begun) / 1000;
        quietly(() => {
          recordWork(meters(), name, seconds, facts);
        });
        if (span !== undefined) {
          quietly(() => {
            endSpan(api, span, facts);
          });
        }
      };
      return settle(() => within(api, span, work), tell, end);
    },
    hear: (event) => {
      quietly(() => {
        countEvent(event, meters());
      });
    },
    note: (stand) => {
      budgets.note(stand);
    },
  };
}

function readProviders(options: unknown): OpenTelemetryOptions {
  refuseUnknown("openTelemetry()", options, OPTIONS);
  const { meterProvider, tracerProvider } = options as OpenTelemetryOptions;
  if (meterProvider !== undefined && !has(meterProvider, "getMeter")) {
    refuse("meterProvider", "to be a MeterProvider of OpenTelemetry's SDK", meterProvider);
  }
  if (tracerProvider !== undefined && !has(tracerProvider, "getTracer")) {
    refuse("tracerProvider", "to be a TracerProvider of OpenTelemetry's SDK", tracerProvider);
  }
  return { meterProvider, tracerProvider };
}

function has(value: unknown, method: string): boolean {
  return typeof (value as Record<string, unknown> | null)?.[method] === "function";
}

const API = "@opentelemetry/api";

function loadApi(): typeof Api {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an optional peer
    return require("@opentelemetry/api") as typeof Api;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "MODULE_NOT_FOUND" || !message.includes(`'${API}'`)) throw error;
    throw new Error(`openTelemetry() needs OpenTelemetry's API: \`npm install ${API}\`.`, {
      cause: error,
    });
  }
}

/** Gives the instruments of the provider that there is now: the global one may be registered after `twoFactor()`. */
function metersOf(
  { metrics }: typeof Api,
  given: MeterProvider | undefined,
): (budgets: Budgets) => Meters {
  let made: { provider: MeterProvider; meters: Meters } | undefined;
  return (budgets) => {
    const provider = given ?? metrics.getMeterProvider();
    if (made?.provider !== provider) {
      made = { provider, meters: makeMeters(provider.getMeter(SCOPE), budgets) };
    }
    return made.meters;
  };
}

/** Does the work once, with its span as the parent of what it asks of others. */
function within<T>({ context, trace }: typeof Api, span: Span | undefined, work: () => T): T {
  if (span === undefined) return work();
  const state = { isBegun: false };
  try {
    return context.with(trace.setSpan(context.active(), span), () => {
      state.isBegun = true;
      return work();
    });
  } catch (error) {
    if (state.isBegun) throw error;
    return work();
  }
}

/** Ends what was begun, whatever the work does; hands on what it gives or throws. */
function settle<T>(
  work: () => MaybePromise<T>,
  tell: (given: T) => WorkFacts,
  end: (facts: WorkFacts) => void,
): MaybePromise<T> {
  const fail = (error: unknown): never => {
    end({ outcome: codeOf(error) });
    throw error;
  };
  let given: MaybePromise<T>;
  try {
    given = work();
  } catch (error) {
    return fail(error);
  }
  const succeed = (value: T): T => {
    end(tell(value));
    return value;
  };
  return isThenable(given) ? given.then(succeed, fail) : succeed(given);
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return isRefusalCode(code) ? code : "unavailable";
}

function isCall(name: WorkName): boolean {
  return name === "send" || name === "ledger";
}

function recordWork(meters: Meters, name: WorkName, seconds: number, facts: WorkFacts): void {
  const { outcome } = facts;
  if (name === "ledger") meters.record("ledgerDuration", seconds, { outcome });
  // How long a sender took, its events tell.
  else if (name !== "send")
    meters.record("operationDuration", seconds, { operation: name, outcome });
}

/** What is somebody's fault to mend; a wrong code is not. */
const FAULTS = new Set(["unavailable", "delivery_failed"]);

function endSpan({ SpanStatusCode }: typeof Api, span: Span, facts: WorkFacts): void {
  const { outcome } = facts;
  for (const [name, value] of Object.entries({ outcome, ...factsOf(facts) })) {
    span.setAttribute(`sms2fa.${name}`, value);
  }
  if (FAULTS.has(outcome)) {
    // Never the error itself: one of an app's own sender may show a number.
    span.setAttribute("error.type", outcome);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** Does what an SDK may fail at. */
function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
