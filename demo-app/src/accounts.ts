/** Keeps the accounts, in memory: a stop of the demo forgets them all. */

import { randomUUID } from "node:crypto";
import { hashPassword, isPasswordOf, type PasswordHash } from "./passwords";

/** One person who has signed up. */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** As typed: the package reads it. */
  phone: string;
  /** Whether a code that was texted to the number has come back. */
  hasProvedPhone: boolean;
  /** The newest first. */
  transfers: Transfer[];
}

/** A pretend transfer of money. */
export interface Transfer {
  to: string;
  amount: string;
}

const SHOWN_TRANSFERS = 10;

export class Accounts {
  readonly #accounts = new Map<string, Account>();
  readonly #passwords = new Map<string, { id: string; hash: PasswordHash }>();
  readonly #decoy = hashPassword("");

  /** Adds an account; `undefined` where somebody else has the name. */
  async add(name: string, password: string, phone: string): Promise<Account | undefined> {
    const hash = await hashPassword(password);
    const key = keyOf(name);
    if (this.#passwords.has(key)) return undefined;
    const account = { id: randomUUID(), name, phone, hasProvedPhone: false, transfers: [] };
    this.#passwords.set(key, { id: account.id, hash });
    this.#accounts.set(account.id, account);
    return account;
  }

  /** The account with this name and password. A name that nobody has takes as long to refuse. */
  async withPassword(name: string, password: string): Promise<Account | undefined> {
    const known = this.#passwords.get(keyOf(name));
    const isRight = await isPasswordOf(known?.hash ?? (await this.#decoy), password);
    return isRight ? this.find(known?.id) : undefined;
  }

  find(id: string | undefined): Account | undefined {
    return id === undefined ? undefined : this.#accounts.get(id);
  }

  /** Notes that a code sent to the account's number has come back. */
  confirmPhone(id: string | undefined): void {
    const account = this.find(id);
    if (account !== undefined) account.hasProvedPhone = true;
  }
}

/** Adds a pretend transfer to an account. */
export function transfer(account: Account, made: Transfer): void {
  account.transfers = [made, ...account.transfers].slice(0, SHOWN_TRANSFERS);
}

/** The last two digits of a number, which its owner knows it by. */
export function endOf(phone: string): string {
  return phone.replace(/\P{Nd}/gu, "").slice(-2);
}

/** How two names are told apart. */
export function keyOf(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}
