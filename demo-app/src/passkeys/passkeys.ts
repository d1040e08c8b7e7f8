/** The passkeys of the accounts: added, used, listed and removed, as @simplewebauthn/server checks them. */

import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from "@simplewebauthn/server";
import type { Account } from "../accounts/accounts";
import type { Database } from "../database/database";

/** A passkey, as its owner sees it. */
export interface Passkey {
  id: string;
  addedAt: Date;
  usedAt: Date | undefined;
}

/** Whom passkeys are made for: a domain, and the origin of its pages. */
export interface RelyingParty {
  id: string;
  origin: string;
}

/** What a session was asked to have signed. It can be answered once. */
export interface Asked {
  to: "add" | "confirm";
  challenge: string;
  /** Epoch milliseconds. */
  until: number;
}

/** Milliseconds that somebody gets to touch a key. */
const PATIENCE_MS = 300_000;
const MOST_PASSKEYS = 10;

export class Passkeys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** An account's passkeys, the newest first. */
  async list(account: string): Promise<Passkey[]> {
    const { rows } = await this.#database.query(
      "SELECT id, added_at, used_at FROM acme.passkeys WHERE account = $1 ORDER BY added_at DESC",
      [account],
    );
    return rows.map(({ id, added_at, used_at }) => ({
      id: String(id),
      addedAt: added_at as Date,
      usedAt: (used_at as Date | null) ?? undefined,
    }));
  }

  /** What a browser needs to make a passkey, and what to keep in the session meanwhile. */
  async askToAdd({ id, name }: Account, party: RelyingParty) {
    const options = await generateRegistrationOptions({
      rpName: "Acme",
      rpID: party.id,
      userName: name,
      userID: new TextEncoder().encode(id),
      timeout: PATIENCE_MS,
      excludeCredentials: await this.#credentials(id),
      authenticatorSelection: { residentKey: "discouraged", userVerification: "preferred" },
    });
    return { options, asked: askedFor("add", options.challenge) };
  }

  /** Adds the passkey that a browser has made; tells whether it is right, and there is room. */
  async add({ id }: Account, party: RelyingParty, asked: Asked | undefined, response: unknown) {
    const challenge = challengeIn(asked, "add");
    if (challenge === undefined) return false;
    const { registrationInfo } = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: false,
    }).catch(() => ({ registrationInfo: undefined }));
    if (registrationInfo === undefined) return false;
    const { credential } = registrationInfo;
    const { rowCount } = await this.#database.query(
      `INSERT INTO acme.passkeys (id, account, public_key, counter, transports, added_at)
        SELECT $1, $2, $3, $4, $5, now()
          WHERE (SELECT count(*) FROM acme.passkeys WHERE account = $2) < $6
        ON CONFLICT (id) DO NOTHING`,
      [
        credential.id,
        id,
        credential.publicKey,
        credential.counter,
        credential.transports ?? [],
        MOST_PASSKEYS,
      ],
    );
    return rowCount === 1;
  }

  /** What a browser needs to sign with one of an account's passkeys, and what to keep in the session. */
  async askToConfirm({ id }: Account, party: RelyingParty) {
    const options = await generateAuthenticationOptions({
      rpID: party.id,
      timeout: PATIENCE_MS,
      allowCredentials: await this.#credentials(id),
      userVerification: "preferred",
    });
    return { options, asked: askedFor("confirm", options.challenge) };
  }

  /** What one of the account's own passkeys has proved, as RFC 8176 names it; nothing where it is not right. */
  async check(
    { id }: Account,
    party: RelyingParty,
    asked: Asked | undefined,
    response: unknown,
  ): Promise<string[] | undefined> {
    const challenge = challengeIn(asked, "confirm");
    const given = response as AuthenticationResponseJSON;
    const credential = (await this.#credentials(id)).find((each) => each.id === given.id);
    if (challenge === undefined || credential === undefined) return undefined;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: given,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential,
      requireUserVerification: false,
    }).catch(() => ({ verified: false, authenticationInfo: undefined }));
    if (!verified || authenticationInfo === undefined) return undefined;
    const { newCounter, userVerified } = authenticationInfo;
    // Where it counts at all, no count comes twice: not at two processes either.
    const { rowCount } = await this.#database.query(
      `UPDATE acme.passkeys SET counter = $3, used_at = now()
        WHERE id = $1 AND account = $2 AND (counter < $3 OR counter = 0 AND $3 = 0)`,
      [credential.id, id, newCounter],
    );
    if (rowCount !== 1) return undefined;
    return userVerified ? ["pop", "user"] : ["pop"];
  }

  /** Removes one of an account's passkeys. */
  async remove(account: string, id: string): Promise<void> {
    await this.#database.query("DELETE FROM acme.passkeys WHERE id = $1 AND account = $2", [
      id,
      account,
    ]);
  }

  async #credentials(account: string) {
    const { rows } = await this.#database.query(
      "SELECT id, public_key, counter::float8, transports FROM acme.passkeys WHERE account = $1",
      [account],
    );
    return rows.map(({ id, public_key, counter, transports }) => ({
      id: String(id),
      publicKey: Uint8Array.from(public_key as Uint8Array),
      counter: Number(counter),
      transports: transports as string[],
    }));
  }
}

function askedFor(to: Asked["to"], challenge: string): Asked {
  return { to, challenge, until: Date.now() + PATIENCE_MS };
}

function challengeIn(asked: Asked | undefined, to: Asked["to"]): string | undefined {
  return asked?.to === to && asked.until > Date.now() ? asked.challenge : undefined;
}
