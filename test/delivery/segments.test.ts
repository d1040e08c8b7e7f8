/** Texts are measured as gateways bill them. */

import fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { measureText, outsideGsm7 } from "../../lib/delivery/segments";

// 3GPP TS 23.038 (once GSM 03.38), 6.2.1, in rows of sixteen codes; at 1B stands the escape.
const DEFAULT_ALPHABET = [
  "@£$¥èéùìòÇ\nØø\rÅå",
  "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ",
  " !\"#¤%&'()*+,-./",
  "0123456789:;<=>?",
  "¡ABCDEFGHIJKLMNO",
  "PQRSTUVWXYZÄÖÑÜ§",
  "¿abcdefghijklmno",
  "pqrstuvwxyzäöñüà",
];
// 6.2.1.1, behind the escape: 0A, 14, 28, 29, 2F, 3C, 3D, 3E, 40, 65.
const EXTENSION = "\f^{}\\[~]|€";

test("of all characters those of GSM 03.38 cost one septet, its extension's two, and no other is in it (R43)", () => {
  const basic = DEFAULT_ALPHABET.join("").replace("\x1b", "");
  expect(DEFAULT_ALPHABET.map((row) => row.length)).toEqual(Array(8).fill(16));
  const costs = new Map([
    ...Array.from(basic, (character) => [character, 1] as const),
    ...Array.from(EXTENSION, (character) => [character, 2] as const),
  ]);
  expect(costs.size).toBe(127 + 10);
  const wrong = [];
  for (let point = 0; point < 0x11000; point += 1) {
    // A lone half of a pair is no character.
    if (point === 0xd800) point = 0xe000;
    const character = String.fromCodePoint(point);
    const { encoding, units } = measureText(character);
    const cost = encoding === "GSM-7" ? units : undefined;
    const isNamed = outsideGsm7(`a${character}${character}`).join() === character;
    if (cost !== costs.get(character) || isNamed === costs.has(character)) wrong.push(point);
  }
  expect(wrong).toEqual([]);
});

test("texts cost what Twilio's own calculator says, at the borders of segments too (R43)", () => {
  // It keeps joined emoji and letters with loose accents whole, so those would differ.
  const cheap = fc.constantFrom(...Array.from(`${DEFAULT_ALPHABET[7]}${EXTENSION}`));
  const dear = fc.constantFrom("a", "€", "ó", "語", "😀");
  const text = fc
    .tuple(fc.constantFrom(cheap, dear), fc.integer({ min: 0, max: 480 }))
    .chain(([unit, length]) => fc.array(unit, { minLength: length, maxLength: length }))
    .map((characters) => characters.join(""));
  fc.assert(
    fc.property(text, (each) => {
      const { encodingName, segmentsCount } = new SegmentedMessage(each);
      expect(measureText(each)).toMatchObject({ encoding: encodingName, segments: segmentsCount });
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["", "GSM-7", 0, 1],
  ["a".repeat(160), "GSM-7", 160, 1],
  ["a".repeat(161), "GSM-7", 161, 2],
  ["a".repeat(306), "GSM-7", 306, 2],
  ["a".repeat(307), "GSM-7", 307, 3],
  ["é".repeat(160), "GSM-7", 160, 1],
  ["ó".repeat(70), "UCS-2", 70, 1],
  ["ó".repeat(71), "UCS-2", 71, 2],
  ["ó".repeat(134), "UCS-2", 134, 2],
  ["ó".repeat(135), "UCS-2", 135, 3],
  ["😀".repeat(35), "UCS-2", 70, 1],
  ["😀".repeat(36), "UCS-2", 72, 2],
] as const)("%j costs what the alphabet says (R43)", (text, encoding, units, segments) => {
  expect(measureText(text)).toEqual({ encoding, units, segments });
});

test("a pair is never torn between two parts", () => {
  // 152 + 1 septets would fit the first part if the escape could stand alone at its end.
  expect(measureText("a".repeat(152) + "€" + "a".repeat(151)).segments).toBe(2);
  expect(measureText("a".repeat(152) + "€" + "a".repeat(152)).segments).toBe(3);
  expect(measureText("ó".repeat(66) + "😀" + "ó".repeat(65)).segments).toBe(2);
  expect(measureText("ó".repeat(66) + "😀" + "ó".repeat(66)).segments).toBe(3);
});

test("a longer text is never cheaper", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "€", "é", "ó", "😀"), maxLength: 400 });
  fc.assert(
    fc.property(text, fc.constantFrom("a", "€", "ó", "😀"), (before, added) => {
      const { segments } = measureText(before);
      expect(measureText(before + added).segments).toBeGreaterThanOrEqual(segments);
    }),
  );
});
