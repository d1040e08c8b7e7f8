/** What the fake has taken: texts and calls. */

/** A text that the fake took. */
export interface AcceptedMessage {
  sid: string;
  to: string;
  /** Undefined where a messaging service picks the number. */
  from: string | undefined;
  body: string;
  /** All form fields, as they came. */
  fields: Record<string, string>;
}

/** A call that the fake took. */
export interface AcceptedCall {
  to: string;
  from: string;
  /** What it says, as it came: `answerCall` picks up. */
  document: string;
  /** All form fields, as they came. */
  fields: Record<string, string>;
}
