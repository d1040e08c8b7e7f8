/** Words the text of a challenge's code, and hands it over. */

import { keyOfChallenge, type Challenge } from "../challenge/challenge";
import { deriveCode } from "../challenge/code";
import type { KeyRing } from "../crypto/keys";
import type { Settings } from "../options/settings";
import { TwoFactorError } from "../outcome/errors";
import type { Subscriber } from "../request/subscriber";
import { deliver, type Delivery } from "./deliver";
import { composeText } from "./text";
import { chooseTextLocale } from "./wording";

/** Sends the code of a challenge, good for what is left of its life. */
export async function sendCode(
  settings: Settings,
  keys: KeyRing,
  { subscriber, challenge }: { subscriber: Subscriber; challenge: Challenge },
): Promise<Delivery> {
  const { appName, codeLength, host, sender, sendTimeout } = settings;
  const key = keyOfChallenge(keys, challenge);
  if (key === undefined) throw new TwoFactorError("unavailable", "The challenge has no key.");
  const to = subscriber.phone.e164;
  const code = deriveCode(key, challenge, to, codeLength);
  const validFor = Math.max(1, Math.round((challenge.expiresAt - Date.now()) / 1000));
  const minutes = Math.max(1, Math.floor(validFor / 60));
  const locale = chooseTextLocale({ tags: [subscriber.locale] });
  const text = composeText({ appName, code, minutes, locale, host });
  return deliver(sender, { to, text, channel: "sms", validFor }, sendTimeout);
}
