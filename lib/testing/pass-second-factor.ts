/** Takes a test's client through the second factor, with the client's own cookies. */

import type { TestOutbox } from "./test-outbox";

/** What a client answers. */
export interface AnswerLike {
  /** The HTTP status. */
  status: number;
  /** The whole body. */
  text: string;
}

/** Supertest's agent, as far as it is used. */
export interface AgentLike {
  /** Begins a request. */
  post: (path: string) => {
    /** Sends it. */
    send: (body: object) => PromiseLike<AnswerLike>;
  };
}

/** An answer of `fetch`'s or Playwright's. */
export interface ResponseLike<Status> {
  /** The HTTP status. */
  status: Status;
  /** Reads the whole body. */
  text: () => Promise<string>;
}

/** Playwright's `page.request`, as far as it is used. */
export interface RequestContextLike {
  /** Sends a request. */
  post: (url: string, options: { data: object }) => Promise<ResponseLike<() => number>>;
  /** Tells it from other clients. */
  storageState: () => unknown;
}

/** `fetch`, or one that keeps cookies, such as fetch-cookie's. */
export type FetchLike = (
  url: string,
  init: { method: string; headers: Record<string, string>; body: string },
) => Promise<ResponseLike<number>>;

/** How to pass. */
export interface PassOptions {
  /** The app's sender. */
  outbox: TestOutbox;
  /** The user's number, E.164; with `user: "from-request"`, the one to prove. @default that of the next text */
  number?: string;
  /** Where the router is mounted; behind an origin for `fetch`, such as `http://localhost:5000/2fa`. @default "/2fa" */
  path?: string;
  /** What the proof is for. @default the plain second factor */
  purpose?: string;
}

type Post = (path: string, body: object) => Promise<AnswerLike>;

/**
 * Asks for a code and answers it, by a client that keeps cookies and is signed in. Throws what the app answered, where
 * that is no 200.
 *
 * @example
 * await passSecondFactor(agent, { outbox: texts });
 */
export async function passSecondFactor(
  client: AgentLike | RequestContextLike | FetchLike,
  { outbox, number, path = "/2fa", purpose }: PassOptions,
): Promise<void> {
  const post = postBy(client);
  const before = outbox.messages.length;
  const asked = {
    ...(number !== undefined && { number }),
    ...(purpose !== undefined && { purpose }),
  };
  // A proof that the session has already is asked for anew: a test wants to see it given.
  await expectOk("request-auth", post(`${path}/request-auth`, { ...asked, fresh: true }));
  const text = outbox.messages
    .slice(before)
    .findLast(({ to }) => number === undefined || to === number);
  const code = text?.code ?? outbox.codeFor(number ?? lastNumber(outbox));
  const answer = { auth_code: code, ...(number !== undefined && { number }) };
  await expectOk("validate-auth", post(`${path}/validate-auth`, answer));
}

/** A code that is still good is not sent again at once: then it is the last one that was. */
function lastNumber({ messages }: TestOutbox): string {
  return messages.at(-1)?.to ?? "anybody";
}

function postBy(client: AgentLike | RequestContextLike | FetchLike): Post {
  if (typeof client === "function" && !("post" in client)) {
    return async (url, body) => {
      const headers = { "content-type": "application/json" };
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      const response = await client(url, init);
      return { status: response.status, text: await response.text() };
    };
  }
  if ("storageState" in client) {
    return async (url, data) => {
      const response = await client.post(url, { data });
      return { status: response.status(), text: await response.text() };
    };
  }
  return async (path, body) => (client as AgentLike).post(path).send(body);
}

async function expectOk(endpoint: string, answer: ReturnType<Post>): Promise<void> {
  const { status, text } = await answer;
  if (status !== 200) throw new Error(`Expected 200 of ${endpoint}, got ${status}: ${text}`);
}
