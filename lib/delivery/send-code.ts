/** Words the text of a challenge's code, and hands it over. */

import { ENROLMENT, keyOfChallenge, type Challenge } from "../challenge/challenge";
import { deriveCode } from "../challenge/code";
import type { KeyRing } from "../crypto/keys";
import { TwoFactorError } from "../outcome/errors";
import { deliver, type Delivery } from "./deliver";
import { tellFault, type WriteMessage } from "./own-message";
import type { Sender } from "./sender";
import { composeText } from "./text";
import { chooseTextLocale } from "./wording";

/** How codes are worded and sent. */
export interface SendingSettings {
  appName: string;
  codeLength: number;
  /** Of the text's last line. */
  host: string | undefined;
  androidAppHash: string | undefined;
  message: WriteMessage | undefined;
  sender: Sender;
  /** Seconds. */
  sendTimeout: number;
}

/** Sends the code of a challenge to a number, E.164, good for what is left of its life. */
export async function sendCode(
  settings: SendingSettings,
  keys: KeyRing,
  { challenge, to, locale: tag }: { challenge: Challenge; to: string; locale: string | undefined },
): Promise<Delivery> {
  const { appName, codeLength, host, androidAppHash, message, sender, sendTimeout } = settings;
  const key = keyOfChallenge(keys, challenge);
  if (key === undefined) throw new TwoFactorError("unavailable", "The challenge has no key.");
  const code = deriveCode(key, challenge, to, codeLength);
  const validFor = Math.max(1, Math.round((challenge.expiresAt - Date.now()) / 1000));
  const minutes = Math.floor(validFor / 60);
  const purpose = challenge.purpose === ENROLMENT ? "" : challenge.purpose;
  const locale = chooseTextLocale({ tags: [tag] });
  const content = { appName, code, minutes, locale, host, androidAppHash, purpose };
  const worded = composeText(content, message);
  if (!worded.ok) {
    tellFault(worded);
    return { ok: false, code: "unavailable", reason: worded.reason, mayStillArrive: false };
  }
  return deliver(
    sender,
    { to, text: worded.text, channel: "sms", code, locale, purpose, validFor },
    sendTimeout,
  );
}
