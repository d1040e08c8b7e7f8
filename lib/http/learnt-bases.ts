/** Learns from the router's own requests where it is mounted, where nobody tells: inside another router, or at a pattern. Anybody can ask below such a path, so what is learnt leads nobody into a part of the app that their own request is not in, such as another tenant's. */

/** What one guard has learnt about its place. */
export interface GuardPlace {
  /** The path of the router from the one that the guard stands in, and how deep that one is. */
  way?: { path: string; depth: number };
}

/** A guarded request. */
export interface Guarded {
  path: string;
  /** Where the router stands that holds the guard, as Express has it. */
  baseUrl: unknown;
}

export class LearntBases {
  // Whoever asks can choose parameters, so only so many are kept.
  readonly #bases = new Map<string, string>();

  /** Notes where the router was reached. */
  add(base: string): void {
    const name = base.toLowerCase();
    if (this.#bases.has(name) || !/^(?:\/[\w.~!$&'()*+,;=:@%-]+)*$/.test(base)) return;
    const [oldest] = this.#bases.keys();
    if (this.#bases.size >= MOST && oldest !== undefined) this.#bases.delete(oldest);
    this.#bases.set(name, base);
  }

  /** The base for a guarded request. */
  baseFor({ path, baseUrl }: Guarded, place: GuardPlace): string | undefined {
    const at = typeof baseUrl === "string" ? baseUrl : "";
    const found = this.#nextTo(path);
    if (found !== undefined && parentOf(found).toLowerCase() === at.toLowerCase()) {
      place.way = { path: found.slice(at.length), depth: depthOf(at) };
    }
    if (found !== undefined) return found;
    // The same guard in the same router, reached by other parameters.
    const { way } = place;
    return way?.depth === depthOf(at) && at !== "" ? at + way.path : undefined;
  }

  /** The deepest base whose parent the path is in. */
  #nextTo(path: string): string | undefined {
    const name = path.toLowerCase();
    let best: string | undefined;
    for (const base of this.#bases.values()) {
      const parent = parentOf(base).toLowerCase();
      const isIn = name === parent || name.startsWith(`${parent}/`);
      // In the spelling of whoever asks now.
      const here = path.slice(0, parent.length) + base.slice(parent.length);
      if (isIn && (best === undefined || here.length > best.length)) best = here;
    }
    return best;
  }
}

const MOST = 100;

function parentOf(base: string): string {
  return base.slice(0, base.lastIndexOf("/"));
}

function depthOf(base: string): number {
  return base.split("/").length - 1;
}
