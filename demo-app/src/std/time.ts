/** Shows points in time as people read them, in UTC. */

/** Day and minute. */
export function timeOf(time: Date | string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The day alone. */
export function dayOf(time: Date | string): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The time of the day. */
export function clockOf(time: Date | string): string {
  return `${new Date(time).toISOString().slice(11, 19)} UTC`;
}
