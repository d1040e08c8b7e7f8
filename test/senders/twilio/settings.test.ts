/** The options and variables of the Twilio sender, and the sentences about wrong ones. */

import { twilio, type TwilioOptions } from "../../../lib/senders/twilio/index";

const HEX = "0123456789abcdef0123456789abcdef";
const TOKEN = "fedcba9876543210fedcba9876543210";
const GOOD = {
  TWILIO_ACCOUNT_SID: `AC${HEX}`,
  TWILIO_AUTH_TOKEN: TOKEN,
  TWILIO_NUMBER: "+12025550100",
};
const KEY = { TWILIO_API_KEY: `SK${HEX}`, TWILIO_API_SECRET: "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0u" };
const OPTION_OF: Record<string, string> = {
  TWILIO_ACCOUNT_SID: "accountSid",
  TWILIO_AUTH_TOKEN: "authToken",
  TWILIO_API_KEY: "apiKey",
  TWILIO_API_SECRET: "apiSecret",
  TWILIO_NUMBER: "number",
};

const environment = process.env;
beforeEach(() => {
  process.env = { ...environment, ...GOOD };
});
afterEach(() => {
  process.env = environment;
});

/** What the factory throws, as one line. */
function complaint(options?: unknown): string {
  try {
    twilio(options as TwilioOptions);
  } catch (error) {
    return String(error);
  }
  return "nothing";
}

test("they come from the environment, with the account's token or with an API key", () => {
  expect(complaint()).toBe("nothing");
  Object.assign(process.env, KEY);
  Reflect.deleteProperty(process.env, "TWILIO_AUTH_TOKEN");
  expect(complaint({})).toBe("nothing");
});

test("as options they win over the environment", () => {
  const options = { accountSid: `AC${HEX}`, authToken: TOKEN, number: "+12025550100" };
  for (const name of Object.keys(GOOD)) process.env[name] = "\n";
  process.env["TWILIO_API_KEY"] = "not one";
  expect(complaint(options)).toBe("nothing");
});

test.each(["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_NUMBER"])(
  "%s is named with its option where it is missing",
  (variable) => {
    for (const value of [undefined, "", " "]) {
      if (value === undefined) Reflect.deleteProperty(process.env, variable);
      else process.env[variable] = value;
      expect(complaint()).toContain(`Expected ${variable} to be set to`);
      expect(complaint()).toContain(`or pass \`${OPTION_OF[variable] ?? ""}\` to twilio()`);
    }
  },
);

test("an API key without its secret is told of it, not of the token", () => {
  process.env["TWILIO_API_KEY"] = KEY.TWILIO_API_KEY;
  expect(complaint()).toContain("Expected TWILIO_API_SECRET to be set");
  expect(complaint({ apiKey: KEY.TWILIO_API_KEY })).toContain("Expected TWILIO_API_SECRET");
  expect(complaint({ apiSecret: "x", apiKey: undefined })).toBe("nothing");
});

test.each<[string, Record<string, string>, string]>([
  ["an API key for the account", { TWILIO_ACCOUNT_SID: `SK${HEX}` }, "TWILIO_ACCOUNT_SID"],
  ["the account's SID for the token", { TWILIO_AUTH_TOKEN: `AC${HEX}` }, "TWILIO_AUTH_TOKEN"],
  ["a token in quotes", { TWILIO_AUTH_TOKEN: `"${TOKEN}"` }, "TWILIO_AUTH_TOKEN"],
  ["what an example has", { TWILIO_AUTH_TOKEN: "your_auth_token" }, "TWILIO_AUTH_TOKEN"],
  ["X for digits", { TWILIO_ACCOUNT_SID: `AC${"X".repeat(32)}` }, "TWILIO_ACCOUNT_SID"],
  ["an account for the key", { ...KEY, TWILIO_API_KEY: `AC${HEX}` }, "TWILIO_API_KEY"],
  ["a key for its secret", { ...KEY, TWILIO_API_SECRET: `SK${HEX}` }, "TWILIO_API_SECRET"],
  ["a national number", { TWILIO_NUMBER: "2025550100" }, "TWILIO_NUMBER"],
])("%s is refused, and no value is shown", (_what, variables, named) => {
  Object.assign(process.env, variables);
  const said = complaint();
  expect(said).toContain(`Expected ${named} to be`);
  for (const value of [HEX, TOKEN, KEY.TWILIO_API_SECRET]) expect(said).not.toContain(value);
});

test.each<[string, object, string]>([
  ["token and key at once", { authToken: TOKEN, apiKey: `SK${HEX}` }, "got all"],
  ["number and service at once", { number: "+12025550100", messagingServiceSid: "MG1" }, "both"],
  ["a misspelt option", { accountSID: `AC${HEX}` }, "Did you mean `accountSid`?"],
  ["a base without TLS", { apiBaseUrl: "http://api.twilio.com" }, "Expected `apiBaseUrl` to be"],
  ["a base with a user", { apiBaseUrl: "https://a:b@x.example" }, "Expected `apiBaseUrl` to be"],
  ["no time", { timeout: 0 }, "Expected `timeout`"],
  ["a price of nothing", { maxPrice: 0 }, "Expected `maxPrice`"],
  ["a callback without TLS", { statusCallback: "http://x.example" }, "Expected `statusCallback`"],
  ["none at once", { maxConcurrent: 0 }, "Expected `maxConcurrent`"],
])("%s is refused in a sentence", (_what, options, sentence) => {
  expect(complaint(options)).toContain(sentence);
});
