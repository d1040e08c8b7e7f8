/** How a one-time code travels. */

/** How a one-time code travels: `sms` as a text, `call` as a voice on the phone. */
export type Channel = "sms" | "call";
