/** What calls say: complete in each language, digits apart, and behind keys that nobody can record beforehand. */

import { CALL_WORDS, speak } from "../../lib/delivery/spoken";

describe.each(Object.entries(CALL_WORDS))("in %s", (locale, words) => {
  const spoken = speak({ name: "Acme", code: "042917", words });

  test("every sentence is there, and the voice speaks that language", () => {
    expect(spoken.language).toMatch(new RegExp(`^${locale}-[A-Z]{2}$`));
    expect(spoken.greeting).toContain("Acme");
    for (const sentence of [spoken.greeting, spoken.code, spoken.warning]) {
      expect(sentence).toMatch(/[.。]$/);
    }
  });

  test("the digits stand apart, leading zero and all, in the sentence of the code alone", () => {
    expect(spoken.code).toMatch(/0\D+4\D+2\D+9\D+1\D+7\D*$/);
    const { code: _code, ...before } = spoken;
    expect(JSON.stringify({ ...before, keys: [] })).not.toMatch(/\d/);
  });

  test("each key is asked for by its own digit", () => {
    for (const { key, asks } of spoken.keys) expect(asks.match(/\d/g)).toEqual([key]);
  });
});

test("the keys are two that differ, drawn from all ten alike", () => {
  const drawn = Array.from({ length: 4000 }, () => {
    const words = CALL_WORDS.en;
    const { keys } = speak({ name: "Acme", code: "042917", words });
    return keys.map(({ key }) => key);
  });
  for (const [first, second, ...rest] of drawn) {
    expect(rest).toEqual([]);
    expect(first).not.toBe(second);
  }
  // 90 pairs: 44 of each are expected, and with none of one this fails once in some 10^17 runs.
  expect(new Set(drawn.map((pair) => pair.join(""))).size).toBe(90);
});
