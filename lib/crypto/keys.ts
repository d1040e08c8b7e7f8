/** The keys taken from the secrets: one ring, newest first, each key for one use alone. */

import { hkdfSync } from "node:crypto";

/** The keys that come from one secret. */
export interface Key {
  /** Names the secret in a challenge, so that a challenge is checked under the secret that made it. */
  readonly id: string;
  /** Derives codes. */
  readonly code: Buffer;
  /** Binds records in a session to a subject and a number. */
  readonly binding: Buffer;
  /** Names counters, so that a shared store tells no user, number or address. */
  readonly counter: Buffer;
  /** Names users and digests tokens and recovery codes in stores of records. */
  readonly record: Buffer;
  /** Seals the forms of the pages, and what one page tells the next. */
  readonly form: Buffer;
  /** Seals the names by which gateways know texts. */
  readonly report: Buffer;
}

/** All keys that are in force. The first one makes new challenges. */
export type KeyRing = readonly [Key, ...Key[]];

/**
 * Takes the keys from `secrets` by HKDF (RFC 5869). `processNonce` ties the codes to this process:
 * with counters in its memory alone, a code must die with them. `namespace` keeps what stands in one session
 * apart for two apps of one secret.
 */
export function readKeys(
  secrets: readonly [string, ...string[]],
  processNonce: Buffer = Buffer.alloc(0),
  namespace = "",
): KeyRing {
  const [newest, ...older] = secrets.map((secret) => keyOf(secret, processNonce, namespace));
  if (newest === undefined) throw new Error("A key ring needs a secret.");
  for (const { id } of [newest, ...older]) made.add(id);
  return [newest, ...older];
}

const made = new Set<string>();

/** Whether another ring of this process has a key, and this one has not. */
export function isOfAnotherRing(keys: KeyRing, id: string): boolean {
  return made.has(id) && keys.every((key) => key.id !== id);
}

function keyOf(secret: string, processNonce: Buffer, namespace: string): Key {
  const derive = (use: string, salt: Buffer, bytes: number) =>
    Buffer.from(hkdfSync("sha256", secret, salt, `express-sms-2fa/${use}/1`, bytes));
  const none = Buffer.alloc(0);
  return {
    id: derive("key-id", processNonce, 9).toString("base64url"),
    code: derive("code", processNonce, 32),
    binding: derive("binding", Buffer.from(namespace), 32),
    counter: derive("counter", none, 32),
    record: derive("record", none, 32),
    form: derive("form", none, 32),
    report: derive("report", none, 32),
  };
}
