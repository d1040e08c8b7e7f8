/** How often something is let through, and what is left of it. */

/** What is left within a window, for clients that pace themselves. */
export interface Quota {
  /** Names the budget in `RateLimit` headers, and tells nothing of what it counts. */
  policy: string;
  /** The budget. */
  limit: Limit;
  /** Texts left in it. */
  remaining: number;
  /** Seconds until the window ends. */
  resetIn: number;
}

/** So many times within a window of seconds that begins with the first. A window of 0 never ends. */
export interface Limit {
  /** How many times. */
  max: number;
  /** Seconds. */
  window: number;
}
