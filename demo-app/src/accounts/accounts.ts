/** The accounts: who has signed up, with which password and number. */

import { randomUUID } from "node:crypto";
import type { Database } from "../database/database";
import { hashPassword, isPasswordOf, type PasswordHash } from "./passwords";

/** One person who has signed up. */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** E.164. */
  readonly phone: string;
  /** Whether a code that was texted to the number has come back. */
  readonly hasProvedPhone: boolean;
  readonly hasPasskey: boolean;
}

/** A pretend transfer of money. */
export interface Transfer {
  to: string;
  amount: string;
}

const SELECT = `SELECT *, EXISTS (SELECT FROM acme.passkeys WHERE account = accounts.id) AS has_passkey
  FROM acme.accounts`;

/** How many transfers of an account are kept. */
const KEPT_TRANSFERS = 10;

export class Accounts {
  readonly #database: Database;
  readonly #decoy = hashPassword("");

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds an account; `undefined`, with nothing kept, where somebody else has the name. */
  async add(name: string, password: string, phone: string): Promise<Account | undefined> {
    const { salt, key } = await hashPassword(password);
    const id = randomUUID();
    const isNew = await this.#change(
      `INSERT INTO acme.accounts (id, name, name_key, salt, password, phone)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name_key) DO NOTHING`,
      [id, name, keyOf(name), salt, key, phone],
    );
    return isNew ? { id, name, phone, hasProvedPhone: false, hasPasskey: false } : undefined;
  }

  /** The account with this name and password. A name that nobody has takes as long to refuse. */
  async withPassword(name: string, password: string): Promise<Account | undefined> {
    const row = await this.#read(`${SELECT} WHERE name_key = $1`, keyOf(name));
    const hash = row === undefined ? await this.#decoy : hashIn(row);
    const isRight = await isPasswordOf(hash, password);
    return isRight && row !== undefined ? accountIn(row) : undefined;
  }

  /** The account that somebody names. */
  async named(name: string): Promise<Account | undefined> {
    const row = await this.#read(`${SELECT} WHERE name_key = $1`, keyOf(name));
    return row === undefined ? undefined : accountIn(row);
  }

  async find(id: string | undefined): Promise<Account | undefined> {
    if (id === undefined) return undefined;
    const row = await this.#read(`${SELECT} WHERE id = $1`, id);
    return row === undefined ? undefined : accountIn(row);
  }

  /** Changes a number that was never proved; tells whether it did. */
  changePhone(id: string, phone: string): Promise<boolean> {
    // In one step, so that a number which is being proved at another process is not changed after it.
    return this.#change(
      "UPDATE acme.accounts SET phone = $2 WHERE id = $1 AND NOT has_proved_phone",
      [id, phone],
    );
  }

  /** Notes that a code sent to the account's number has come back. */
  async confirmPhone(id: string | undefined): Promise<void> {
    await this.#change("UPDATE acme.accounts SET has_proved_phone = true WHERE id = $1", [id]);
  }

  /** Saves a number that has just been proved. */
  async savePhone(id: string | undefined, phone: string): Promise<void> {
    const isSaved = await this.#change(
      "UPDATE acme.accounts SET phone = $2, has_proved_phone = true WHERE id = $1",
      [id, phone],
    );
    if (!isSaved) throw new Error("Nobody is logged in.");
  }

  /** Adds a pretend transfer to an account, in the place of its oldest where it has many. */
  async transfer(id: string, { to, amount }: Transfer): Promise<void> {
    await this.#change(
      `WITH old AS (
        DELETE FROM acme.transfers WHERE account = $1 AND id <= (
          SELECT id FROM acme.transfers WHERE account = $1 ORDER BY id DESC OFFSET $4 LIMIT 1)
      ) INSERT INTO acme.transfers (account, payee, amount) VALUES ($1, $2, $3)`,
      [id, to, amount, KEPT_TRANSFERS - 1],
    );
  }

  /** The transfers of an account, the newest first. */
  async transfersOf(id: string): Promise<Transfer[]> {
    const { rows } = await this.#database.query(
      "SELECT payee, amount FROM acme.transfers WHERE account = $1 ORDER BY id DESC",
      [id],
    );
    return rows.map(({ payee, amount }) => ({ to: String(payee), amount: String(amount) }));
  }

  async #read(text: string, key: string): Promise<Row | undefined> {
    return (await this.#database.query(text, [key])).rows[0];
  }

  /** Whether there was what it changes. */
  async #change(text: string, values: unknown[]): Promise<boolean> {
    return (await this.#database.query(text, values)).rowCount === 1;
  }
}

type Row = Record<string, unknown>;

function accountIn({ id, name, phone, has_proved_phone, has_passkey }: Row): Account {
  return {
    id: String(id),
    name: String(name),
    phone: String(phone),
    hasProvedPhone: has_proved_phone === true,
    hasPasskey: has_passkey === true,
  };
}

function hashIn({ salt, password }: Row): PasswordHash {
  return { salt: salt as Uint8Array, key: password as Uint8Array };
}

/** The last two digits of a number, which its owner knows it by. */
export function endOf(phone: string): string {
  return phone.replace(/\P{Nd}/gu, "").slice(-2);
}

/** How two names are told apart. */
export function keyOf(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}
