/** Options of the guard: each with its default, good and bad values, and the sentence that names the fix. */

import { readGuardOptions } from "../../lib/options/guard-settings";
import { readPurposes } from "../../lib/options/purposes";
import { readRemember } from "../../lib/options/remember-settings";
import { memoryRecords, twoFactor } from "../../lib/index";

const GOOD = {
  secret: "0123456789abcdef".repeat(2),
  user: () => null,
  sender: () => undefined,
  appName: "Acme",
};
const NOT_WHOLE = [NaN, "", "5", -1, 0, 1.5, Infinity, null, true, {}, [5], 2 ** 31];
const start = (options: object) => twoFactor({ ...GOOD, ...options });

describe("require2fa()", () => {
  const purposes = readPurposes(["pay"]);
  const remember = readRemember({ store: memoryRecords() }, () => null);
  const guard = (options: unknown) => readGuardOptions(options, { purposes, remember });

  test("has its defaults", () => {
    const defaults = {
      maxAge: 86_400,
      purpose: "",
      isForRemembered: false,
      onRequired: undefined,
    };
    expect(guard({})).toEqual(defaults);
    const none = { maxAge: undefined, purpose: undefined, remembered: undefined };
    expect(guard({ ...none, onRequired: undefined })).toEqual(defaults);
    expect(guard({ remembered: false, maxAge: 86_400 })).toEqual(defaults);
    expect(typeof start({}).require2fa(undefined)).toBe("function");
  });

  test("takes good options as they are", () => {
    const onRequired = () => undefined;
    expect(guard({ maxAge: 1, purpose: "pay", onRequired })).toEqual({
      maxAge: 1,
      purpose: "pay",
      isForRemembered: false,
      onRequired,
    });
    expect(guard({ remembered: true })).toMatchObject({ maxAge: 86_400, isForRemembered: true });
    expect(guard({ maxAge: 86_400 })).toMatchObject({ maxAge: 86_400 });
  });

  test.each<[object, RegExp]>([
    ...NOT_WHOLE.map((maxAge): [object, RegExp] => [
      { maxAge },
      /^Expected `maxAge` to be a whole number of seconds from 1 to 86400/,
    ]),
    [{ maxAge: 86_401 }, /^Expected `maxAge`/],
    [{ purpose: "other" }, /^Expected `purpose` to be one of the names in `purposes`, got "other"/],
    [{ purpose: "" }, /^Expected `purpose`/],
    [{ purpose: ["pay"] }, /^Expected `purpose`/],
    [{ purpose: null }, /^Expected `purpose`/],
    [{ remembered: "true" }, /^Expected `remembered` to be true or false, got "true"/],
    [{ remembered: 1 }, /^Expected `remembered` to be true or false/],
    [{ remembered: true, purpose: "pay" }, /^Expected `remembered` without `purpose` and `maxAge`/],
    [{ remembered: true, maxAge: 86_400 }, /^Expected `remembered` without `purpose` and `maxAge`/],
    [
      { rememberd: true },
      /^Unknown option `rememberd` of require2fa\(\)\. Did you mean `remembered`/,
    ],
    [{ onRequired: "/verify" }, /^Expected `onRequired` to be a function/],
    [{ maxage: 5 }, /^Unknown option `maxage` of require2fa\(\)\. Did you mean `maxAge`\?/],
  ])("refuses %p in a sentence", (options, sentence) => {
    expect(() => guard(options)).toThrow(sentence);
    expect(() => start({ purposes: ["pay"] }).require2fa(options)).toThrow(sentence);
  });

  test("without the option `remember` refuses `remembered`, and says what is missing (R61)", () => {
    expect(() => start({}).require2fa({ remembered: true })).toThrow(
      "Expected the option `remember` of twoFactor() beside `remembered`, such as " +
        "`remember: { store: memoryRecords() }`.",
    );
  });

  test.each([null, 5, "pay", []])("refuses %p, which are no options", (options) => {
    expect(() => guard(options)).toThrow(/require2fa\(\) to be given an object of options/);
  });

  test("given a request, as when it is mounted uncalled, says how to mount it", () => {
    expect(() => guard({ headers: {}, url: "/" })).toThrow(/call it where it is mounted/);
  });
});
