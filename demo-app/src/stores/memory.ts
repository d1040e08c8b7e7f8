/** Keeps everything in the memory of this process: a stop of the demo forgets it all. */

import { RateLimiterMemory } from "rate-limiter-flexible";
import {
  KEPT_TRANSFERS,
  keyOf,
  type Account,
  type AccountRecords,
  type Transfer,
} from "../accounts/accounts";
import type { PasswordHash } from "../accounts/passwords";
import { KEPT_TEXTS, type Inbox, type Text } from "../texts/inbox";
import type { Stores } from "./stores";

/** Makes the stores of a demo that runs as one process. */
export function memoryStores(): Stores {
  return {
    records: new MemoryRecords(),
    tries: (keyPrefix, allowed) => new RateLimiterMemory({ keyPrefix, ...allowed }),
    inbox: memoryInbox(),
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

class MemoryRecords implements AccountRecords {
  readonly #accounts = new Map<string, Account>();
  readonly #names = new Map<string, { id: string; password: PasswordHash }>();

  add(account: Account, password: PasswordHash): Promise<boolean> {
    const key = keyOf(account.name);
    if (this.#names.has(key)) return Promise.resolve(false);
    this.#names.set(key, { id: account.id, password });
    this.#accounts.set(account.id, account);
    return Promise.resolve(true);
  }

  find(id: string): Promise<Account | undefined> {
    return Promise.resolve(this.#accounts.get(id));
  }

  named(key: string): Promise<{ id: string; password: PasswordHash } | undefined> {
    return Promise.resolve(this.#names.get(key));
  }

  async changePhone(id: string, phone: string): Promise<boolean> {
    if (this.#accounts.get(id)?.hasProvedPhone !== false) return false;
    await this.#change(id, () => ({ phone }));
    return true;
  }

  confirmPhone(id: string): Promise<void> {
    return this.#change(id, () => ({ hasProvedPhone: true }));
  }

  savePhone(id: string, phone: string): Promise<void> {
    return this.#change(id, () => ({ phone, hasProvedPhone: true }));
  }

  addTransfer(id: string, made: Transfer): Promise<void> {
    return this.#change(id, ({ transfers }) => ({
      transfers: [made, ...transfers].slice(0, KEPT_TRANSFERS),
    }));
  }

  #change(id: string, changed: (account: Account) => Partial<Account>): Promise<void> {
    const account = this.#accounts.get(id);
    if (account !== undefined) this.#accounts.set(id, { ...account, ...changed(account) });
    return Promise.resolve();
  }
}

function memoryInbox(): Inbox {
  const kept: Text[] = [];
  return {
    put: (text) => {
      kept.push(text);
      if (kept.length > KEPT_TEXTS) kept.shift();
      return Promise.resolve();
    },
    texts: () => Promise.resolve([...kept]),
  };
}
