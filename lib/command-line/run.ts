/** Runs a command by its words. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { doctor } from "./doctor";
import { fakeSignalWire } from "./fake-signalwire";
import { WrongUsage } from "./wrong-usage";

const HELP = `Usage: express-sms-2fa <command> [options]

Commands:
  doctor           Checks settings, gateway and stores, and says each fix
  fake-signalwire  Serves SignalWire's API on this machine, with an inbox in place of phones

Options of doctor:
  --json           Prints the findings as JSON
  --env <path>     Variables beside those of the environment (default .env)
  --app-name <name>, --origin <https origin>
                   Says what a text with them costs in each language
  --send <+number> Sends one real text, which costs money; without it nobody is texted

Options of fake-signalwire:
  --port <number>  Port of 127.0.0.1 (default 8026; 0 for any that is free)

Options of both:
  --help           Shows this
  --version        Shows the version

Exit status: 0 all is well, 1 a fault was found, 2 wrong usage.
`;

interface Command {
  options: NonNullable<ParseArgsConfig["options"]>;
  run: (values: Record<string, never>) => Promise<number>;
}

const DOCTOR: Command = {
  options: {
    json: { type: "boolean" },
    env: { type: "string" },
    send: { type: "string" },
    "app-name": { type: "string" },
    origin: { type: "string" },
  },
  run: doctor,
};
const FAKE: Command = { options: { port: { type: "string" } }, run: fakeSignalWire };
const COMMANDS = new Map<string, Command>(
  Object.entries({ doctor: DOCTOR, "fake-signalwire": FAKE }),
);

/** Resolves with the exit status. */
export async function run(words: string[]): Promise<number> {
  try {
    return await dispatch(words);
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    process.stderr.write(`${error.message}\nSee express-sms-2fa --help.\n`);
    return 2;
  }
}

async function dispatch([name = "", ...rest]: string[]): Promise<number> {
  if (name === "--help" || name === "-h" || rest.includes("--help")) return print(HELP);
  if (name === "--version" || name === "-v") return print(`${version()}\n`);
  const command = COMMANDS.get(name);
  if (command === undefined) {
    throw new WrongUsage(`Expected a command: ${[...COMMANDS.keys()].join(" or ")}.`);
  }
  return command.run(valuesOf(rest, command));
}

function valuesOf(args: string[], { options }: Command): Record<string, never> {
  try {
    return parseArgs({ args, options }).values as Record<string, never>;
  } catch (error) {
    // What was typed may be a secret: the parser's sentence would show it.
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!code.startsWith("ERR_PARSE_ARGS_")) throw error;
    const known = Object.keys(options).map((option) => `--${option}`);
    throw new WrongUsage(`Expected no other options than ${known.join(", ")}.`);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  const path = join(__dirname, "..", "..", "package.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}
