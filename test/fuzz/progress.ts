/** What the thread that works and the one that watches tell each other. */

/** What the thread is to do. */
export interface Task {
  /** The module whose `TARGETS` are tried. */
  list: string;
  /** Inputs in all, shared out among the targets. */
  count: number;
  seed: number;
  /** The target that is tried alone. */
  only: string | undefined;
  /** The one input of it that is tried alone. */
  index: number | undefined;
  /** Where a thread was ended before: that input is told of, and gone on behind. */
  stopped: Place | undefined;
  /** Faults of a target after which the next one is tried. */
  mostFaults: number;
  place: SharedArrayBuffer;
}

/** One input of one target. */
export interface Place {
  target: number;
  index: number;
}

/** What the thread tells. */
export type Told =
  | { kind: "fault"; target: string; index: number; input: string; what: string }
  | { kind: "stopped"; target: string; index: number; input: string }
  | { kind: "done"; target: string; inputs: number; seconds: number; slowest: number };

const NOWHERE = -(2 ** 31);

/** The place of the input that is tried now, in memory that both see even where the thread hangs. */
export class SharedPlace {
  readonly #cells: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#cells = new Int32Array(memory);
  }

  static memory(): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
    new SharedPlace(memory).clear();
    return memory;
  }

  /** Nothing is tried now: modules are loaded, or an app is opened. */
  clear(): void {
    Atomics.store(this.#cells, 1, NOWHERE);
  }

  get isClear(): boolean {
    return Atomics.load(this.#cells, 1) === NOWHERE;
  }

  set({ target, index }: Place): void {
    Atomics.store(this.#cells, 0, target);
    Atomics.store(this.#cells, 1, index);
  }

  get(): Place {
    return { target: Atomics.load(this.#cells, 0), index: Atomics.load(this.#cells, 1) };
  }
}
