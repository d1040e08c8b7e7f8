/** Knows where the app has mounted the router, so that nobody has to say it twice. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { targetOf } from "./request-target";
import type { Handler, Next } from "./handler";

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
  emit: (event: string) => boolean;
  mountpath?: unknown;
  parent?: ParentApp;
  route?: unknown;
};

type Located = IncomingMessage & { baseUrl?: unknown };

/** Where the router is reached. */
export class Mount {
  readonly router: Mountable;
  readonly #handler: Handler;
  readonly #given: string | undefined;
  /** What Express has told, once for each time that the router was mounted. */
  readonly #told: { mountpath: unknown; parent: ParentApp | undefined }[] = [];

  /** `path`: what the app says itself, where it mounts the router inside another one. */
  constructor(handler: Handler, path: string | undefined) {
    this.#handler = handler;
    this.#given = path;
    const mounted: Handler = (req, res, next) => {
      handler(req, res, next);
    };
    this.router = Object.assign(mounted, {
      handle: handler,
      set: () => undefined,
      emit: () => this.#note(),
    });
  }

  /**
   * The paths that clients reach it at, without a slash at their end; none where the app has not said
   * plain ones.
   */
  get paths(): string[] {
    return this.#given === undefined ? this.#toldPaths : plain([this.#given]);
  }

  get #toldPaths(): string[] {
    const { route } = this.router;
    // A parent may have been mounted itself since.
    const told = this.#told.flatMap(({ mountpath, parent }) =>
      [mountpath].flat().map((each) => (parent?.path?.() ?? "") + String(each)),
    );
    return plain(typeof route === "string" && told.length === 0 ? [route] : told);
  }

  /**
   * Answers a request that a guard has refused, if it is for one of `endpoints`: in front of the whole
   * app, the guard must not lock the way through it. No handler of the app's is passed to. Where nobody
   * has told the path, inside another router, say, the end of the path must do. Mount paths are read in
   * capitals or not, as Express and Connect do.
   */
  serve(req: IncomingMessage, res: ServerResponse, next: Next, endpoints: EndpointPaths): boolean {
    const { trimmed: path, query } = targetOf(req);
    // A proxy in front may have taken a part off the path that clients use.
    const paths = [...this.paths, ...this.#toldPaths];
    const known = paths.length > 0 ? endpoints.all : endpoints.unmistakable;
    const baseOf = (end: string) => path.slice(0, path.length - end.length);
    const endpoint = known.find((end) => {
      if (!path.endsWith(end)) return false;
      const base = baseOf(end).toLowerCase();
      return paths.length === 0 || paths.some((each) => each.toLowerCase() === base);
    });
    if (endpoint === undefined) return false;
    req.url = (endpoint === "" ? "/" : endpoint) + query;
    (req as Located).baseUrl = baseOf(endpoint);
    this.#handler(req, res, next);
    return true;
  }

  #note(): true {
    const { mountpath, parent } = this.router;
    this.#told.push({ mountpath, parent });
    return true;
  }
}

function plain(paths: string[]): string[] {
  // Parameters, patterns and lists stand for many paths.
  const isPlain = paths.every((path) => !/[:*?+(){},\\]/.test(path));
  return isPlain ? paths.map((path) => path.replace(/\/+$/, "")) : [];
}

/** Paths of the endpoints below the mount path, and those of them that an app is unlikely to have. */
export interface EndpointPaths {
  all: readonly string[];
  unmistakable: readonly string[];
}
