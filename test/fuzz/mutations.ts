/** Generators that begin with a corpus: each text as it is, changed in a few places, spliced, or far too long. */

import fc, { type Arbitrary } from "fast-check";
import { ODDITIES } from "./corpus";

const CHANGES = [
  "insert",
  "replace",
  "delete",
  "double",
  "cut",
  "case",
  "encode",
  "splice",
] as const;

interface Change {
  kind: (typeof CHANGES)[number];
  /** From 0 to 1: where in the text. */
  at: number;
  piece: string;
}

// Not fast-check's own of all of Unicode, which takes seconds to make. Lone surrogates are among them.
const sign = fc
  .oneof(fc.integer({ min: 0, max: 0x2fff }), fc.integer({ min: 0, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point));

/** Up to so many signs of all of Unicode. */
export function signs(most: number): Arbitrary<string> {
  return fc.array(sign, { maxLength: most }).map((all) => all.join(""));
}

const fraction = fc.integer({ min: 0, max: 9999 }).map((part) => part / 10_000);

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODDITIES) },
  { weight: 1, arbitrary: signs(3) },
  { weight: 1, arbitrary: fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 3 }) },
);

const change: Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(...CHANGES),
  at: fraction,
  piece,
});

function changed(text: string, { kind, at, piece }: Change, other: string): string {
  const place = Math.floor(at * (text.length + 1));
  const [before, after] = [text.slice(0, place), text.slice(place)];
  switch (kind) {
    case "insert":
      return before + piece + after;
    case "replace":
      return before + piece + after.slice(piece.length);
    case "delete":
      return before + after.slice(1 + (place % 3));
    case "double":
      return before + after + after;
    case "cut":
      return before;
    case "case":
      return before + (place % 2 === 0 ? after.toUpperCase() : after.toLowerCase());
    case "encode":
      return before + encoded(after.slice(0, 1)) + after.slice(1);
    case "splice":
      return before + other.slice(Math.floor(at * other.length));
  }
}

function encoded(sign: string): string {
  return Array.from(Buffer.from(sign), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

/** Lengths on both sides of the bounds that readers have. */
const LENGTHS = [
  63, 64, 65, 128, 511, 512, 513, 1000, 1023, 1024, 1025, 1500, 1501, 4096, 16_384, 16_385, 70_000,
];

const long = fc
  .tuple(piece, piece, fc.constantFrom(...LENGTHS), piece)
  .map(([head, body, length, tail]) => {
    const times = Math.ceil(length / Math.max(1, body.length));
    return head + body.repeat(times).slice(0, length) + tail;
  });

/** Texts of a corpus, and what mutations make of them. */
export function textsLike(corpus: readonly string[]): Arbitrary<string> {
  const known = fc.constantFrom(...corpus);
  const mutated = fc
    .tuple(known, known, fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([text, other, changes]) => changes.reduce((so, each) => changed(so, each, other), text));
  return fc.oneof(
    { weight: 2, arbitrary: known },
    { weight: 14, arbitrary: mutated },
    { weight: 2, arbitrary: signs(40) },
    { weight: 1, arbitrary: fc.array(piece, { maxLength: 12 }).map((all) => all.join("")) },
    { weight: 1, arbitrary: long },
  );
}

/** The same, one time in `times`; else nothing. */
export function seldom<T>(arbitrary: Arbitrary<T>, times = 3): Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: times - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary },
  );
}
