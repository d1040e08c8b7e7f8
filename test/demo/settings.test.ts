/** The settings of the demo, from an environment, and the sentences about wrong ones. */

import { inboxPage } from "../../demo-app/src/pages/inbox-page";
import { CALL_WORDS, speak } from "../../lib/delivery/spoken";
import { readFileSync } from "node:fs";
import { parse } from "dotenv";
import path from "node:path";
import { readSettings } from "../../demo-app/src/settings/settings";
import type { Inbox, Text } from "../../demo-app/src/texts/inbox";
import { chooseTexts } from "../../demo-app/src/texts/texts";

const SECRETS = {
  SESSION_SECRET: "session-secret-0123456789-abcdef",
  TWO_FACTOR_SECRET: "two-factor-secret-0123456789-abc",
};
const SIGNALWIRE = {
  SIGNALWIRE_SPACE: "example.signalwire.com",
  SIGNALWIRE_PROJECT: "5c6c2f8e-0000-4000-8000-000000000000",
  SIGNALWIRE_TOKEN: "PT0123456789abcdef",
  SIGNALWIRE_NUMBER: "+12025550100",
};

describe("an empty environment", () => {
  test("has port 5000 of this machine, no proxy, and US and CA", () => {
    expect(readSettings(SECRETS)).toEqual({
      port: 5000,
      metricsPort: undefined,
      host: "127.0.0.1",
      sessionSecret: "session-secret-0123456789-abcdef",
      twoFactorSecret: "two-factor-secret-0123456789-abc",
      trustProxy: false,
      publicOrigin: undefined,
      madeSecrets: [],
      countries: ["US", "CA"],
      databaseUrl: undefined,
      dataDir: "acme-data",
      redisUrl: undefined,
      notices: [],
    });
  });

  test("gets random secrets, and one line that says so", () => {
    const [one, two] = [readSettings({}), readSettings({})];
    expect(one.sessionSecret).not.toBe(two.sessionSecret);
    expect(one.sessionSecret).not.toBe(one.twoFactorSecret);
    expect(Buffer.byteLength(one.twoFactorSecret)).toBeGreaterThanOrEqual(32);
    expect(one.notices).toEqual([expect.stringContaining("SESSION_SECRET or TWO_FACTOR_SECRET")]);
  });

  test("is what example.env comes to, which names every setting", () => {
    const example = parse(readFileSync(path.join(__dirname, "../../example.env")));
    const { sessionSecret, twoFactorSecret, ...rest } = readSettings(example);
    expect(readSettings({})).toMatchObject(rest);
    expect(sessionSecret).not.toBe(twoFactorSecret);
    expect(Object.keys(example).sort()).toEqual(
      [
        ...Object.keys(SIGNALWIRE),
        ...Object.keys(SECRETS),
        "COUNTRIES",
        "DATABASE_URL",
        "DATA_DIR",
        "HOST",
        "METRICS_PORT",
        "NODE_ENV",
        "PORT",
        "PUBLIC_ORIGIN",
        "REDIS_URL",
        "SIGNALWIRE_API_BASE_URL",
        "TRUST_PROXY",
      ].sort(),
    );
  });
});

test("settings are read, with blanks around them dropped", () => {
  const env = { ...SECRETS, PORT: " 8080 ", COUNTRIES: "us, gb", HOST: "0.0.0.0" };
  expect(readSettings(env)).toMatchObject({
    port: 8080,
    countries: ["US", "GB"],
    host: "0.0.0.0",
  });
});

test.each([
  ["0", false],
  ["2", 2],
  ["loopback, 10.0.0.0/8", ["loopback", "10.0.0.0/8"]],
  ["::1", ["::1"]],
])("TRUST_PROXY %s is read", (value, expected) => {
  expect(readSettings({ ...SECRETS, TRUST_PROXY: value }).trustProxy).toEqual(expected);
});

test("an https origin without TRUST_PROXY is warned of at the start, for no cookie would be set (B025)", () => {
  const origin = { ...SECRETS, PUBLIC_ORIGIN: "https://app.acme.example/" };
  expect(readSettings(origin).publicOrigin).toBe("https://app.acme.example");
  expect(readSettings(origin).notices).toEqual([expect.stringContaining("TRUST_PROXY")]);
  expect(readSettings({ ...origin, TRUST_PROXY: "1" }).notices).toEqual([]);
});

test.each([
  { PORT: "http" },
  { PORT: "65536" },
  { PORT: "-1" },
  { METRICS_PORT: "0" },
  { TRUST_PROXY: "true" },
  { TRUST_PROXY: "10.0.0.0/33" },
  { TRUST_PROXY: "1, proxy.example" },
  { PUBLIC_ORIGIN: "http://app.acme.example" },
  { PUBLIC_ORIGIN: "https://app.acme.example/shop" },
  { PUBLIC_ORIGIN: "https://user:word@app.acme.example" },
  { PUBLIC_ORIGIN: "app.acme.example" },
  { COUNTRIES: "US,Canada" },
  { DATABASE_URL: "127.0.0.1:5432/acme" },
  { DATABASE_URL: "mysql://127.0.0.1/acme" },
  { REDIS_URL: "127.0.0.1:6379" },
  { REDIS_URL: "http://127.0.0.1:6379" },
])("%j is refused in a sentence that names it", (wrong) => {
  const [name = ""] = Object.keys(wrong);
  expect(() => readSettings({ ...SECRETS, ...wrong })).toThrow(`Expected ${name} to be `);
});

test.each([
  { PUBLIC_ORIGIN: "https://user:hunter2@app.acme.example" },
  { PUBLIC_ORIGIN: "https//user:hunter2@app.acme.example" },
  { TRUST_PROXY: "https://user:hunter2@proxy.example" },
])("%j is refused without the password in it", (wrong) => {
  const [name = ""] = Object.keys(wrong);
  const read = () => readSettings({ ...SECRETS, ...wrong });
  expect(read).toThrow(`Expected ${name} to be `);
  expect(read).not.toThrow(/hunter2|user:/);
});

test.each([
  { PORT: "PT0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071" },
  { COUNTRIES: "q7Yx3kB9ZtV0mN4sLwR8uPcE1fHgJdq7" },
  { PUBLIC_ORIGIN: "https://app.acme.example/?token=q7Yx3kB9ZtV0mN4sLwR8uPcE1fHgJdq7" },
  { TRUST_PROXY: "+12025550123" },
])("a secret or a number in the wrong variable is not shown: %j (C265)", (wrong) => {
  const [name = ""] = Object.keys(wrong);
  const [value = ""] = Object.values(wrong);
  const read = () => readSettings({ ...SECRETS, ...wrong });
  expect(read).toThrow(`Expected ${name} to be `);
  expect(read).not.toThrow(value);
});

test.each(Object.keys(SECRETS))(
  "%s must be long, must be there in production, and is never shown",
  (name) => {
    const short = { ...SECRETS, [name]: "hunter2" };
    expect(() => readSettings(short)).toThrow(`Expected ${name} to be at least 32 bytes, got 7`);
    expect(() => readSettings(short)).not.toThrow("hunter2");
    const production = { ...SECRETS, NODE_ENV: "production" };
    expect(readSettings(production).notices).toEqual([]);
    expect(() => readSettings({ ...production, [name]: " " })).toThrow(
      `Expected ${name} to be set in production`,
    );
  },
);

test.each([
  ["DATABASE_URL", "postgresql://acme:hunter2@127.0.0.1:5432/acme"],
  ["REDIS_URL", "redis://:hunter2@127.0.0.1:6379"],
])("%s is never shown, and wants secrets that all processes share", (name, url) => {
  const { databaseUrl, redisUrl } = readSettings({ ...SECRETS, [name]: url });
  expect([databaseUrl, redisUrl]).toContain(url);
  const wrong = () => readSettings({ ...SECRETS, [name]: url.replace(/^\w+/, "http") });
  expect(wrong).toThrow(`Expected ${name} to be a URL`);
  expect(wrong).not.toThrow("hunter2");
  for (const secret of Object.keys(SECRETS)) {
    const alone = { ...SECRETS, [secret]: "", [name]: url };
    expect(() => readSettings(alone)).toThrow(`Expected ${secret} to be set beside ${name}`);
  }
});

describe("texts", () => {
  const before = { ...process.env };
  const kept: Text[] = [];
  const inbox: Inbox = {
    put: (text) => {
      kept.push(text);
      return Promise.resolve();
    },
    texts: () => Promise.resolve(kept),
  };

  beforeEach(() => {
    for (const name of Object.keys(SIGNALWIRE)) process.env[name] = "";
    jest.spyOn(console, "log").mockImplementation(() => undefined);
  });
  afterEach(() => {
    process.env = { ...before };
    jest.restoreAllMocks();
  });

  test("stay in the inbox while no variable is set, or only blank ones", async () => {
    process.env["SIGNALWIRE_SPACE"] = " ";
    const texts = chooseTexts(inbox);
    expect(texts.inbox).toBe(inbox);
    const signal = AbortSignal.timeout(1000);
    const text = { to: "+12025550123", text: "123456 is it", channel: "sms" } as const;
    await texts.sender({
      ...text,
      code: "123456",
      locale: "en",
      purpose: "",
      validFor: 600,
      signal,
    });
    expect(await inbox.texts()).toEqual([{ ...text, at: expect.any(Number) as number }]);
    expect(console.log).not.toHaveBeenCalledWith(expect.stringContaining("123456"));
  });

  test("stand there beside calls, which are kept as what they say", async () => {
    const spoken = speak({ name: "Acme", code: "042917", words: CALL_WORDS.en });
    const { sender } = chooseTexts(inbox);
    const signal = AbortSignal.timeout(1000);
    const what = { to: "+12025550123", text: "042917 is it", channel: "call", spoken } as const;
    await sender({ ...what, code: "042917", locale: "en", purpose: "", validFor: 600, signal });
    const call = (await inbox.texts()).at(-1);
    expect(call).toMatchObject({ channel: "call" });
    expect(call?.text).toContain("Your security code is: 0, 4, 2, 9, 1, 7.");
    const page = inboxPage(await inbox.texts()).body.text;
    expect(page).toContain("Call to <bdi>+12025550123</bdi>");
  });

  test("go through SignalWire once all four are set", () => {
    Object.assign(process.env, SIGNALWIRE);
    const texts = chooseTexts(inbox);
    expect(texts.inbox).toBeUndefined();
    expect(texts.sender).toBeInstanceOf(Function);
  });

  test.each(Object.keys(SIGNALWIRE))(
    "stop the start where %s alone is missing, naming it",
    (name) => {
      Object.assign(process.env, SIGNALWIRE, { [name]: "" });
      const choose = () => chooseTexts(inbox);
      expect(choose).toThrow(`Expected ${name} to be set`);
      expect(choose).not.toThrow(SIGNALWIRE.SIGNALWIRE_TOKEN);
    },
  );

  // `set NODE_ENV=production && …` on Windows leaves a blank behind the word.
  test.each(["production", "production ", "Production"])(
    "stop the start in %j where there is only the outbox, which all could read",
    (mode) => {
      process.env["NODE_ENV"] = mode;
      expect(() => chooseTexts(inbox)).toThrow("/dev/inbox");
      expect(() => readSettings({ NODE_ENV: mode })).toThrow("to be set in production");
    },
  );
});
