/** Keeps accounts in Redis: a hash for each, a name that points at it, and a list of its transfers. */

import {
  KEPT_TRANSFERS,
  keyOf,
  type Account,
  type AccountRecords,
  type Transfer,
} from "../accounts/accounts";
import type { PasswordHash } from "../accounts/passwords";
import { answered } from "../std/deadline";
import type { RedisClient } from "./redis-client";

const PROVED = "1";

// In one step, so that a number which is being proved at another process is not changed after it.
const CHANGE_PHONE = `
if redis.call("HGET", KEYS[1], "proved") ~= "0" then return 0 end
redis.call("HSET", KEYS[1], "phone", ARGV[1])
return 1`;

export class RedisRecords implements AccountRecords {
  readonly #client: RedisClient;

  constructor(client: RedisClient) {
    this.#client = client;
  }

  async add({ id, name, phone }: Account, { salt, key }: PasswordHash): Promise<boolean> {
    const secret = { salt: salt.toString("base64"), key: key.toString("base64") };
    await answered(this.#client.hSet(accountKey(id), { id, name, phone, proved: "0", ...secret }));
    // The name last: whoever finds it finds the account behind it.
    const taken = await answered(this.#client.set(nameKey(keyOf(name)), id, { condition: "NX" }));
    if (taken !== null) return true;
    await answered(this.#client.del(accountKey(id)));
    return false;
  }

  async find(id: string): Promise<Account | undefined> {
    const [fields, transfers] = await answered(
      Promise.all([
        this.#client.hGetAll(accountKey(id)),
        this.#client.lRange(transfersKey(id), 0, -1),
      ]),
    );
    const { name, phone, proved } = fields;
    if (name === undefined || phone === undefined) return undefined;
    return {
      id,
      name,
      phone,
      hasProvedPhone: proved === PROVED,
      transfers: transfers.map((made) => JSON.parse(made) as Transfer),
    };
  }

  async named(key: string): Promise<{ id: string; password: PasswordHash } | undefined> {
    const id = await answered(this.#client.get(nameKey(key)));
    if (id === null) return undefined;
    const [salt, hash] = await answered(this.#client.hmGet(accountKey(id), ["salt", "key"]));
    if (salt == null || hash == null) return undefined;
    return {
      id,
      password: { salt: Buffer.from(salt, "base64"), key: Buffer.from(hash, "base64") },
    };
  }

  async changePhone(id: string, phone: string): Promise<boolean> {
    const given = { keys: [accountKey(id)], arguments: [phone] };
    return (await answered(this.#client.eval(CHANGE_PHONE, given))) === 1;
  }

  async confirmPhone(id: string): Promise<void> {
    await answered(this.#client.hSet(accountKey(id), "proved", PROVED));
  }

  async savePhone(id: string, phone: string): Promise<void> {
    await answered(this.#client.hSet(accountKey(id), { phone, proved: PROVED }));
  }

  async addTransfer(id: string, made: Transfer): Promise<void> {
    const key = transfersKey(id);
    const kept = this.#client
      .multi()
      .lPush(key, JSON.stringify(made))
      .lTrim(key, 0, KEPT_TRANSFERS - 1);
    await answered(kept.exec());
  }
}

function accountKey(id: string): string {
  return `acme:account:${id}`;
}

function nameKey(key: string): string {
  return `acme:name:${key}`;
}

function transfersKey(id: string): string {
  return `acme:transfers:${id}`;
}
