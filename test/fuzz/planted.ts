/** Readers with a fault each, by which the fuzzing itself is tested. */

import fc from "fast-check";
import { hold, target } from "./target";

const words = fc.string({ minLength: 1, maxLength: 3 });
const EVIL = "a".repeat(40) + "!";

export const TARGETS = [
  target({ name: "sound", share: 1, inputs: words, check: () => undefined }),
  target({
    name: "throws",
    share: 1,
    inputs: words,
    always: ["planted"],
    check: (input) => {
      hold(input !== "planted", "no input is planted");
    },
  }),
  target({
    name: "rejects",
    share: 1,
    inputs: words,
    always: ["planted"],
    check: (input) =>
      input === "planted" ? Promise.reject(new Error("planted")) : Promise.resolve(),
  }),
  target({
    name: "hangs",
    share: 1,
    inputs: words,
    always: [EVIL],
    check: (input) => {
      /^(?:a+)+$/.test(input);
    },
  }),
  target({
    name: "ends",
    share: 1,
    inputs: words,
    always: ["planted"],
    check: async (input) => {
      if (input === "planted") setImmediate(() => void JSON.parse("{"));
      await new Promise(setImmediate);
    },
  }),
];
