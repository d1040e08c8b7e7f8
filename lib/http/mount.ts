/** Knows where the app has mounted the router, so that nobody has to say it twice. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { LearntBases, type GuardPlace } from "./learnt-bases";
import { fillIn, fillInFromEnd, isPlain, isReadable, matches, readPattern } from "./mount-path";
import { targetOf } from "./request-target";
import type { Handler, Next } from "./handler";
import { warn } from "../std/warning";

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

type Located = IncomingMessage & { baseUrl?: unknown; params?: unknown };

/** Where the router is reached. */
export class Mount {
  readonly router: Mountable;
  readonly #handler: Handler;
  readonly #given: string | undefined;
  /** What Express has told, once for each time that the router was mounted. */
  readonly #told: { mountpath: unknown; parent: ParentApp | undefined }[] = [];
  readonly #learnt = new LearntBases();
  #hasTold = false;
  /** Whether a path was told that can be read: then nothing has to be learnt. */
  #isTold = false;

  /** `path`: what the app says itself, where it mounts the router inside another one. */
  constructor(handler: Handler, path: string | undefined) {
    this.#handler = handler;
    this.#given = path && readPattern(path);
    const reach: Handler = (req, res, next) => {
      const { baseUrl } = req as Located;
      this.#isTold ||= this.#patterns.some(isReadable);
      if (!this.#isTold && typeof baseUrl === "string") this.#learnt.add(baseUrl);
      handler(req, res, next);
    };
    const mounted: Handler = (req, res, next) => {
      reach(req, res, next);
    };
    this.router = Object.assign(mounted, {
      handle: reach,
      set: () => undefined,
      emit: () => this.#note(),
    });
  }

  /**
   * The paths that clients reach it at, without a slash at their end and without parameters; none where the
   * app has not said plain ones.
   */
  get paths(): string[] {
    return this.#patterns.every(isPlain) ? this.#patterns : [];
  }

  /**
   * Where clients reach it who have asked a guard for `req`: the path that the app has said or told, its
   * parameters as they stand in the request, or what the router's own requests have taught. Nothing where
   * none of these says it.
   */
  baseFor(req: IncomingMessage, place: GuardPlace): string | undefined {
    const [first] = this.paths;
    if (first !== undefined) return first;
    const { path } = targetOf(req);
    const { params, baseUrl } = req as Located;
    for (const pattern of this.#patterns) {
      const filled = fillIn(pattern, path, params);
      if (filled !== undefined) return filled;
    }
    return this.#learnt.baseFor({ path, baseUrl }, place);
  }

  /** Says once what to set, where a guard has nowhere to send somebody. */
  tellUnknown(): void {
    if (this.#hasTold) return;
    this.#hasTold = true;
    warn(
      "A guard has refused a request and can't say where to verify: the router is not mounted, or " +
        'inside another router, or at a pattern. Mount it, as `app.use("/2fa", router)`, or set `path` to ' +
        'where clients reach it, such as `path: "/api/2fa"` or `path: "/t/:tenant/2fa"`.',
      "SMS2FA_UNKNOWN_MOUNT",
    );
  }

  /** Where the router stands for a request that has reached it. */
  baseOf(req: IncomingMessage): string | undefined {
    const { baseUrl, params } = req as Located;
    const reached = typeof baseUrl === "string" ? baseUrl : undefined;
    const given = this.#given;
    if (given === undefined) return reached ?? this.paths[0];
    if (isPlain(given)) return given;
    return (
      fillIn(given, targetOf(req).path, params) ?? fillInFromEnd(given, reached ?? "") ?? reached
    );
  }

  /** What the app says, else what it has told. */
  get #patterns(): string[] {
    return this.#given === undefined ? this.#toldPatterns : [this.#given];
  }

  get #toldPatterns(): string[] {
    const { route } = this.router;
    // A parent may have been mounted itself since.
    const told = this.#told.flatMap(({ mountpath, parent }) =>
      [mountpath].flat().map((each) => (parent?.path?.() ?? "") + textOf(each)),
    );
    const all = typeof route === "string" && told.length === 0 ? [route] : told;
    return all.map(readPattern);
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
    const patterns = [this.#patterns, this.#toldPatterns]
      .filter((all) => all.every(isReadable))
      .flat();
    const isKnown = patterns.length > 0;
    const known = isKnown ? endpoints.all : endpoints.unmistakable;
    const baseOf = (end: string) => path.slice(0, path.length - end.length);
    const endpoint = known.find((end) => {
      if (!path.endsWith(end)) return false;
      return !isKnown || patterns.some((each) => matches(each, baseOf(end)));
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

// A regular expression, as a mount path, stands for many.
function textOf(mountpath: unknown): string {
  return typeof mountpath === "string" ? mountpath : `(${String(mountpath)})`;
}

/** Paths of the endpoints below the mount path, and those of them that an app is unlikely to have. */
export interface EndpointPaths {
  all: readonly string[];
  unmistakable: readonly string[];
}
