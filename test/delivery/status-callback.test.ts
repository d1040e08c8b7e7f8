/** A sender that leaves out where its gateway is to report: its developer is told, once. */

import type { Sender } from "../../lib";
import { failover } from "../../lib/senders/failover";
import { signalwire } from "../../lib/senders/signalwire/index";
import { serve } from "../fakes/app";
import { PUBLIC_URL, SIGNING_KEY } from "../fakes/reporting";
import { startSignalWireApi } from "../fakes/signalwire-api";

const deliveryStatus = { publicUrl: PUBLIC_URL, signingKey: SIGNING_KEY };

/** What the terminal says of callbacks after two texts through `sender`. */
async function toldBy(sender: Sender, isTelling = true): Promise<string[]> {
  const spy = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const s = await serve({ options: { sender, ...(isTelling && { deliveryStatus }) } });
  for (const id of ["ann", "bob"]) await (await s.signedIn(id)).ask();
  const sentences = spy.mock.calls.map(([sentence]) => String(sentence));
  spy.mockRestore();
  return sentences.filter((each) => each.includes("statusCallback"));
}

test("one that leaves it out is named, once", async () => {
  expect(await toldBy(function forgetful() {})).toEqual([
    expect.stringMatching(/^`deliveryStatus` is set, but forgetful has sent a text without/),
  ]);
});

test("one without a name is the sender", async () => {
  expect(await toldBy(() => undefined)).toEqual([
    expect.stringContaining("but the sender has sent a text"),
  ]);
});

test("behind failover() the one that has sent is named, and none that has not", async () => {
  function refusing(): never {
    throw Object.assign(new Error("no"), { status: 400 });
  }
  function careless(): void {}
  expect(await toldBy(failover([refusing, careless]))).toEqual([
    expect.stringContaining("but careless has sent a text"),
  ]);
});

test("a callback of the app's own for signalwire() is told of", async () => {
  const api = await startSignalWireApi();
  const { url: apiBaseUrl, project, token, number } = api;
  const statusCallback = "https://app.acme.example/mine";
  const told = await toldBy(signalwire({ apiBaseUrl, project, token, number, statusCallback }));
  expect(told).toEqual([expect.stringContaining("but signalwire has sent a text")]);
  await api.close();
});

test.each<[string, Sender, boolean]>([
  ["takes it", ({ statusCallback }) => statusCallback, true],
  ["hands all of it on", (message) => JSON.stringify({ ...message, signal: undefined }), true],
  ["sends nothing", () => false, true],
  ["is asked for no reports", function unasked() {}, false],
])("nothing is said of one that %s", async (_what, sender, isTelling) => {
  expect(await toldBy(sender, isTelling)).toEqual([]);
});
