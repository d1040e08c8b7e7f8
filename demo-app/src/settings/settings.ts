/** Reads the demo's settings from its environment, once, and refuses a wrong one in a sentence that names it. */

import { randomBytes } from "node:crypto";
import { isIP } from "node:net";

/** What the demo runs with. */
export interface Settings {
  port: number;
  /** Where this machine reads the figures; absent for none. */
  metricsPort: number | undefined;
  /** The address that it listens at. */
  host: string;
  sessionSecret: string;
  twoFactorSecret: string;
  /** Which of the two were made up, as none was set. */
  madeSecrets: readonly SecretName[];
  /** Whose X-Forwarded headers are believed: so many proxies, or these addresses. */
  trustProxy: false | number | string[];
  /** The https origin that visitors see, where there is one. */
  publicOrigin: string | undefined;
  countries: string[];
  /** The PostgreSQL that all processes share, where there are several. It may hold a password. */
  databaseUrl: string | undefined;
  /** The folder that everything is kept in without one. */
  dataDir: string;
  /** The Redis or Valkey for counters and sessions, where there is one. It may hold a password. */
  redisUrl: string | undefined;
  /** What whoever starts the demo should know, a sentence each. */
  notices: string[];
}

export type SecretName = "sessionSecret" | "twoFactorSecret";

export type Environment = Record<string, string | undefined>;

const SHORTEST_SECRET = 32;
const SECRET_NAMES = ["sessionSecret", "twoFactorSecret"] as const;
const PROXY_NAMES = new Set(["loopback", "linklocal", "uniquelocal"]);

/** Reads the settings out of `env`. An empty variable counts as one that is not set. */
export function readSettings(env: Environment): Settings {
  const notices: string[] = [];
  const secrets = readSecrets(env, notices);
  const publicOrigin = readOrigin(env);
  const trustProxy = readTrustProxy(env);
  if (publicOrigin !== undefined && trustProxy === false) {
    notices.push(
      "PUBLIC_ORIGIN is https and TRUST_PROXY is empty: behind a proxy that ends TLS no cookie is " +
        "set, and nobody can log in. Set TRUST_PROXY to the number of proxies, such as 1.",
    );
  }
  return {
    port: readPort(env, "PORT") ?? 5000,
    metricsPort: readPort(env, "METRICS_PORT"),
    host: read(env, "HOST") ?? "127.0.0.1",
    ...secrets,
    trustProxy,
    publicOrigin,
    countries: readCountries(env),
    databaseUrl: readStoreUrl(env, "DATABASE_URL"),
    dataDir: read(env, "DATA_DIR") ?? "acme-data",
    redisUrl: readStoreUrl(env, "REDIS_URL"),
    notices,
  };
}

/** Whether the demo must not show what it would have texted. `set NODE_ENV=production && …` leaves a blank. */
export function isProduction(env: Environment): boolean {
  return read(env, "NODE_ENV")?.toLowerCase() === "production";
}

function read(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}

function refuse(name: string, expected: string, value: string): never {
  throw new Error(
    `Expected ${name} to be ${expected}, got ${isPlain(value) ? `"${value}"` : HIDDEN}.`,
  );
}

const HIDDEN = "a value that is not shown";

/** Whether a value shows no password of a URL, no key and no phone number: one may stand in a wrong line. */
function isPlain(value: string): boolean {
  const digits = value.replace(/\D/g, "").length;
  return !value.includes("@") && digits <= 8 && !/\w{25}/.test(value) && value.length <= 64;
}

function readPort(env: Environment, name: "PORT" | "METRICS_PORT"): number | undefined {
  const value = read(env, name);
  if (value === undefined) return undefined;
  const least = name === "PORT" ? 0 : 1;
  const isPort = /^\d{1,5}$/.test(value) && Number(value) >= least && Number(value) <= 65_535;
  return isPort ? Number(value) : refuse(name, `a port number from ${least} to 65535`, value);
}

function readSecrets(
  env: Environment,
  notices: string[],
): Pick<Settings, SecretName | "madeSecrets"> {
  const secrets = {
    sessionSecret: readSecret(env, "SESSION_SECRET"),
    twoFactorSecret: readSecret(env, "TWO_FACTOR_SECRET"),
  };
  const madeSecrets = SECRET_NAMES.filter((name) => secrets[name] === undefined);
  if (madeSecrets.length > 0) {
    notices.push(
      "SESSION_SECRET or TWO_FACTOR_SECRET is not set: a random one is used, and kept in DATA_DIR.",
    );
  }
  return {
    sessionSecret: secrets.sessionSecret ?? makeSecret(),
    twoFactorSecret: secrets.twoFactorSecret ?? makeSecret(),
    madeSecrets,
  };
}

// A secret is never shown, whatever is wrong with it.
function readSecret(env: Environment, name: string): string | undefined {
  const secret = read(env, name);
  if (secret === undefined && isProduction(env)) {
    throw new Error(
      `Expected ${name} to be set in production. Make one with \`openssl rand -base64 48\`.`,
    );
  }
  // Each process would make up one of its own, and refuse what the others have signed.
  const shared = Object.keys(STORE_URLS).find((each) => read(env, each) !== undefined);
  if (secret === undefined && shared !== undefined) {
    throw new Error(
      `Expected ${name} to be set beside ${shared}: the processes that share a store share their ` +
        "secrets too. Make one with `openssl rand -base64 48`.",
    );
  }
  const bytes = Buffer.byteLength(secret ?? "");
  if (secret === undefined || bytes >= SHORTEST_SECRET) return secret;
  throw new Error(
    `Expected ${name} to be at least ${SHORTEST_SECRET} bytes, got ${bytes}. ` +
      "Make one with `openssl rand -base64 48`.",
  );
}

function makeSecret(): string {
  return randomBytes(48).toString("base64");
}

function readTrustProxy(env: Environment): false | number | string[] {
  const value = read(env, "TRUST_PROXY");
  if (value === undefined) return false;
  if (/^\d$/.test(value)) return value === "0" ? false : Number(value);
  const addresses = value.split(",").map((address) => address.trim());
  return addresses.every(isProxy)
    ? addresses
    : refuse("TRUST_PROXY", "a number of proxies, or their addresses with commas between", value);
}

function isProxy(address: string): boolean {
  const [ip = "", prefix, ...rest] = address.split("/");
  if (prefix === undefined) return PROXY_NAMES.has(ip) || isIP(ip) !== 0;
  const longest = isIP(ip) === 4 ? 32 : 128;
  return (
    isIP(ip) !== 0 && rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest
  );
}

function readOrigin(env: Environment): string | undefined {
  const value = read(env, "PUBLIC_ORIGIN");
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isOrigin = url?.protocol === "https:" && [url.origin, `${url.origin}/`].includes(value);
  return isOrigin
    ? url.origin
    : refuse("PUBLIC_ORIGIN", "an https origin such as https://app.acme.example", value);
}

const STORE_URLS = {
  DATABASE_URL: { protocol: /^postgres(?:ql)?:$/, example: "postgres://acme@127.0.0.1:5432/acme" },
  REDIS_URL: { protocol: /^rediss?:$/, example: "redis://127.0.0.1:6379" },
};

// It may hold a password: it is not shown.
function readStoreUrl(env: Environment, name: keyof typeof STORE_URLS): string | undefined {
  const value = read(env, name);
  if (value === undefined) return undefined;
  const { protocol, example } = STORE_URLS[name];
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && protocol.test(url.protocol) && url.hostname !== "") return value;
  throw new Error(`Expected ${name} to be a URL such as ${example}.`);
}

function readCountries(env: Environment): string[] {
  const value = read(env, "COUNTRIES") ?? "US,CA";
  const countries = value.split(",").map((country) => country.trim().toUpperCase());
  return countries.every((country) => /^[A-Z]{2}$/.test(country))
    ? countries
    : refuse("COUNTRIES", "two-letter country codes with commas between, such as US,CA", value);
}
