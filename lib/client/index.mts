/** The browser's side of the endpoints: asks for a code, answers, and takes a `fetch` past the guard. */

import type { Channel } from "../outcome/channel.js";
import type { RefusalCode } from "../outcome/errors.js";

export type { Channel, RefusalCode };

/** A `fetch`, the browser's own or one that is called like it. */
export type Fetch = typeof globalThis.fetch;

/** What `createClient()` takes. */
export interface ClientOptions {
  /** Where the router is reached, such as `/2fa`. */
  baseUrl: string;
  /** What calls are made with. @default the browser's own */
  fetch?: Fetch;
  /** Further headers, such as the app's CSRF token; a function is asked before each call. */
  headers?: HeadersInit | (() => HeadersInit);
}

/** What a code is asked for. */
export interface RequestFields {
  /** The number to text; needed with `user: "from-request"`, and the user's own elsewhere. */
  number?: string;
  /** How the code travels: `call` where the option `channels` has it. */
  channel?: Channel;
  /** BCP 47 tag of the text's language. */
  locale?: string;
  /** A name from the option `purposes`. */
  purpose?: string;
  /** Step-up: ask although the session is verified. */
  fresh?: boolean;
}

/** What may go with a code. */
export interface CodeFields {
  /** The number that it was sent to. */
  number?: string;
  /** Has the browser remembered, where the server offers that: only for a user who has asked for it. */
  remember?: boolean;
}

/** A challenge that waits for an answer. */
export interface OpenChallenge {
  /** How the code was sent last. */
  channel: Channel;
  /** The masked number. */
  to: string;
  /** Seconds that the code is still good. */
  expiresIn: number;
  /** Seconds until another text may be asked for; 0 when it may be. */
  resendIn: number;
  /** Codes that may still be tried. */
  attemptsLeft: number;
  /** What the code confirms, where the purpose describes it. */
  description?: string;
  /** How the text has fared, as far as its gateway has told; there with `deliveryStatus` alone. */
  delivery?: "sent" | "delivered" | "undelivered";
  /** Why it was not delivered: the number's owner texted STOP, and gets texts again after a text of START. */
  deliveryReason?: "opted_out";
}

/** The session is verified. */
export interface Verified {
  /** Tells it from a challenge. */
  status: "verified";
  /** Method names of RFC 8176. */
  amr: string[];
  /** ISO 8601, UTC. */
  at: string;
  /** Whether the browser is remembered now; told where it was asked for. */
  remembered?: boolean;
  /** Recovery codes that are left, after one of them. */
  recoveryCodesLeft?: number;
}

/** `sent`: a text has left. `pending`: the last one is still good. `verified`: none is needed. */
export type Requested =
  | ({
      /** Whether a text has left. */
      status: "sent" | "pending";
    } & OpenChallenge)
  | Verified;

/** How the session stands. */
export interface Status {
  /** Whether it is verified for the plain second factor. */
  verified: boolean;
  /** Whether the browser is one that the user has had remembered; told where the server offers that. */
  remembered?: boolean;
  /** The challenge that waits for an answer. */
  challenge: OpenChallenge | null;
  /** Whether the user needs a second factor at all; absent where the app asks everybody for one. */
  isRequired?: boolean;
}

/** A refusal as the server words it (RFC 9457). */
export interface Problem {
  /** Stable name of this kind of problem. */
  type: string;
  /** The kind of problem in a few words. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What to tell problems apart by. */
  code: RefusalCode;
  /** What to do about it. */
  detail: string;
  /** Codes that may still be tried, after a wrong one. */
  attemptsLeft?: number;
  /** Where to verify: paths of the origin that has refused. */
  verifyAt?: {
    /** Of request-auth. */
    request: string;
    /** Of validate-auth. */
    validate: string;
    /** Of the code page, where there is one. */
    page?: string;
  };
  /** The fields to ask for the code with. */
  ask?: {
    /** What the proof is for. */
    purpose?: string;
    /** The last proof is too old. */
    fresh?: true;
  };
}

/** What a call rejects with: a refusal, or an answer that is none of the endpoint's. */
export class TwoFactorRefusal extends Error {
  /** Tells it from other errors. */
  override readonly name = "TwoFactorRefusal";
  /** Why; `unavailable` where the answer is not the endpoint's. */
  declare readonly code: RefusalCode;
  /** The HTTP status. */
  declare readonly status: number;
  /** Whole seconds after which another try can succeed. */
  declare readonly retryAfter: number | undefined;
  /** Codes that may still be tried, after a wrong one. */
  declare readonly attemptsLeft: number | undefined;
  /** The answer as it came, where it was a problem. */
  declare readonly problem: Problem | undefined;

  constructor(answer: Response, problem: Problem | undefined) {
    super(problem?.detail ?? "Not an answer of the endpoint.");
    this.code = problem?.code ?? "unavailable";
    this.status = answer.status;
    this.retryAfter = Number(answer.headers.get("Retry-After")) || undefined;
    this.attemptsLeft = problem?.attemptsLeft;
    this.problem = problem;
  }
}

/** The endpoints as functions. Each rejects with a `TwoFactorRefusal`, or as `fetch` does. */
export interface TwoFactorClient {
  /** Asks for a code by text or call. */
  requestCode: (fields?: RequestFields) => Promise<Requested>;
  /** Answers with the code. */
  submitCode: (code: string, fields?: CodeFields) => Promise<Verified>;
  /** Answers with one of the user's recovery codes, where the server offers them; no code is asked for before. */
  submitRecoveryCode: (code: string) => Promise<Verified>;
  /** Tells how the session stands. Sends nothing. */
  status: () => Promise<Status>;
}

/** Makes a client of one router. */
export function createClient({
  baseUrl,
  fetch = globalThis.fetch,
  headers,
}: ClientOptions): TwoFactorClient {
  const base = baseUrl.replace(/\/+$/, "");
  const call = async (path: string, fields?: object): Promise<unknown> => {
    const all = new Headers(typeof headers === "function" ? headers() : headers);
    all.set("Accept", "application/json");
    if (fields) all.set("Content-Type", "application/json");
    const answer = await fetch(base + path, {
      method: fields ? "POST" : "GET",
      headers: all,
      credentials: "include",
      // No endpoint redirects, and a code must not follow one to somewhere else.
      redirect: "error",
      ...(fields && { body: JSON.stringify(fields) }),
    });
    const body = answer.ok ? await read(answer, "json") : undefined;
    if (body !== undefined) return body;
    throw new TwoFactorRefusal(answer, await problemIn(answer));
  };
  return {
    requestCode: (fields = {}) => call("/request-auth", fields) as Promise<Requested>,
    submitCode: (code, fields) =>
      call("/validate-auth", { ...fields, auth_code: code }) as Promise<Verified>,
    submitRecoveryCode: (code) =>
      call("/validate-auth", { recovery_code: code }) as Promise<Verified>,
    status: () => call("/status") as Promise<Status>,
  };
}

/** What `withTwoFactor()` may be given. */
export interface WithTwoFactorOptions {
  /**
   * Has the user verified, in a dialog of the app's own, and resolves once that is done; the request is
   * then made once more. Where it rejects, the request does. @default goes to the code page
   */
  onTwoFactorRequired?: (problem: Problem) => unknown;
}

/**
 * Makes a `fetch` that has the user verified where the guard asks for it. Without `onTwoFactorRequired`
 * it goes to the code page, if that is of this origin, and from there back; the refusal is handed over. Long, for requests at once share one dialog.
 */
export function withTwoFactor(
  fetch: Fetch,
  { onTwoFactorRequired }: WithTwoFactorOptions = {},
): Fetch {
  const open = new Map<string, Promise<void>>();
  const done = new Map<string, number>();
  let rounds = 0;
  let last: Promise<unknown> = Promise.resolve();

  // One for all that ask for the same, and never two at once.
  const prompt = (key: string, ask: () => unknown): Promise<void> => {
    const shared =
      open.get(key) ??
      last
        .then(ask)
        .then(() => void done.set(key, ++rounds))
        .finally(() => open.delete(key));
    open.set(key, shared);
    last = shared.catch(() => undefined);
    return shared;
  };

  return async (input, init) => {
    const sentIn = rounds;
    const isRequest = input instanceof Request;
    const answer = await fetch(isRequest ? input.clone() : input, init);
    const problem = answer.status === 403 ? await problemIn(answer.clone()) : undefined;
    if (problem?.code !== "two_factor_required") return answer;
    if (!onTwoFactorRequired) {
      goToPage(answer, problem);
      return answer;
    }
    // A stream is used up.
    if (init?.body instanceof ReadableStream) return answer;
    const key = JSON.stringify([problem.verifyAt, problem.ask]);
    // One may have been answered since this was sent.
    if ((done.get(key) ?? 0) <= sentIn) {
      const signal = init?.signal ?? (isRequest ? input.signal : undefined);
      await unlessAborted(
        prompt(key, () => onTwoFactorRequired(problem)),
        signal,
      );
    }
    return fetch(input, init);
  };
}

function goToPage(answer: Response, { verifyAt }: Problem): void {
  const page = verifyAt?.page === undefined ? undefined : ownUrl(verifyAt.page);
  // Another origin leads nobody anywhere.
  if (!page || !ownUrl(answer.url)) return;
  const { pathname, search, hash } = location;
  page.searchParams.set("returnTo", pathname + search + hash);
  location.assign(page);
}

/** The URL, if it is of this origin. */
function ownUrl(address: string): URL | undefined {
  try {
    const url = new URL(address, location.href);
    return url.origin === location.origin && url.protocol === location.protocol ? url : undefined;
  } catch {
    return undefined;
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal?.reason as Error);
    };
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    work.then(resolve, reject).finally(() => signal?.removeEventListener("abort", abort));
  });
}

async function problemIn(answer: Response): Promise<Problem | undefined> {
  const problem = (await read(answer, "problem+json")) as Problem | undefined;
  return typeof problem?.code === "string" ? problem : undefined;
}

/** The object that an answer of this type holds. */
async function read(answer: Response, type: string): Promise<object | undefined> {
  const [given] = (answer.headers.get("Content-Type") ?? "").split(";");
  if (given?.trim().toLowerCase() !== `application/${type}`) return undefined;
  try {
    const body: unknown = await answer.json();
    return typeof body === "object" && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
