/** Part 7: texts a second through SignalWire's client: with this package's sender, and as it is shipped. */

import { createRequire } from "node:module";
import { interleave, median, ratio, rateOf } from "../measure.mjs";
import { has, load } from "../subject.mjs";
import { startSignalWireApi } from "../typescript.mjs";

const require = createRequire(import.meta.url);
const { signalwire } = load(
  has("senders/signalwire/index.js") ? "senders/signalwire/index.js" : "senders/signalwire.js",
);
const { RestClient } = require("@signalwire/compatibility-api");

export async function measureSending({ isQuick }) {
  const api = await startSignalWireApi();
  try {
    const { url, project, token, number } = api;
    const sender = signalwire({ apiBaseUrl: url, project, token, number });
    const text = "123456 is your Acme code. It expires in 10 minutes. Do not share it.";
    const to = "+12025550123";
    const { signal } = new AbortController();
    const says = { text, channel: "sms", code: "123456", locale: "en", purpose: "" };
    const ours = () => sender({ to, ...says, validFor: 600, signal });

    const client = RestClient(project, token, { signalwireSpaceUrl: "example.signalwire.com" });
    client.api.baseUrl = url;
    const shipped = () => client.messages.create({ to, from: number, body: text });

    const block = (act) => () => rateOf(act, { count: 50, atOnce: 1 });
    const opened = {};
    const counting = (name, act) => async () => {
      const before = api.connections;
      const rate = await block(act)();
      opened[name] = (opened[name] ?? 0) + api.connections - before;
      return rate;
    };
    const subjects = { ours: counting("ours", ours), shipped: counting("shipped", shipped) };
    const rates = await interleave(subjects, isQuick ? 8 : 20);
    const texts = 50 * (rates.ours.length + 1);
    return {
      ratio: ratio(rates.ours, rates.shipped),
      perSecond: { ours: median(rates.ours), shipped: median(rates.shipped) },
      connectionsPerText: { ours: opened.ours / texts, shipped: opened.shipped / texts },
    };
  } finally {
    await api.close();
  }
}
