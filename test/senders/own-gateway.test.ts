/** The example of docs/gateways.md for a gateway of one's own, as it stands there, over a stand-in of Vonage's API. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sender } from "../../lib";
import { failover } from "../../lib/senders/failover";
import { serve } from "../fakes/app";
import { startVonageApi, type VonageApi, type VonageBehaviour } from "../fakes/vonage-api";

const ROOT = join(__dirname, "..", "..");
const environment = process.env;
let api: VonageApi;
let vonage: Sender;
let folder: string;

beforeEach(async () => {
  api = await startVonageApi();
  process.env = { ...environment, ...api.environment };
  const chapter = readFileSync(join(ROOT, "docs", "gateways.md"), "utf8");
  const [, block = ""] =
    /^```ts\n((?:(?!^```).)*?export const vonage.*?)^```$/ms.exec(chapter) ?? [];
  folder = mkdtempSync(join(ROOT, ".docs-"));
  const file = join(folder, "vonage.ts");
  writeFileSync(file, block);
  jest.isolateModules(() => {
    ({ vonage } = jest.requireActual<{ vonage: Sender }>(file));
  });
});
afterEach(async () => {
  process.env = environment;
  rmSync(folder, { recursive: true });
  await api.close();
});

test("a user is texted and verified through it, and the event names it", async () => {
  const s = await serve({ options: { sender: vonage } });
  const client = await s.signedIn();
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
  expect(api.messages).toMatchObject([{ to: "12025550123", ttl: 600 }]);
  const code = /^\d{6}/.exec(api.messages[0]?.text ?? "")?.[0] ?? "";
  expect((await client.answer(code)).status).toBe(200);
  expect(s.events.find(({ type }) => type === "sent")).toMatchObject({ sender: "vonage" });
});

const CASES: [string, VonageBehaviour, number, string, string, boolean][] = [
  ["a barred number", { status: 422, code: "1050" }, 422, "vonage:1050", "no other", false],
  ["no number", { status: 422, code: "1170" }, 422, "vonage:1170", "no other", false],
  ["a sender's name", { status: 422, code: "1120" }, 502, "vonage:1120", "the next", false],
  ["credentials", { status: 401 }, 502, "http:401", "the next", false],
  ["no balance", { status: 402 }, 502, "http:402", "the next", false],
  ["throttling", { status: 429 }, 503, "throttled", "the next", false],
  ["a fault of its own", { status: 503 }, 502, "http:503", "no other", true],
  ["silence", "hang", 502, "timeout", "no other", true],
];

test.each(CASES)("%s ends as the table says", async (_what, next, status, reason, _to, isGood) => {
  api.next(next);
  const s = await serve({ options: { sender: vonage, sendTimeout: 1 } });
  const client = await s.signedIn();
  const answer = await client.ask();
  expect([answer.status, s.events.at(-1)]).toMatchObject([status, { sender: "vonage", reason }]);
  expect((await client.status()).body).toMatchObject({
    challenge: isGood ? { attemptsLeft: 5 } : null,
  });
  expect([api.requests, api.messages.length]).toEqual([1, 0]);
});

test.each(CASES)("%s: failover() asks whom the table says", async (_what, next, ...rest) => {
  api.next(next);
  const taken: unknown[] = [];
  const other: Sender = (message) => taken.push(message);
  const s = await serve({ options: { sender: failover([vonage, other], { timeout: 1 }) } });
  await (await s.signedIn()).ask();
  expect(taken).toHaveLength(rest[2] === "the next" ? 1 : 0);
});

test("an answer that leads elsewhere takes no text there (attack)", async () => {
  const elsewhere = await startVonageApi();
  try {
    const location = elsewhere.environment["VONAGE_URL"] ?? "";
    api.next({ status: 307, location });
    const s = await serve({ options: { sender: vonage } });
    expect((await (await s.signedIn()).ask()).status).toBe(502);
    expect(elsewhere.requests).toBe(0);
  } finally {
    await elsewhere.close();
  }
});
