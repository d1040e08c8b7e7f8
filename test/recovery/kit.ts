/** Serves an app with recovery codes, and hands them out. */

import { memoryRecords, type RecoveryStore } from "../../lib";
import { ANN, serve, type Client, type ServeOptions, type Served } from "../fakes/app";

/** `POST /codes` makes a set; `/pay` and `/fresh` are guarded for a purpose and an age. */
export async function serveRecovering({
  store = memoryRecords(),
  ...given
}: ServeOptions & { store?: RecoveryStore } = {}): Promise<Served> {
  return serve({
    ...given,
    options: { recovery: { store }, purposes: ["pay"], ...given.options },
    before: (app, two) => {
      app.post("/codes", (req, res, next) => {
        two.recoveryCodes(req).then((codes) => res.json(codes), next);
      });
      app.get("/pay", two.require2fa({ purpose: "pay" }), (_req, res) => res.json({}));
      app.get("/fresh", two.require2fa({ maxAge: 60 }), (_req, res) => res.json({}));
      given.before?.(app, two);
    },
  });
}

/** Signs in, enters a code from a text, and makes recovery codes. */
export async function codesOf(s: Served, id = "ann", phone = ANN): Promise<string[]> {
  const client = await s.signedIn(id, phone);
  await client.ask();
  await client.answer(s.lastCode());
  const made = await client.post("/codes");
  expect(made.status).toBe(200);
  return made.body as string[];
}

/** Answers with a recovery code. */
export function recover(client: Client, code: string | undefined, more: object = {}) {
  return client.post("/2fa/validate-auth", { recovery_code: code, ...more });
}

/** So many recovery codes that are none of anybody's, no two alike. */
export function wrongOnes(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `0000-0000-0000-${String(1000 + at)}`);
}
