/** The command `doctor`: reads `.env`, examines, and prints each finding with its fix. */

import { readFileSync, statSync } from "node:fs";
import { parseEnv } from "node:util";
import { examine } from "../doctor/doctor";
import type { Finding } from "../doctor/finding";
import { isTextable, maskPhone, readPhone } from "../phone/phone";
import { WrongUsage } from "./wrong-usage";

/** What `doctor` can be asked. */
export interface DoctorOptions {
  json?: boolean;
  env?: string;
  send?: string;
  "app-name"?: string;
  origin?: string;
}

/** 0 where no fault was found, else 1. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const to = readRecipient(options.send);
  readEnvFile(options.env);
  if (to !== undefined) {
    // Beside the findings, so that `--json` stays JSON.
    process.stderr.write(
      `If the gateway is sound, one real text goes to ${maskPhone(to)}. It costs what any text costs.\n`,
    );
  }
  const wishes = { appName: options["app-name"], origin: options.origin, to };
  const findings = await examine(process.env, process.cwd(), wishes);
  const faults = findings.filter(({ level }) => level === "fault").length;
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ ok: faults === 0, findings }, undefined, 2)}\n`);
  } else {
    process.stdout.write(findings.map(lineOf).join("") + summaryOf(faults));
  }
  return faults === 0 ? 0 : 1;
}

/** The number alone, as E.164: what was typed is not shown again. */
function readRecipient(typed: string | undefined): string | undefined {
  if (typed === undefined) return undefined;
  const reading = readPhone(typed);
  if (typed.trim().startsWith("+") && reading.ok && isTextable(reading.phone)) {
    return reading.phone.e164;
  }
  throw new WrongUsage("Expected --send to be a mobile number with + and country code.");
}

/** What the environment has already wins, and an empty variable is none: as an app's own reader does it. */
function readEnvFile(path: string | undefined): void {
  const file = path ?? ".env";
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() !== false) {
    if (path === undefined) return;
    throw new WrongUsage("Expected --env to name a file that is there.");
  }
  for (const [name, value] of Object.entries(parseEnv(readFileSync(file, "utf8")))) {
    process.env[name] ||= value;
  }
}

const COLOURS = { ok: 32, warning: 33, fault: 31 };

function lineOf({ code, level, what, fix }: Finding): string {
  const label = level.padEnd(7);
  const isPlain = !process.stdout.isTTY || Boolean(process.env["NO_COLOR"]);
  const shown = isPlain ? label : `\u001b[${COLOURS[level]}m${label}\u001b[0m`;
  return `${shown}  ${code}: ${what}\n${fix === undefined ? "" : `         Fix: ${fix}\n`}`;
}

function summaryOf(faults: number): string {
  if (faults === 0) return "\nNo fault was found.\n";
  return `\n${faults} ${faults === 1 ? "fault was" : "faults were"} found.\n`;
}
