/** A sender over several gateways: the next sends where the one before surely has not, and a failing one rests. */

import {
  CircuitState,
  circuitBreaker,
  CountBreaker,
  handleWhenResult,
  isBrokenCircuitError,
  type CircuitBreakerPolicy,
} from "cockatiel";
import { deliver, type Delivery } from "../delivery/deliver";
import { named, nameOf, withRoute, type PassedOver } from "../delivery/route";
import {
  channelsOf,
  isFactory,
  markFactory,
  markTimeout,
  readTimeout,
  serving,
  type Message,
  type Sender,
} from "../delivery/sender";
import { isForAnother, isGatewaysFault } from "../delivery/verdict";
import { CHANNELS, type Channel } from "../outcome/channel";
import { TwoFactorError } from "../outcome/errors";
import { refuse, refuseUnknown } from "../std/option-checks";

/** What `failover()` takes beside its senders. */
export interface FailoverOptions {
  /**
   * Seconds that each gateway gets, from 0.1 to 60, and no more than `sendTimeout`. A gateway that has not
   * answered by then may have sent the text: no other is asked, and the code stays good. @default 5
   */
  timeout?: number | undefined;
}

const OPTIONS: Record<keyof FailoverOptions, true> = { timeout: true };
const MOST_SENDERS = 10;
const REST_MS = 30_000;

/**
 * Makes a sender out of two to ten, in the order in which they are to be tried. The next one gets a text where
 * the one before has surely not sent it, so that nobody gets two; it gets none that may still arrive, and
 * none to a number that was refused, such as one that has opted out. A gateway that gives no answer or tells
 * of a fault of its own, at more than half of its last ten texts and five times at least, is left out for 30 s; then
 * one text tries it. Each process learns that by itself. Calls go to those alone that serve them.
 *
 * @example
 * const sender = failover([signalwire(), twilio()]);
 */
export function failover(senders: readonly Sender[], options: FailoverOptions = {}): Sender {
  const gateways = nameAll(readSenders(senders)).map(([name, sender]) => new Gateway(name, sender));
  refuseUnknown("failover()", options, OPTIONS);
  const seconds = readTimeout(options.timeout, 5);
  const served = CHANNELS.filter((channel) => gateways.some((each) => each.serves(channel)));
  const send = serving(
    served,
    named("failover", (message: Message) => sendByFirst(gateways, message, seconds)),
  );
  return options.timeout === undefined ? send : markTimeout(send, seconds);
}

markFactory(failover);

/** A delivery by one of the gateways. */
type Delivered = Delivery & { sender: string };
type Failure = Extract<Delivered, { ok: false }>;

/** One gateway, and the breaker that leaves it out. */
class Gateway {
  readonly name: string;
  readonly #sender: Sender;
  readonly #breaker: CircuitBreakerPolicy;

  constructor(name: string, sender: Sender) {
    this.name = name;
    this.#sender = sender;
    this.#breaker = circuitBreaker(
      handleWhenResult((delivery) => isGatewaysFault(delivery as Delivery)),
      {
        breaker: new CountBreaker({ threshold: 0.5, size: 10, minimumNumberOfCalls: 5 }),
        halfOpenAfter: REST_MS,
      },
    );
  }

  serves(channel: Channel): boolean {
    return channelsOf(this.#sender)?.includes(channel) !== false;
  }

  /** Sends, or gives nothing where the gateway is left out. */
  async send(message: Message, seconds: number): Promise<Delivered | undefined> {
    // The breaker would have it wait for the text that tries the gateway.
    if (this.#breaker.state === CircuitState.HalfOpen) return undefined;
    try {
      return await this.#breaker.execute(async () => {
        const delivery = this.#name(await deliver(this.#sender, message, seconds, message.signal));
        if (delivery.ok || isGatewaysFault(delivery)) return delivery;
        throw new Refused(delivery);
      });
    } catch (error) {
      if (error instanceof Refused) return error.delivery;
      if (isBrokenCircuitError(error)) return undefined;
      throw error;
    }
  }

  /** With the name that it has here; one that chooses among others has told which it was. */
  #name(delivery: Delivery): Delivered {
    const { sender, passedOver } = delivery;
    return { ...delivery, sender: passedOver === undefined ? this.name : (sender ?? this.name) };
  }
}

/** Thrown past the breaker: a refusal speaks neither for the gateway nor against it. */
class Refused extends Error {
  readonly delivery: Failure;

  constructor(delivery: Failure) {
    super();
    this.delivery = delivery;
  }
}

async function sendByFirst(
  gateways: readonly Gateway[],
  message: Message,
  seconds: number,
): Promise<object> {
  const passedOver: PassedOver[] = [];
  let last: Failure | undefined;
  for (const gateway of gateways.filter((each) => each.serves(message.channel))) {
    // The user has been answered: a text would come after that.
    if (message.signal.aborted) break;
    const delivery = await gateway.send(message, seconds);
    if (delivery === undefined) {
      passedOver.push({ sender: gateway.name, reason: "breaker_open" });
      continue;
    }
    if (last !== undefined) passedOver.push(last);
    passedOver.push(...(delivery.passedOver ?? []));
    if (delivery.ok) return withRoute({ ok: true }, { sender: delivery.sender, passedOver });
    last = delivery;
    if (!isForAnother(last)) break;
  }
  throw failureOf(last, passedOver);
}

/** What the last gateway that was tried has said. */
function failureOf(last: Failure | undefined, passedOver: readonly PassedOver[]): TwoFactorError {
  const { code, reason, mayStillArrive, retryAfter } = last ?? ALL_OPEN;
  const error = new TwoFactorError(code, `No gateway confirmed the text: ${reason}.`, {
    reason,
    mayStillArrive,
    ...(retryAfter !== undefined && { retryAfter }),
  });
  if (last === undefined) return withRoute(error, { passedOver });
  const { sender, cause } = last;
  return withRoute(error, { passedOver, sender, ...(cause !== undefined && { cause }) });
}

const ALL_OPEN: Omit<Failure, "sender"> = {
  ok: false,
  code: "delivery_failed",
  reason: "breakers_open",
  mayStillArrive: false,
};

function readSenders(value: unknown): Sender[] {
  if (!Array.isArray(value) || value.length < 2 || value.length > MOST_SENDERS) {
    return refuse("senders", `of failover() to be an array of 2 to ${MOST_SENDERS} senders`, value);
  }
  const senders = value as unknown[];
  for (const sender of senders) {
    if (typeof sender !== "function") {
      refuse("senders", "of failover() to hold functions, such as `signalwire()` makes", sender);
    }
    if (isFactory(sender)) {
      const { name } = sender;
      throw new TypeError(
        `Expected \`senders\` of failover() to hold senders, got ${name} itself: call it, as \`${name}()\`.`,
      );
    }
    channelsOf(sender as Sender);
  }
  if (new Set(senders).size < senders.length) {
    throw new TypeError(
      "Expected `senders` of failover() to hold each sender once: two are the same.",
    );
  }
  return senders as Sender[];
}

/** Each with a name of its own, for events. */
function nameAll(senders: readonly Sender[]): [string, Sender][] {
  const names = senders.map((sender) => nameOf(sender) ?? "gateway");
  return senders.map((sender, index) => {
    const name = names[index] as string;
    const isAlone = name !== "gateway" && names.filter((each) => each === name).length === 1;
    return [isAlone ? name : `${name}-${index + 1}`, sender];
  });
}
