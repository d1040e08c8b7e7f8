/** Reads what people type: the digits of every script, and the marks that nobody sees. */

/**
 * What nobody sees, as the inside of a pattern's class: marks of direction and variation, joiners, and the
 * keycap around a digit that has become an emoji.
 */
export const UNSEEN = String.raw`\p{Cf}\p{DI}\u20e3`;

/** Turns the decimal digits of every script into `0` to `9`. */
export function asciiDigits(text: string): string {
  return text.replace(/(?!\d)\p{Nd}/gu, (digit) => {
    // Unicode's decimal digits stand in runs that begin at a zero; some runs of ten touch.
    const point = digit.codePointAt(0) ?? 0;
    let first = point;
    while (/^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first -= 1;
    return String((point - first) % 10);
  });
}
