/** Text pumping: what an attacker with many numbers and networks gets sent, with the budgets and without. */

import { Agent, request } from "node:http";
import { serve, type ServeOptions, type Served } from "../fakes/app";

const NUMBERS = 10_000;
const NETWORKS = 2_000;
// Without budgets each of them gets its text, as the first of them show: five times what the budgets give.
const UNGUARDED = 2_000;
const NOT_SERVED = 500;
const PARALLEL = 32;

/** Asks for a text to a number, from an address that the proxy in front vouches for. */
function ask(app: Served, agent: Agent, number: string, address: string): Promise<number> {
  const body = JSON.stringify({ number });
  return new Promise((resolve, reject) => {
    const call = request(
      {
        agent,
        host: "127.0.0.1",
        port: app.port,
        method: "POST",
        path: "/2fa/request-auth",
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "x-forwarded-for": address,
        },
      },
      (answer) => {
        answer.resume();
        answer.on("end", () => {
          resolve(answer.statusCode ?? 0);
        });
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}

/** A dear country's mobile numbers, each once, over all networks in turn. */
async function pump(app: Served, numbers = NUMBERS): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  let next = 0;
  const work = async () => {
    while (next < numbers) {
      const each = next;
      next += 1;
      const network = each % NETWORKS;
      const address = `100.64.${network >> 8}.${network & 255}`;
      await ask(app, agent, `+9379${String(1_000_000 + each)}`, address);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  agent.destroy();
}

const open: ServeOptions = {
  user: "from-request",
  before: (app) => app.set("trust proxy", "loopback"),
};
const NO_LIMIT = { max: 1_000_000_000, window: 3600 };

test("10,000 numbers over 2,000 networks get the country's budget but for the fifth kept for proved numbers, and others go on (C202)", async () => {
  const bare = await serve({
    ...open,
    options: {
      countries: ["US", "AF"],
      maxPerDay: 1_000_000_000,
      limits: { network: NO_LIMIT, country: NO_LIMIT, all: NO_LIMIT, number: NO_LIMIT },
    },
  });
  await pump(bare, UNGUARDED);
  const guarded = await serve({ ...open, options: { countries: ["US", "AF"] } });
  await pump(guarded);
  const served = await serve(open);
  await pump(served, NOT_SERVED);
  const line =
    `Text pumping, numbers of one dear country over ${NETWORKS} networks: ` +
    `${UNGUARDED} get ${bare.sent.length} texts without budgets, ${NUMBERS} get ${guarded.sent.length} with them, ` +
    `${NOT_SERVED} get ${served.sent.length} where the country is not served.`;
  process.stdout.write(`${line}\n`);
  expect(bare.sent).toHaveLength(UNGUARDED);
  expect(guarded.sent).toHaveLength(400);
  expect(served.sent).toHaveLength(0);

  const client = guarded.client();
  expect((await client.ask({ number: "+12025550123" })).status).toBe(200);
  expect((await client.answer(guarded.lastCode())).status).toBe(200);
  const alarms = guarded.events.filter(({ type }) => type === "budget_exhausted");
  expect(alarms).toEqual([expect.objectContaining({ reason: "country3600", country: "AF" })]);
}, 300_000);
