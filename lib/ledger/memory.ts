/** The ledger in the memory of this process: one synchronous pass over maps, swept a little by each step. */

import type { Count, CounterStore, Entry, Raise, Step, StepAnswer, Undo } from "./ledger";

// A map that grows is copied whole: many small ones keep that short.
const SHARDS = 256;
/** About a gigabyte and a half, and a million open challenges. */
const MOST = 10_000_000;
// A cycle adds four scopes in two steps, so the sweep is never left behind.
const FEWEST_VISITS = 4;
const MOST_VISITS = 1000;

/** One window. The object is its identity: the next window of the same name is another. */
class Counter {
  readonly field: string;
  /** 0 once it was cleared or given back: then it is no window any more. */
  count: number;
  readonly endsAt: number;
  next: Counter | undefined;

  constructor(field: string, count: number, endsAt: number, next: Counter | undefined) {
    this.field = field;
    this.count = count;
    this.endsAt = endsAt;
    this.next = next;
  }
}

const NONE: readonly Counter[] = [];

/** What one step took under a record. */
class Part {
  readonly id: string;
  readonly next: Part | undefined;
  paid = NONE;
  kept: readonly Counter[] | "undone" = NONE;

  constructor(id: string, next: Part | undefined) {
    this.id = id;
    this.next = next;
  }
}

class Chronicle {
  openedBy = "";
  openUntil = 0;
  endsAt = 0;
  parts: Part | undefined = undefined;

  part(id: string): Part | undefined {
    let part = this.parts;
    while (part !== undefined && part.id !== id) part = part.next;
    return part;
  }
}

class Scope {
  readonly name: string;
  counters: Counter | undefined = undefined;
  record: Chronicle | undefined = undefined;

  constructor(name: string) {
    this.name = name;
  }
}

type Found = readonly (Counter | undefined)[];

/** Makes a ledger for one process. What is beyond `most` windows and steps is refused, never forgotten. */
export function memoryLedger(most = MOST): MemoryLedger {
  return new MemoryLedger(most);
}

class MemoryLedger implements CounterStore {
  readonly isShared = false;
  readonly #shards = Array.from({ length: SHARDS }, () => new Map<string, Scope>());
  readonly #most: number;
  readonly #clock = steadyClock();
  #now = 0;
  #size = 0;
  #shard = 0;
  #walk = new Map<string, Scope>().values();
  #sweptAt = 0;
  #lastName: string | undefined;
  #lastScope: Scope | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many windows and steps it holds. */
  get size(): number {
    return this.#size;
  }

  step(step: Step): StepAnswer {
    const { entries } = step;
    this.#now = this.#clock();
    // What only reads leaves nothing to be swept: a guard asks at each call.
    if (entries.some(isAdding)) this.#sweep();
    this.#lastName = undefined;
    const record = step.record === "" ? undefined : this.#recordOf(step, step.record);
    const part = record?.part(step.id);
    if (part?.kept === "undone") return { status: "undone", counts: [] };
    if (step.mode === "need" && part === undefined && !(record && record.openUntil > this.#now)) {
      return { status: "gone", counts: [] };
    }
    // Loops, for a list made by each of `map` and `some` costs more than the counting.
    const found: (Counter | undefined)[] = [];
    let isProved = false;
    for (const entry of entries) {
      const counter = this.#find(step, entry);
      if (counter !== undefined && entry.op === "proof") isProved = true;
      found.push(counter);
    }
    const counts: Count[] = [];
    let isRefused = false;
    for (const [index, entry] of entries.entries()) {
      const counter = found[index];
      const isFull = isReached(entry, counter?.count ?? 0, isProved);
      if (isFull && isEnforced(entry)) isRefused = true;
      counts.push(countOf(counter, this.#now, isFull));
    }
    if (part !== undefined) return { status: "again", counts };
    if (isRefused) return { status: "full", counts };
    this.#apply(step, found, counts);
    return { status: "ok", counts };
  }

  #apply(step: Step, found: Found, counts: Count[]): void {
    const { entries } = step;
    // Nothing that counts is put out for it: what was evicted would be guessed at anew. So this locks.
    if (this.#size >= this.#most && entries.some(isAdding)) throw new MemoryFull();
    const paid: Counter[] = [];
    const kept: Counter[] = [];
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index] as Entry;
      let counter = found[index];
      switch (entry.op) {
        case "take":
        case "note":
          counter ??= this.#add(step, entry, endOf(entry.window, this.#now));
          counter.count += 1;
          counts[index] = countOf(counter, this.#now, counts[index]?.isFull);
          if (entry.op === "take") (entry.isPaid ? paid : kept).push(counter);
          break;
        case "set":
          this.#raise(step, entry, counter);
          break;
        case "check":
          if (entry.clears && counter !== undefined) counter.count = 0;
          break;
        case "clear":
          if (counter !== undefined) counter.count = 0;
          break;
        case "settle":
          this.#settle(step, entry.scope);
          break;
        case "undo":
          this.#undo(step, entry);
          break;
        case "peek":
        case "proof":
      }
    }
    if (step.record !== "") this.#leave(step, paid, kept);
  }

  #find(step: Step, { op, scope, field }: Entry): Counter | undefined {
    if (op === "settle" || op === "undo") return undefined;
    let counter = this.#scopeOf(step, scope)?.counters;
    while (counter !== undefined && !(counter.field === field && isLive(counter, this.#now))) {
      counter = counter.next;
    }
    return counter;
  }

  #add(step: Step, { scope: name, field }: Entry, endsAt: number): Counter {
    const scope = this.#scopeFor(step, name);
    this.#prune(scope);
    this.#size += 1;
    scope.counters = new Counter(field, 0, endsAt, scope.counters);
    return scope.counters;
  }

  #raise(step: Step, entry: Raise, before: Counter | undefined): void {
    const wanted = endOf(entry.window, this.#now);
    // A window whose end was moved is another one, though it were moved within a millisecond.
    const stays = before !== undefined && (before.endsAt > wanted || before.endsAt === Infinity);
    const count = Math.max(before?.count ?? 0, entry.max);
    // Ended first, so that it goes at once.
    if (before !== undefined && !stays) before.count = 0;
    (stays ? before : this.#add(step, entry, wanted)).count = count;
  }

  #settle(step: Step, name: string): void {
    let part = this.#recordOf(step, name)?.parts;
    for (; part !== undefined; part = part.next) {
      giveBack(part.paid, this.#now);
      part.paid = NONE;
    }
  }

  #undo(step: Step, { scope, field: id, window }: Undo): void {
    const record = this.#recordFor(step, scope);
    const part = record.part(id) ?? this.#addPart(record, id);
    if (part.kept !== "undone") giveBack(part.kept, this.#now);
    giveBack(part.paid, this.#now);
    part.paid = NONE;
    // One that comes after its undoing finds this.
    part.kept = "undone";
    record.endsAt = Math.max(record.endsAt, this.#now + window);
    if (record.openedBy === id) record.openUntil = 0;
  }

  /** Leaves under the record what the step took. */
  #leave(step: Step, paid: Counter[], kept: Counter[]): void {
    const record = this.#recordFor(step, step.record);
    const part = this.#addPart(record, step.id);
    // Copied, for what grew by pushing has room for more.
    part.paid = paid.length === 0 ? NONE : paid.slice();
    part.kept = kept.length === 0 ? NONE : kept.slice();
    record.endsAt = Math.max(record.endsAt, this.#now + step.life);
    if (step.mode !== "open" || record.openUntil > this.#now) return;
    record.openedBy = step.id;
    record.openUntil = this.#now + step.life;
  }

  #addPart(record: Chronicle, id: string): Part {
    this.#size += 1;
    record.parts = new Part(id, record.parts);
    return record.parts;
  }

  #recordOf(step: Step, name: string): Chronicle | undefined {
    const record = this.#scopeOf(step, name)?.record;
    return record !== undefined && record.endsAt > this.#now ? record : undefined;
  }

  #recordFor(step: Step, name: string): Chronicle {
    const scope = this.#scopeFor(step, name);
    if (scope.record !== undefined && scope.record.endsAt > this.#now) return scope.record;
    this.#forget(scope);
    return (scope.record = new Chronicle());
  }

  // Entries of one scope stand together, so the last one that was found is often the next one.
  #scopeOf({ space }: Step, name: string): Scope | undefined {
    if (name === this.#lastName) return this.#lastScope;
    const full = nameIn(space, name);
    this.#lastName = name;
    this.#lastScope = this.#shardOf(full).get(full);
    return this.#lastScope;
  }

  #scopeFor(step: Step, name: string): Scope {
    const known = this.#scopeOf(step, name);
    if (known !== undefined) return known;
    const scope = new Scope(nameIn(step.space, name));
    this.#shardOf(scope.name).set(scope.name, scope);
    this.#lastScope = scope;
    return scope;
  }

  // The ends of names are random, or the digits of an id.
  #shardOf(name: string): Map<string, Scope> {
    const end = name.length - 1;
    const sum = name.charCodeAt(end) * 31 + name.charCodeAt(end - 1) + name.charCodeAt(end >> 1);
    return this.#shards[end < 1 ? 0 : sum % SHARDS] as Map<string, Scope>;
  }

  #sweep(): void {
    // The more the longer ago the last one was, so that few requests sweep what many left.
    const due = Math.min(Math.max(this.#now - this.#sweptAt, FEWEST_VISITS), MOST_VISITS);
    this.#sweptAt = this.#now;
    for (let visit = 0; visit < due; visit += 1) {
      const { value: scope } = this.#walk.next();
      if (scope === undefined) {
        this.#shard = (this.#shard + 1) % SHARDS;
        this.#walk = (this.#shards[this.#shard] as Map<string, Scope>).values();
        continue;
      }
      if (scope.record !== undefined && scope.record.endsAt <= this.#now) this.#forget(scope);
      this.#prune(scope);
      if (scope.counters === undefined && scope.record === undefined) {
        this.#shards[this.#shard]?.delete(scope.name);
      }
    }
  }

  #forget(scope: Scope): void {
    for (let part = scope.record?.parts; part !== undefined; part = part.next) this.#size -= 1;
    scope.record = undefined;
  }

  #prune(scope: Scope): void {
    let live: Counter | undefined;
    for (let counter = scope.counters; counter !== undefined;) {
      const { next } = counter;
      if (isLive(counter, this.#now)) {
        counter.next = live;
        live = counter;
      } else this.#size -= 1;
      counter = next;
    }
    scope.counters = live;
  }
}

/** There is no room for one more window. */
class MemoryFull extends Error {
  override readonly name = "MemoryFull";
  readonly isApplied = false;
}

function isLive({ count, endsAt }: Counter, now: number): boolean {
  return count > 0 && endsAt > now;
}

function isReached(entry: Entry, count: number, isProved: boolean): boolean {
  if (entry.op === "take") return count >= (isProved ? entry.max : entry.share);
  return entry.op === "check" && count >= entry.max;
}

function isEnforced(entry: Entry): boolean {
  return entry.op !== "take" || !entry.isRecorded;
}

function isAdding({ op }: Entry): boolean {
  return op === "take" || op === "note" || op === "set";
}

function countOf(counter: Counter | undefined, now: number, isFull = false): Count {
  if (counter === undefined) return { count: 0, waitMs: 0, isFull };
  return { count: counter.count, waitMs: counter.endsAt - now, isFull };
}

function endOf(window: number, now: number): number {
  return window === 0 ? Infinity : now + window;
}

function giveBack(counters: readonly Counter[], now: number): void {
  for (const counter of counters) if (isLive(counter, now)) counter.count -= 1;
}

function nameIn(space: string, scope: string): string {
  return space === "" ? scope : `${space} ${scope}`;
}

/**
 * Milliseconds since it was made. A system clock that is set back goes on from where it was, so windows keep
 * their length. Times from zero are small integers, which take no place of their own beside a counter.
 */
function steadyClock(): () => number {
  const start = Date.now();
  let last = 0;
  let ahead = -start;
  return () => {
    const now = Date.now();
    if (now + ahead < last) ahead = last - now;
    last = now + ahead;
    return last;
  };
}
