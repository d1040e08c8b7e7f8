/** Chance that a seed decides: the same seed gives the same run. */

/** Makes a source of numbers from 0 to below 1 (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of `list`. */
export function oneOf(random, list) {
  return list[Math.floor(random() * list.length)];
}

/** A whole number from `from` to below `to`. */
export function between(random, from, to) {
  return from + Math.floor(random() * (to - from));
}

/** `list` in another order. */
export function shuffled(random, list) {
  const left = [...list];
  return list.map(() => left.splice(Math.floor(random() * left.length), 1)[0]);
}
