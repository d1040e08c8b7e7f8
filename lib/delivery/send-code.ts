/** Words the text of a challenge's code, and hands it over. */

import { ENROLMENT, keyOfChallenge, type Challenge } from "../challenge/challenge";
import { deriveCode } from "../challenge/code";
import type { KeyRing } from "../crypto/keys";
import type { Channel } from "../outcome/channel";
import { TwoFactorError } from "../outcome/errors";
import { secondsFrom } from "../std/elapsed";
import type { Languages } from "../std/language";
import { deliver, type Delivery } from "./deliver";
import { measureText } from "./segments";
import { tellFault, type WriteMessage } from "./own-words";
import type { Sender } from "./sender";
import { speak, type CallWords } from "./spoken";
import { composeText, nameIn } from "./text";
import type { TextWords } from "./wording";

/** How codes are worded and sent. */
export interface SendingSettings {
  appName: string;
  codeLength: number;
  /** Of the text's last line. */
  host: string | undefined;
  androidAppHash: string | undefined;
  message: WriteMessage | undefined;
  /** The languages of texts. */
  texts: Languages<TextWords>;
  /** The languages of calls. */
  calls: Languages<CallWords>;
  sender: Sender;
  /** Seconds. */
  sendTimeout: number;
}

/** What is sent, and where to. */
export interface CodeSending {
  challenge: Challenge;
  /** What the purpose describes; empty where it does not. */
  description: string;
  /** E.164. */
  to: string;
  channel: Channel;
  /** BCP 47 tag. */
  locale: string | undefined;
  /** Where the gateway is to tell what becomes of it. */
  statusCallback: string | undefined;
}

/** How sending ended, and what it cost. */
export type Sent = Delivery & {
  /** What the text is billed as; absent for a call. */
  segments?: number;
  /** Seconds that the sender took. */
  duration?: number;
};

/** Sends the code of a challenge to a number, good for what is left of its life. */
export async function sendCode(
  settings: SendingSettings,
  keys: KeyRing,
  { challenge, description, to, channel, locale: tag, statusCallback }: CodeSending,
): Promise<Sent> {
  const { appName, codeLength, host, androidAppHash, message, texts, calls, sender, sendTimeout } =
    settings;
  const key = keyOfChallenge(keys, challenge);
  if (key === undefined) throw new TwoFactorError("unavailable", "The challenge has no key.");
  const code = deriveCode(key, { ...challenge, description }, to, codeLength);
  const validFor = Math.max(1, Math.round((challenge.expiresAt - Date.now()) / 1000));
  const purpose = challenge.purpose === ENROLMENT ? "" : challenge.purpose;
  const locale = texts.choose({ tags: [tag] });
  const voice = calls.choose({ tags: [tag] });
  const words = texts.wordsOf(locale);
  const minutes = Math.floor(validFor / 60);
  const content = {
    appName,
    code,
    minutes,
    locale,
    words,
    host,
    androidAppHash,
    purpose,
    description,
  };
  const worded = composeText(content, message);
  if (!worded.ok) {
    tellFault(worded);
    return { ok: false, code: "unavailable", reason: worded.reason, mayStillArrive: false };
  }
  const { text } = worded;
  const name = nameIn(content);
  const spoken =
    channel === "call"
      ? { spoken: speak({ name, code, description, words: calls.wordsOf(voice) }), locale: voice }
      : {};
  const told = statusCallback === undefined ? {} : { statusCallback };
  const what = { purpose, ...(description !== "" && { description }) };
  const given = { to, text, channel, code, locale, ...what, ...spoken, validFor, ...told };
  const begunAt = performance.now();
  const delivery = await deliver(sender, given, sendTimeout);
  const cost = channel === "sms" ? { segments: measureText(text).segments } : {};
  return { ...delivery, ...cost, duration: secondsFrom(begunAt) };
}
