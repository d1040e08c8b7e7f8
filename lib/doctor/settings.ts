/** Checks what needs no network: Node.js, its trust, peers, secrets and the gateway's settings. */

import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readSecrets } from "../options/settings";
import { readSetting, type Setting } from "../senders/rest-api/setting";
import { API_BASE_URL, NUMBER, PROJECT, SPACE, TOKEN } from "../senders/signalwire/environment";
import { readSignalWireOptions, type SignalWireSettings } from "../senders/signalwire/settings";
import { fault, ok, warning, type Finding } from "./finding";

/** Variables of the app, those of `.env` among them. An empty one counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Node.js, and whom it trusts. */
export function checkNode(env: Environment): Finding[] {
  const major = Number(process.versions.node.split(".", 1)[0]);
  const findings =
    major >= 20
      ? [ok("NODE", `Node.js ${process.versions.node}.`)]
      : [
          fault(
            "NODE",
            `Node.js ${process.versions.node} is too old.`,
            "Install Node.js 20 or newer.",
          ),
        ];
  if (env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0") {
    const what =
      "NODE_TLS_REJECT_UNAUTHORIZED=0: your app takes any certificate for the right one.";
    const fix = "Remove it. Name a private authority by NODE_EXTRA_CA_CERTS.";
    findings.push(fault("TLS_TRUST", what, fix));
  }
  const authorities = env["NODE_EXTRA_CA_CERTS"];
  if (authorities && !isReadable(authorities)) {
    const what =
      "The file that NODE_EXTRA_CA_CERTS names can't be read: Node.js goes on without it.";
    findings.push(
      fault("TLS_TRUST", what, "Correct the path, or let the app's user read the file."),
    );
  }
  return findings;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The packages that the app at `folder` must have beside this one. */
export function checkPeers(folder: string, usesSignalWire: boolean): Finding[] {
  const { peerDependencies } = manifestAt(join(__dirname, "..", "..")) ?? {};
  const needed = ["express", "express-session"];
  if (usesSignalWire) needed.push("@signalwire/compatibility-api");
  return needed.map((name) => {
    const range = peerDependencies?.[name] ?? "";
    const version = versionIn(folder, name);
    const fix = `npm install ${name}`;
    if (version === undefined) return fault("PEER", `${name} is not installed.`, fix);
    if (isWithin(version, range)) return ok("PEER", `${name} ${version}.`);
    return fault("PEER", `${name} ${version} is not of ${range}.`, fix);
  });
}

interface Manifest {
  version?: string;
  peerDependencies?: Record<string, string>;
}

function manifestAt(folder: string): Manifest | undefined {
  const path = join(folder, "package.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Manifest) : undefined;
}

function versionIn(folder: string, name: string): string | undefined {
  const folders = createRequire(join(folder, "app.js")).resolve.paths(name) ?? [];
  const found = folders.map((each) => manifestAt(join(each, name))?.version);
  return found.find((version) => version !== undefined);
}

/** Whether a version is of one of the ranges, each of a caret. */
function isWithin(version: string, ranges: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return ranges.split("||").some((range) => {
    const [, least, from] = /\^(\d+)\.(\d+)/.exec(range) ?? [];
    return major === Number(least) && minor >= Number(from);
  });
}

/** Their strength, and that each is used for one thing. */
export function checkSecrets(env: Environment): Finding[] {
  const make = "Make one with `openssl rand -base64 48`.";
  const findings = ["TWO_FACTOR_SECRET", "SESSION_SECRET"].map((name): Finding => {
    const secret = env[name];
    if (!secret) {
      return warning("SECRET", `${name} is not set; your app may name it otherwise.`, make);
    }
    try {
      readSecrets(secret);
      return ok("SECRET", `${name} is long and random enough.`);
    } catch (error) {
      const [what = ""] = (error as Error).message.split(" Make one");
      return fault("SECRET", what.replace("`secret`", name), make);
    }
  });
  const { TWO_FACTOR_SECRET: one, SESSION_SECRET: other } = env;
  if (one && one === other) {
    const what = "TWO_FACTOR_SECRET and SESSION_SECRET are the same.";
    findings.push(fault("SECRETS_EQUAL", what, `Give each its own. ${make}`));
  }
  return findings;
}

/** What is known of the gateway, where all its settings are good. It reads the process's environment. */
export function checkGatewaySettings(env: Environment): {
  findings: Finding[];
  settings?: SignalWireSettings;
} {
  const isElsewhere = Boolean(env[API_BASE_URL.variable]);
  const wanted = isElsewhere ? [PROJECT, TOKEN, NUMBER] : [SPACE, PROJECT, TOKEN, NUMBER];
  if (!usesSignalWire(env)) {
    const what = "No SIGNALWIRE_ variable is set: the gateway was not checked.";
    const fix = "Set SIGNALWIRE_SPACE, _PROJECT, _TOKEN and _NUMBER, unless you text another way.";
    return { findings: [warning("GATEWAY_SETTINGS", what, fix)] };
  }
  const findings = wanted.flatMap((setting) =>
    refusalOf(() => readSetting(undefined, setting, "signalwire")),
  );
  if (findings.length > 0) return { findings };
  const rest = refusalOf(() => readSignalWireOptions({}));
  if (rest.length > 0) return { findings: rest };
  const settings = readSignalWireOptions({});
  const findingsOf = [ok("GATEWAY_SETTINGS", "The settings of SignalWire are well-formed.")];
  if (isElsewhere) {
    const what = `${API_BASE_URL.variable} is set: texts go there, and not to SignalWire.`;
    const fix = "Remove it where real users are texted.";
    findingsOf.push(warning("GATEWAY_ELSEWHERE", what, fix));
  }
  return { findings: findingsOf, settings };
}

/** Whether any of its variables is set. */
export function usesSignalWire(env: Environment): boolean {
  const all: Pick<Setting, "variable">[] = [SPACE, PROJECT, TOKEN, NUMBER, API_BASE_URL];
  return all.some(({ variable = "" }) => Boolean(env[variable]));
}

// The readers' sentences show no value.
function refusalOf(read: () => unknown): Finding[] {
  try {
    read();
    return [];
  } catch (error) {
    const fix = "Copy it from the API page of your Space; docs/gateways.md says how.";
    return [fault("GATEWAY_SETTINGS", (error as Error).message, fix)];
  }
}
