/** Serves an app that remembers browsers, and hands their cookies round. */

import { memoryRecords, type BrowserStore } from "../../lib";
import { ANN, serve, type Client, type ServeOptions, type Served } from "../fakes/app";

/** Guards of all kinds: `/easy` passes a remembered browser, `/private`, `/fresh` and `/pay` do not. */
export async function serveRemembering({
  store = memoryRecords(),
  maxAge,
  ...given
}: ServeOptions & { store?: BrowserStore; maxAge?: number } = {}): Promise<Served> {
  return serve({
    ...given,
    options: { remember: { store, maxAge }, purposes: ["pay"], ...given.options },
    before: (app, two) => {
      app.get("/easy", two.require2fa({ remembered: true }), (_req, res) => {
        res.json({ easy: true });
      });
      app.get("/fresh", two.require2fa({ maxAge: 120 }), (_req, res) => res.json({}));
      app.get("/pay", two.require2fa({ purpose: "pay" }), (_req, res) => res.json({}));
      app.get("/browsers", (req, res, next) => {
        two.remembered("ann", req).then((all) => res.json(all), next);
      });
      given.before?.(app, two);
    },
  });
}

/** Signs in, enters a code and has the browser remembered. */
export async function remember(s: Served, id = "ann", phone = ANN): Promise<Client> {
  const client = await s.signedIn(id, phone);
  await client.ask();
  const answered = await client.answer(s.lastCode(), { remember: true });
  expect([answered.status, answered.body]).toEqual([
    200,
    expect.objectContaining({ status: "verified", remembered: true }),
  ]);
  return client;
}

/** The cookie that a browser is remembered by, as `name=value`. */
export function cookieOf(client: Client): string {
  const cookie = client.cookie.split("; ").find((each) => each.startsWith("__Host-sms2fa-"));
  if (cookie === undefined) throw new Error("The browser has no such cookie.");
  return cookie;
}

/** A browser with a cookie alone, whose user has just signed in. */
export async function signedInWith(
  s: Served,
  cookie: string,
  id = "ann",
  phone = ANN,
): Promise<Client> {
  const client = s.client(cookie);
  await client.signIn(id, phone);
  return client;
}

/** The same browser after log-out and log-in: all it has is the cookie. */
export function again(s: Served, client: Client, id?: string, phone?: string): Promise<Client> {
  return signedInWith(s, cookieOf(client), id, phone);
}

/** How often something was told. */
export function count({ events }: Served, type: Served["events"][number]["type"]): number {
  return events.filter((event) => event.type === type).length;
}
