/** Chooses how texts leave: through SignalWire where it is set up, into an outbox where it is not. */

import type { Sender } from "express-sms-2fa";
import { outbox, type Outbox } from "express-sms-2fa/outbox";
import { signalwire } from "express-sms-2fa/signalwire";

/** How texts leave. */
export interface Texts {
  sender: Sender;
  /** The texts that were not sent, where nothing is. */
  outbox?: Outbox;
}

const SIGNALWIRE = [
  "SIGNALWIRE_SPACE",
  "SIGNALWIRE_PROJECT",
  "SIGNALWIRE_TOKEN",
  "SIGNALWIRE_NUMBER",
];

/** Reads the SIGNALWIRE_ variables of this process. Throws where some are set and others are not. */
export function chooseTexts(): Texts {
  if (SIGNALWIRE.some((name) => (process.env[name] ?? "").trim() !== "")) {
    return { sender: signalwire() };
  }
  if (process.env["NODE_ENV"] === "production") {
    throw new Error(
      `Expected ${SIGNALWIRE.join(", ")} to be set in production: without them every code would ` +
        "stand at /dev/inbox, for all to read.",
    );
  }
  const box = outbox();
  return { sender: box, outbox: box };
}
