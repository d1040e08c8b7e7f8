/** How texts have fared, as gateways tell it: one counter for each text, which only rises. */

import type { KeyRing } from "../crypto/keys";
import { isSameInLength, mac, randomId } from "../crypto/mac";
import type { DeliveryReport } from "../delivery/callback";
import { countOf, type StepOutcome } from "../ledger/guarded";
import { peek, set, type Peek, type Raise } from "../ledger/ledger";
import type { Settings } from "../options/settings";
import type { DeliveryState } from "../outcome/events";
import { isOnRecord, type Challenge } from "../challenge/challenge";
import { lifeOf } from "./attempts";

/** How a text has fared, as far as its gateway has told. */
export interface DeliveryStatus {
  /** `sent`: nothing was told of it yet. With `deliveryStatus` alone. */
  delivery?: DeliveryState;
  /** Why it was not delivered: the number's owner texted STOP, and gets texts again after a text of START. */
  deliveryReason?: "opted_out";
}

// The later ones win, in whichever order they come: a text that was given up may arrive all the same.
const LEVELS = ["sent", "undelivered", "opted_out", "delivered"] as const;
const FIELD = "delivery";
const ID_LENGTH = 22;

/** The texts of one `twoFactor()`. They decide nothing: no code and no guard looks at them. */
export class Deliveries {
  readonly #keys: KeyRing;
  readonly #namespace: string;
  readonly #url: string;
  readonly #life: number;

  constructor(keys: KeyRing, url: string, settings: Settings) {
    this.#keys = keys;
    this.#namespace = settings.namespace;
    this.#url = url;
    this.#life = lifeOf(settings);
  }

  /** The challenge, its next text named: each has a fate of its own. */
  begin(challenge: Challenge): Challenge {
    return { ...challenge, text: randomId() };
  }

  /** Where a gateway is to tell of a challenge's text. One parameter, for Twilio sorts several anew. */
  callbackFor({ text }: Challenge): string | undefined {
    return text === undefined ? undefined : this.urlFor(text + this.#seal(this.#keys[0], text));
  }

  /** The URL of a callback with this reference. */
  urlFor(reference: string | undefined): string {
    return reference === undefined ? this.#url : `${this.#url}?ref=${reference}`;
  }

  /** The text that a reference names, if it is one of this app's. */
  open(reference: string | undefined): string | undefined {
    if (reference === undefined) return undefined;
    const [text, seal] = [reference.slice(0, ID_LENGTH), reference.slice(ID_LENGTH)];
    const isOurs = this.#keys.some((key) => isSameInLength(this.#seal(key, text), seal));
    return isOurs ? text : undefined;
  }

  /** Takes in what was told of a text. */
  raise(text: string, { state, reason }: DeliveryReport): Raise {
    const level = state === "undelivered" && reason === "opted_out" ? "opted_out" : state;
    return set(text, FIELD, LEVELS.indexOf(level), this.#life);
  }

  /** Whether what a step has taken in was not known before. */
  isNews(outcome: StepOutcome, raise: Raise): boolean {
    return countOf(outcome, raise).count < raise.max;
  }

  /** Reads what was told of a challenge's text. */
  peek({ text }: Challenge): Peek | undefined {
    return text === undefined ? undefined : peek(text, FIELD);
  }

  #seal(key: KeyRing[number], text: string): string {
    return mac(key.report, ["text/1", this.#namespace, text]).toString("base64url", 0, 16);
  }
}

/** What a step has read of a challenge's text. */
export function deliveryIn(
  outcome: StepOutcome,
  entry: Peek | undefined,
  challenge: Challenge,
): DeliveryStatus {
  if (entry === undefined) return {};
  const level = LEVELS[countOf(outcome, entry).count] ?? "delivered";
  if (level !== "opted_out") return { delivery: level };
  // Of a number that somebody only names, it would tell a stranger that its owner had texts from here.
  return { delivery: "undelivered", ...(isOnRecord(challenge) && { deliveryReason: level }) };
}
