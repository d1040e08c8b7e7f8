/** A call as gateways with Twilio's REST API take it: whom, from where, and the whole document that it says. */

import type { Message, Spoken } from "../../delivery/sender";
import { TwoFactorError } from "../../outcome/errors";
import { html, type Html } from "../../std/html";
import type { GatewaySettings } from "./options";

/** What a call is made of, named as the gateways' own clients name it. */
export interface CallFields {
  to: string;
  from: string;
  /** The document inline: at an address, the code would stand in a URL or wait for whoever asks. */
  twiml: string;
  /** Seconds that it rings. */
  timeout: number;
  machineDetection?: "DetectMessageEnd";
  statusCallback?: string;
}

// A mailbox answers after some twenty-five seconds, and has nothing to hear.
const RINGS = 25;

/** What a call is made of. */
export function callFieldsOf(message: Message, settings: GatewaySettings): CallFields {
  const { to, spoken, validFor, statusCallback } = message;
  const { callFrom, speakToMachines } = settings;
  if (spoken === undefined) throw fault("nothing_to_say", "A call needs `spoken`: hand it on.");
  if (callFrom === undefined) throw fault("sender_number", "Calls need the option `callFrom`.");
  return {
    to,
    from: callFrom,
    timeout: RINGS,
    ...(speakToMachines
      ? { twiml: openDocument(spoken), machineDetection: "DetectMessageEnd" }
      : { twiml: guardedDocument(spoken, validFor) }),
    ...(statusCallback !== undefined && { statusCallback }),
  };
}

function fault(reason: string, sentence: string): TwoFactorError {
  return new TwoFactorError("delivery_failed", sentence, { reason });
}

// How often each key is asked for, and the pause in seconds behind each time.
const ASKED = 3;
const PAUSE = 5;

/**
 * Says the code to whoever presses the keys that are asked for. A document alone can tell one thing from
 * another once only: where `finishOnKey` comes first, `<Gather>` ends without digits, and what stands below it is
 * done. It is also done when the time is out, so that time is the code's own: whoever pressed nothing is
 * told a code that is over. Any other key leads to an address that no network has (RFC 6761, 6.4), where the
 * call ends: without one, the document would begin again, and a recording of all keys would get in.
 */
function guardedDocument(spoken: Spoken, validFor: number): string {
  const { greeting, keys } = spoken;
  const life = Math.max(1, Math.ceil(validFor) || LONGEST_CODE);
  const gates = keys.map(({ key, asks }, index) => {
    const words = say(spoken, index === 0 ? `${greeting} ${asks}` : asks);
    const asked = Array.from({ length: ASKED }, () => html`${words}<Pause length="${PAUSE}" />`);
    return html`<Gather
      input="dtmf"
      finishOnKey="${key}"
      numDigits="2"
      timeout="${life}"
      action="https://wrong-key.invalid/"
      >${asked}</Gather
    >`;
  });
  return documentOf(html`${gates}${codeIn(spoken)}`);
}

const LONGEST_CODE = 600;

/** Says the code to whatever answers. */
function openDocument(spoken: Spoken): string {
  return documentOf(html`${say(spoken, spoken.greeting)}${codeIn(spoken)}`);
}

function codeIn(spoken: Spoken): Html {
  const code = say(spoken, spoken.code);
  return html`${code}<Pause length="2" />${code}${say(spoken, spoken.warning)}`;
}

function documentOf(verbs: Html): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs.text}<Hangup/></Response>`;
}

/** The template escapes what XML has to have escaped too; what XML can't hold at all is left out. */
function say({ language }: Spoken, words: string): Html {
  const held = words.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");
  return html`<Say language="${language}">${held}</Say>`;
}
