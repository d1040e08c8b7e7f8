/** Settings: `.env`, the environment, and the words of the command line. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { readEnvFile } from "../../../demo-app/src/settings/env-file";
import { readSettings } from "../../../demo-app/src/settings/settings";
import { checkGatewaySettings, checkSecrets } from "../../../lib/doctor/settings";
import { readAppName, readOrigin } from "../../../lib/delivery/signature";
import { run } from "../../../lib/command-line/run";
import { ENV_FILES, PHONES, SETTINGS } from "../corpus";
import { seldom, textsLike } from "../mutations";
import { hold, target } from "../target";

const DEMO = [
  "PORT",
  "METRICS_PORT",
  "HOST",
  "SESSION_SECRET",
  "TWO_FACTOR_SECRET",
  "TRUST_PROXY",
  "PUBLIC_ORIGIN",
  "COUNTRIES",
  "DATABASE_URL",
  "DATA_DIR",
  "REDIS_URL",
  "NODE_ENV",
];
const GATEWAY = [
  "SIGNALWIRE_SPACE",
  "SIGNALWIRE_PROJECT",
  "SIGNALWIRE_TOKEN",
  "SIGNALWIRE_NUMBER",
  "SIGNALWIRE_API_BASE_URL",
];

const environment = (names: readonly string[]) =>
  fc
    .tuple(...names.map(() => seldom(textsLike(SETTINGS), 2)))
    .map((values) => Object.fromEntries(names.map((name, at) => [name, values[at]])));

/** The sentence that `read` throws, if it does. */
function sentenceOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    hold(
      error instanceof Error && /^(?:Expected|Unknown option) /.test(error.message),
      `a wrong setting is refused in a sentence, not ${String(error)}`,
    );
    return error.message;
  }
}

/** Whether a sentence shows a value that is long enough to be a secret. */
function shows(sentence: string | undefined, values: readonly (string | undefined)[]): boolean {
  return values.some(
    (value) =>
      value !== undefined && value.trim().length > 12 && sentence?.includes(value.trim()) === true,
  );
}

const demo = target({
  name: "demo-settings",
  share: 20_000,
  inputs: fc.record({ env: environment(DEMO) }),
  check: ({ env }) => {
    const secrets = [
      env["SESSION_SECRET"],
      env["TWO_FACTOR_SECRET"],
      env["DATABASE_URL"],
      env["REDIS_URL"],
    ];
    const sentence = sentenceOf(() => {
      const { port, sessionSecret, twoFactorSecret, publicOrigin, countries } = readSettings(env);
      hold(Number.isInteger(port) && port >= 0 && port <= 65_535, "a port is one");
      hold(Math.min(sessionSecret.length, twoFactorSecret.length) >= 8, "a secret is long");
      hold(
        publicOrigin === undefined || new URL(publicOrigin).origin === publicOrigin,
        "an origin is one",
      );
      hold(
        countries.every((each) => /^[A-Z]{2}$/.test(each)),
        "countries are codes",
      );
    });
    // What stands in two variables may be shown as that of the plain one.
    const plain = Object.entries(env)
      .filter(([name]) => !/SECRET|URL/.test(name))
      .map(([, value]) => value?.trim());
    hold(
      !shows(
        sentence,
        secrets.filter((each) => !plain.includes(each?.trim())),
      ),
      "no secret is shown",
    );
  },
});

let folder = "";
const before = { ...process.env };

const envFile = target({
  name: "env-file",
  share: 10_000,
  inputs: fc.record({
    text: textsLike(ENV_FILES),
    encoding: fc.constantFrom("utf8", "utf8", "latin1", "utf16le"),
  }),
  // A past fault.
  always: [{ text: "toString=x\n__proto__=y\n", encoding: "utf8" }],
  open: () => {
    folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  },
  check: ({ text, encoding }) => {
    // Its own reader, dotenv, takes seconds over 70 kB of line ends; nobody writes that but who runs the demo.
    const written = text.slice(0, 16_384);
    writeFileSync(join(folder, ".env"), written, encoding as BufferEncoding);
    const sentence = sentenceOf(() => {
      readEnvFile([folder]);
    });
    hold(sentence === undefined || sentence.includes("UTF-8"), "a file is read, or is no UTF-8");
    hold(
      Object.entries(before).every(([name, value]) => value === "" || process.env[name] === value),
      "what is set stays",
    );
    for (const name of Object.keys(process.env))
      if (!Object.hasOwn(before, name)) Reflect.deleteProperty(process.env, name);
  },
  close: () => {
    rmSync(folder, { recursive: true });
  },
});

const gateway = target({
  name: "gateway-settings",
  share: 20_000,
  inputs: fc.record({
    env: environment([...GATEWAY, "TWO_FACTOR_SECRET", "SESSION_SECRET"]),
    name: textsLike(["Acme", "Acme’s Café", "@acme.example #123456", "A\nB"]),
    origin: textsLike([
      "https://app.acme.example",
      "app.acme.example",
      "https://user@x",
      "https://127.0.0.1",
    ]),
  }),
  check: ({ env, name, origin }) => {
    for (const [each, value] of Object.entries(env)) {
      if (value === undefined) Reflect.deleteProperty(process.env, each);
      else process.env[each] = value.replaceAll("\0", "");
    }
    const findings = [...checkSecrets(env), ...checkGatewaySettings(env).findings];
    for (const { what, fix } of findings) {
      hold(!shows(what + (fix ?? ""), Object.values(env)), "no setting is shown");
    }
    for (const each of Object.keys(env)) Reflect.deleteProperty(process.env, each);
    const read = readAppName(name);
    hold(!read.ok || !/[\n\r]|@.*#/.test(read.value), "a name is one line that binds no code");
    const host = readOrigin(origin);
    hold(!host.ok || /^[a-z0-9.-]+$/.test(host.value), "a host is one that browsers match");
  },
});

const WORDS = [
  "doctor",
  "fake-signalwire",
  "--help",
  "-h",
  "--version",
  "-v",
  "--json",
  "--env",
  "--send",
  "--port",
  "--app-name",
  "--origin",
  "--",
  "-",
  "--json=1",
  "--port=65536",
  "--no-json",
  "x",
];

/** What is printed while `work` goes on. */
async function printed(work: () => Promise<number>): Promise<{ status: number; text: string }> {
  const writers = [process.stdout, process.stderr].map((stream) => ({
    stream,
    write: stream.write.bind(stream),
  }));
  let text = "";
  for (const { stream } of writers) {
    stream.write = (part: string) => {
      text += part;
      // The fake runs until somebody ends it.
      if (part.includes("listens at")) setImmediate(() => process.emit("SIGINT"));
      return true;
    };
  }
  try {
    return { status: await work(), text };
  } finally {
    for (const { stream, write } of writers) stream.write = write;
  }
}

const commandLine = target({
  name: "command-line",
  share: 2_000,
  inputs: fc.record({
    words: fc.array(
      fc.oneof(
        fc.constantFrom(...WORDS),
        textsLike([...WORDS, ...PHONES, "/dev/null", "Acme", "https://app.acme.example"]),
      ),
      { maxLength: 6 },
    ),
  }),
  check: async ({ words }) => {
    // Whatever port is free: others use this machine too.
    const asked = words.map((word, at) =>
      words[at - 1] === "--port" && /^\d{1,5}$/.test(word)
        ? "0"
        : word.replace(/^--port=\d{1,5}$/, "--port=0"),
    );
    const { status, text } = await printed(() => run(asked));
    hold([0, 1, 2].includes(status), "a command ends with 0, 1 or 2");
    hold(status !== 2 || text.includes("Expected"), "wrong usage is told in a sentence");
    hold(
      status !== 2 || !asked.some((word) => word.length > 16 && text.includes(word)),
      "what was typed is not shown",
    );
  },
});

export const SETTING_TARGETS = [demo, envFile, gateway, commandLine];
