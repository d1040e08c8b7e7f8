/** How a one-time code travels. */

/** All of them. */
export const CHANNELS = ["sms", "call"] as const;

/** How a one-time code travels: `sms` as a text, `call` as a voice on the phone. */
export type Channel = (typeof CHANNELS)[number];

/** Whether it is one. */
export function isChannel(value: unknown): value is Channel {
  return CHANNELS.some((each) => each === value);
}
