/** Chooses how texts leave: through SignalWire where it is set up, into an inbox where it is not. */

import type { Message, Sender } from "express-sms-2fa";
import { outbox } from "express-sms-2fa/outbox";
import { signalwire } from "express-sms-2fa/signalwire";
import { isProduction } from "../settings/settings";
import type { Inbox } from "./inbox";

/** How texts leave. */
export interface Texts {
  sender: Sender;
  /** Where nothing is sent. */
  inbox?: Inbox;
}

const SIGNALWIRE = [
  "SIGNALWIRE_SPACE",
  "SIGNALWIRE_PROJECT",
  "SIGNALWIRE_TOKEN",
  "SIGNALWIRE_NUMBER",
];

/** Reads the SIGNALWIRE_ variables of this process. Throws where some are set and others are not. */
export function chooseTexts(inbox: Inbox): Texts {
  if (SIGNALWIRE.some((name) => (process.env[name] ?? "").trim() !== "")) {
    return { sender: signalwire() };
  }
  if (isProduction(process.env)) {
    throw new Error(
      `Expected ${SIGNALWIRE.join(", ")} to be set in production: without them every code would ` +
        "stand at /dev/inbox, for all to read.",
    );
  }
  // Says that there is a text, without the code; the inbox is where it is read.
  const box = outbox({ size: 1 });
  const sender: Sender = async (message) => {
    box(message);
    const { to, channel } = message;
    await inbox.put({ to, text: wordsOf(message), channel, at: Date.now() });
  };
  return { sender, inbox };
}

/** What somebody reads, or hears. */
function wordsOf({ text, spoken }: Message): string {
  if (spoken === undefined) return text;
  const { greeting, keys, code, warning } = spoken;
  return [greeting, ...keys.map(({ asks }) => asks), code, warning].join(" ");
}
