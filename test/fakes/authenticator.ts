/** A passkey without a device: makes and signs as an authenticator does, and lies where a test has it lie. */

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** What an authenticator is asked, as the server's JSON has it. */
export interface Options {
  challenge: string;
}

interface Lies {
  origin?: string;
  rpId?: string;
  type?: string;
  /** What the signature counter says. @default one more than before */
  counter?: number;
  userVerified?: boolean;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/** One passkey. */
export class FakePasskey {
  readonly id = randomBytes(16);
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly #origin: string;
  counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Answers `navigator.credentials.create()`, as JSON. */
  create(options: Options, lies: Lies = {}): string {
    const { x = "", y = "" } = this.#keys.publicKey.export({ format: "jwk" });
    const key = Buffer.concat([
      // COSE: EC2, ES256, P-256.
      Buffer.from("a5010203262001215820", "hex"),
      Buffer.from(x, "base64url"),
      Buffer.from("225820", "hex"),
      Buffer.from(y, "base64url"),
    ]);
    const length = Buffer.from([0, this.id.length]);
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, key]);
    const data = Buffer.concat([this.#data(HAS_CREDENTIAL, lies), credential]);
    const attestation = Buffer.concat([
      // CBOR: { fmt: "none", attStmt: {}, authData: <one byte of length> }
      Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746158", "hex"),
      Buffer.from([data.length]),
      data,
    ]);
    const client = this.#client("webauthn.create", options, lies);
    return this.#json({
      clientDataJSON: client.toString("base64url"),
      attestationObject: attestation.toString("base64url"),
      transports: ["internal"],
    });
  }

  /** Answers `navigator.credentials.get()`, as JSON. */
  get(options: Options, lies: Lies = {}): string {
    this.counter = lies.counter ?? this.counter + 1;
    const data = this.#data(0, lies);
    const client = this.#client("webauthn.get", options, lies);
    const signature = sign("sha256", Buffer.concat([data, hash(client)]), this.#keys.privateKey);
    return this.#json({
      clientDataJSON: client.toString("base64url"),
      authenticatorData: data.toString("base64url"),
      signature: signature.toString("base64url"),
    });
  }

  #data(flags: number, { rpId = new URL(this.#origin).hostname, userVerified = true }: Lies) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const all = USER_PRESENT | flags | (userVerified ? USER_VERIFIED : 0);
    return Buffer.concat([hash(Buffer.from(rpId)), Buffer.from([all]), counter]);
  }

  #client(type: string, { challenge }: Options, lies: Lies): Buffer {
    const told = { type, challenge, origin: this.#origin, crossOrigin: false, ...lies };
    return Buffer.from(JSON.stringify(told));
  }

  #json(response: object): string {
    const id = this.id.toString("base64url");
    return JSON.stringify({ id, rawId: id, type: "public-key", response });
  }
}

function hash(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
