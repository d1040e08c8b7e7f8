/** Learns where the app has mounted the router, so that nobody has to say it twice. */

import type { IncomingMessage, ServerResponse } from "node:http";

export type Next = (error?: unknown) => void;
export type Handler = (req: IncomingMessage, res: ServerResponse, next: Next) => void;

interface ParentApp {
  path?: () => string;
}

/**
 * The handler as an app that can be mounted: Express tells such a one its `mountpath` and parent, and
 * Connect its `route`, before the first request comes.
 */
type Mountable = Handler & {
  handle: Handler;
  set: () => void;
  emit: () => boolean;
  mountpath?: unknown;
  parent?: ParentApp;
  route?: unknown;
};

type Located = IncomingMessage & { baseUrl?: unknown; originalUrl?: unknown };

/** Where the router is reached. */
export class Mount {
  readonly router: Mountable;
  readonly #handler: Handler;
  readonly #endpoints: readonly string[];
  /** Paths that the router was reached at. */
  readonly #reached = new Set<string>();

  constructor(handler: Handler, endpoints: readonly string[]) {
    this.#handler = handler;
    this.#endpoints = endpoints;
    const noting: Handler = (req, res, next) => {
      const { baseUrl } = req as Located;
      if (typeof baseUrl === "string" && this.#reached.size < 2) this.#reached.add(baseUrl);
      handler(req, res, next);
    };
    const mounted: Handler = (req, res, next) => {
      noting(req, res, next);
    };
    this.router = Object.assign(mounted, {
      handle: noting,
      set: () => undefined,
      emit: () => true,
    });
  }

  /** The path, without a slash at its end; `undefined` where the app has not said one plain path. */
  get path(): string | undefined {
    return this.#isPattern ? undefined : this.#said?.replace(/\/+$/, "");
  }

  /** What the app has said, be it a path or a pattern. */
  get #said(): string | undefined {
    const { mountpath, parent, route } = this.router;
    const own = typeof mountpath === "string" ? mountpath : route;
    return typeof own === "string" ? (parent?.path?.() ?? "") + own : undefined;
  }

  // Parameters and patterns stand for many paths, and so does a list.
  get #isPattern(): boolean {
    return typeof this.router.mountpath === "object" || /[:*?+(){}]/.test(this.#said ?? "");
  }

  /** The path to tell a client: also one that was never said, but is the only one seen. */
  get shownPath(): string | undefined {
    const [only] = this.#reached.size === 1 && !this.#isPattern ? this.#reached : [];
    return this.path ?? only;
  }

  /** Whether a request is for an endpoint, spelt exactly as it is mounted. */
  isFor(req: IncomingMessage): boolean {
    const { path } = this;
    return path !== undefined && this.#endpoints.some((end) => pathOf(req) === path + end);
  }

  /**
   * Answers a request that a guard has refused, if it may be for an endpoint whose whole path nobody
   * has told: inside another router, say. No handler of the app's is passed to.
   */
  serve(req: IncomingMessage, res: ServerResponse, next: Next): boolean {
    if (this.path !== undefined) return false;
    const endpoint = this.#endpoints.find((end) => pathOf(req).endsWith(end));
    if (endpoint === undefined) return false;
    const { url = "" } = req;
    const query = url.indexOf("?");
    req.url = endpoint + (query < 0 ? "" : url.slice(query));
    this.#handler(req, res, next);
    return true;
  }
}

function pathOf(req: IncomingMessage): string {
  const { originalUrl } = req as Located;
  const url = typeof originalUrl === "string" ? originalUrl : (req.url ?? "");
  return url.split("?", 1)[0] ?? "";
}
