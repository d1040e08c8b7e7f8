/** Counts what a text costs: its encoding, its units, and the segments it is billed as. */

/** What a text costs on the air. */
export interface TextSize {
  encoding: "GSM-7" | "UCS-2";
  /** Septets in GSM-7, UTF-16 units in UCS-2. */
  units: number;
  segments: number;
}

// 3GPP TS 23.038, 6.2.1: the default alphabet, and the extension table behind an escape septet.
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");

/** Measures a text as gateways bill it: 160 septets or 70 units alone, 153 or 67 in each part of more. */
export function measureText(text: string): TextSize {
  const characters = Array.from(text);
  const isGsm = characters.every(isInGsm7);
  const costs = characters.map((character) =>
    isGsm ? (EXTENDED.has(character) ? 2 : 1) : character.length,
  );
  const units = costs.reduce((sum, cost) => sum + cost, 0);
  const [single, part] = isGsm ? [160, 153] : [70, 67];
  return {
    encoding: isGsm ? "GSM-7" : "UCS-2",
    units,
    segments: units <= single ? 1 : countParts(costs, part),
  };
}

/** The characters of a text that GSM-7 lacks, each once: one is enough to make the whole text UCS-2. */
export function outsideGsm7(text: string): string[] {
  return [...new Set(text)].filter((character) => !isInGsm7(character));
}

function isInGsm7(character: string): boolean {
  return BASIC.has(character) || EXTENDED.has(character);
}

/** An escape or surrogate pair is never torn in two, so a part may end one unit early. */
function countParts(costs: readonly number[], room: number): number {
  let parts = 1;
  let used = 0;
  for (const cost of costs) {
    if (used + cost > room) {
      parts += 1;
      used = 0;
    }
    used += cost;
  }
  return parts;
}
