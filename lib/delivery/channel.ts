/** How a one-time code travels. */

/** How a one-time code travels. This version serves texts alone. */
export type Channel = "sms";
