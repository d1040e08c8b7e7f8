/** Texts are measured as gateways bill them. */

import fc from "fast-check";
import { measureText } from "../../lib/delivery/segments";

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

test.each(Array.from("\f^{}\\[~]|€"))("%j counts twice (R43)", (character) => {
  expect(measureText(character.repeat(80))).toEqual({ encoding: "GSM-7", units: 160, segments: 1 });
  expect(measureText(character.repeat(81)).segments).toBe(2);
});

test.each(Array.from("éèàùìòñüöäßÉÇ@£_Δ"))("%s is in the cheap alphabet", (letter) => {
  expect(measureText(letter)).toEqual({ encoding: "GSM-7", units: 1, segments: 1 });
});

test.each(Array.from("áíóúãõçê’“–`\t…"))("%j is not (B088)", (letter) => {
  expect(measureText(letter).encoding).toBe("UCS-2");
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
