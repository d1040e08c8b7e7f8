/** Sees whether a sender takes the address that its gateway is to report at, and tells the developer where it does not. */

import { isFirst, warn } from "../std/warning";
import { nameOf } from "./route";
import type { Message, Sender } from "./sender";

/** Watches one text's; gives what looks at how that ended, and hands it on. */
export function watchCallback(
  message: Pick<Message, "statusCallback">,
  sender: Sender,
): <D extends { ok: boolean }>(delivery: D) => D {
  const { statusCallback } = message;
  if (statusCallback === undefined) return (delivery) => delivery;
  let isTaken = false;
  const get = (): string => {
    isTaken = true;
    return statusCallback;
  };
  Object.defineProperty(message, "statusCallback", { enumerable: true, get });
  return (delivery) => {
    if (delivery.ok && !isTaken) tellUntaken(nameOf(sender));
    return delivery;
  };
}

function tellUntaken(name = "the sender"): void {
  if (!isFirst(`no_callback ${name}`)) return;
  warn(
    `\`deliveryStatus\` is set, but ${name} has sent a text without its \`statusCallback\`, so nobody tells what became ` +
      "of it. Hand it on to the gateway, in the place of one of your own, or leave `deliveryStatus` out.",
    "SMS2FA_NO_CALLBACK",
  );
}
