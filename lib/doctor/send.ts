/** Sends one real text, which costs money, to see that it arrives. It holds no code. */

import { deliver } from "../delivery/deliver";
import { maskPhone } from "../phone/phone";
import { signalwire } from "../senders/signalwire/index";
import { fault, ok, type Finding } from "./finding";

const CODE = "SEND";
const LONGEST_WAIT = 15; // Seconds.
const TEXT = "This is a test by express-sms-2fa doctor. There is no code in it.";

/** Texts `to`, an E.164 number, once; it is never sent again by itself. */
export async function checkSend(to: string): Promise<Finding> {
  let sender;
  try {
    sender = signalwire();
  } catch (error) {
    return fault(CODE, "No text was sent.", (error as Error).message);
  }
  const message = { to, text: TEXT, channel: "sms", code: "", locale: "en", purpose: "" } as const;
  const delivery = await deliver(sender, { ...message, validFor: 600 }, LONGEST_WAIT);
  if (delivery.ok) return ok(CODE, `A text to ${maskPhone(to)} was taken: see that it arrives.`);
  const end = delivery.mayStillArrive ? "it may arrive all the same" : "nothing was sent";
  const what = `The text to ${maskPhone(to)} failed (${delivery.reason}): ${end}.`;
  return fault(CODE, what, "docs/troubleshooting.md says what the reason means.");
}

/** What is said where the checks before it found a fault. */
export const notSent = (): Finding =>
  fault(CODE, "No text was sent: the gateway has a fault.", "Mend that first.");
