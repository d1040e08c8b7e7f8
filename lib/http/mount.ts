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
export type Mountable = Handler & {
  handle: Handler;
  set: () => void;
  emit: () => boolean;
  mountpath?: unknown;
  parent?: ParentApp;
  route?: unknown;
};

type Located = IncomingMessage & { baseUrl?: unknown; originalUrl?: unknown };

export class Mount {
  readonly router: Mountable;
  readonly #told: string | undefined;
  #seen: string | undefined;

  /** `told` is the path, where the app has said it. */
  constructor(handler: Handler, told?: string) {
    this.#told = told;
    const located: Handler = (req, res, next) => {
      const { baseUrl } = req as Located;
      if (typeof baseUrl === "string") this.#seen ??= baseUrl;
      handler(req, res, next);
    };
    const once: Handler = (req, res, next) => {
      located(req, res, next);
    };
    this.router = Object.assign(once, { handle: located, set: () => undefined, emit: () => true });
  }

  /** Where the router is mounted, without a slash at the end; `undefined` while it can't be known. */
  get path(): string | undefined {
    if (this.#told !== undefined) return this.#told;
    const { mountpath, parent, route } = this.router;
    if (typeof mountpath === "string") return trim((parent?.path?.() ?? "") + mountpath);
    if (typeof route === "string") return trim(route);
    return this.#seen;
  }

  /** Whether a request is for the router itself, spelt exactly so. */
  isFor(req: IncomingMessage, endpoints: readonly string[]): boolean {
    const { path } = this;
    if (path === undefined) return false;
    const { originalUrl } = req as Located;
    const url = typeof originalUrl === "string" ? originalUrl : (req.url ?? "");
    return endpoints.some((endpoint) => url.split("?", 1)[0] === path + endpoint);
  }
}

function trim(path: string): string {
  return path.replace(/\/+$/, "");
}
