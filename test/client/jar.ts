/** A `fetch` with the cookies of one browser, at an app that a test serves. */

import type { Served } from "../fakes/app";

/** It takes paths, as a page's own does, and URLs. */
export type PageFetch = typeof globalThis.fetch;

/** Makes one; `asked` gets method and path of each call. */
export function pageFetch({ port }: Pick<Served, "port">, asked: string[] = []): PageFetch {
  const base = `http://127.0.0.1:${port}`;
  const cookies = new Map<string, string>();
  return async (input, init) => {
    const request = new Request(typeof input === "string" ? new URL(input, base) : input, init);
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    request.headers.set(
      "Cookie",
      [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    );
    const answer = await fetch(request);
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    return answer;
  };
}

/** The same, signed in. */
export async function signedInFetch(
  served: Pick<Served, "port">,
  asked: string[] = [],
): Promise<PageFetch> {
  const made = pageFetch(served, asked);
  await made("/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ id: "ann", phone: "+12025550123" }),
  });
  asked.length = 0;
  return made;
}
