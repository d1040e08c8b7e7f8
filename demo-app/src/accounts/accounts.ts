/** The accounts: who has signed up, with which password and number. */

import { randomUUID } from "node:crypto";
import { hashPassword, isPasswordOf, type PasswordHash } from "./passwords";

/** One person who has signed up. */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** E.164. */
  readonly phone: string;
  /** Whether a code that was texted to the number has come back. */
  readonly hasProvedPhone: boolean;
  /** The newest first. */
  readonly transfers: readonly Transfer[];
}

/** A pretend transfer of money. */
export interface Transfer {
  to: string;
  amount: string;
}

/** Where accounts are kept. */
export interface AccountRecords {
  /** `false`, with nothing kept, where somebody else has the name. */
  add(account: Account, password: PasswordHash): Promise<boolean>;
  find(id: string): Promise<Account | undefined>;
  /** The account whose name has this key. */
  named(key: string): Promise<{ id: string; password: PasswordHash } | undefined>;
  /** `false`, with nothing changed, where the number has been proved. */
  changePhone(id: string, phone: string): Promise<boolean>;
  confirmPhone(id: string): Promise<void>;
  /** Puts a number that has just been proved in the place of another. */
  savePhone(id: string, phone: string): Promise<void>;
  addTransfer(id: string, made: Transfer): Promise<void>;
}

/** How many transfers of an account are kept. */
export const KEPT_TRANSFERS = 10;

export class Accounts {
  readonly #records: AccountRecords;
  readonly #decoy = hashPassword("");

  constructor(records: AccountRecords) {
    this.#records = records;
  }

  /** Adds an account; `undefined` where somebody else has the name. */
  async add(name: string, password: string, phone: string): Promise<Account | undefined> {
    const hash = await hashPassword(password);
    const account = { id: randomUUID(), name, phone, hasProvedPhone: false, transfers: [] };
    return (await this.#records.add(account, hash)) ? account : undefined;
  }

  /** The account with this name and password. A name that nobody has takes as long to refuse. */
  async withPassword(name: string, password: string): Promise<Account | undefined> {
    const known = await this.#records.named(keyOf(name));
    const isRight = await isPasswordOf(known?.password ?? (await this.#decoy), password);
    return isRight ? this.find(known?.id) : undefined;
  }

  async find(id: string | undefined): Promise<Account | undefined> {
    return id === undefined ? undefined : this.#records.find(id);
  }

  /** Changes a number that was never proved; tells whether it did. */
  changePhone(id: string, phone: string): Promise<boolean> {
    return this.#records.changePhone(id, phone);
  }

  /** Notes that a code sent to the account's number has come back. */
  async confirmPhone(id: string | undefined): Promise<void> {
    if (id !== undefined) await this.#records.confirmPhone(id);
  }

  /** Saves a number that has just been proved. */
  async savePhone(id: string | undefined, phone: string): Promise<void> {
    if (id === undefined) throw new Error("Nobody is logged in.");
    await this.#records.savePhone(id, phone);
  }

  /** Adds a pretend transfer to an account. */
  transfer(id: string, made: Transfer): Promise<void> {
    return this.#records.addTransfer(id, made);
  }
}

/** The last two digits of a number, which its owner knows it by. */
export function endOf(phone: string): string {
  return phone.replace(/\P{Nd}/gu, "").slice(-2);
}

/** How two names are told apart. */
export function keyOf(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}
