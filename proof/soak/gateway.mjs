/** The fake of SignalWire that the package ships, made to fail, and its own book of what it did for each number. */

import { load } from "../../bench/subject.mjs";
import { oneOf } from "./random.mjs";

const { startFakeApi } = load("fake-signalwire/api.js");
export const { FAKE_ACCOUNT } = load("fake-signalwire/server.js");

const refuse = (status, code, headers) => ({ do: "refuse", status, code, headers });
const told = (status, body) => ({ do: "answer", status, body });
// Well beyond the two seconds that the app waits.
const LATE_MS = 3500;

/**
 * What the gateway does to a text: `taken` is in its book as a text of the phone's, `refused` surely never left, and of the
 * `unclear` the app can't know.
 */
const FAULTS = {
  "4xx": { book: "refused", make: (random) => refuse(400, oneOf(random, [21610, 21211, 10000])) },
  401: { book: "refused", make: () => refuse(401, 20003) },
  429: { book: "refused", make: () => refuse(429, 20429, { "Retry-After": "1" }) },
  "5xx": {
    book: "unclear",
    make: (random) => told(oneOf(random, [500, 502, 503]), "Service Unavailable"),
  },
  garbage: {
    book: "unclear",
    make: (random) => told(oneOf(random, [200, 201]), oneOf(random, ["<html>", "", "[]", "{"])),
  },
  flood: { book: "unclear", make: () => ({ do: "flood", bytes: 200_000 }) },
  hang: { book: "unclear", make: () => ({ do: "hang" }) },
  drop: { book: "unclear", make: () => ({ do: "drop", when: "after" }) },
  cut: { book: "unclear", make: () => ({ do: "cut", status: 201 }) },
  raw: { book: "unclear", make: () => ({ do: "raw", text: "HTTP/1.1 201 OK\r\n\r\nno JSON" }) },
  trickle: { book: "unclear", make: () => ({ do: "trickle", everyMs: 50 }) },
  late: {
    book: "unclear",
    make: () => ({ do: "wait", until: new Promise((resolve) => setTimeout(resolve, LATE_MS)) }),
  },
};

export const GATEWAY_FAULTS = Object.keys(FAULTS);
// While it fails, some texts pass all the same.
const SHARE = 0.7;

/** Starts it; `onText` hears of each text that it has taken. */
export async function startGateway(random, onText) {
  const book = new Map();
  const pageOf = (number) => {
    let page = book.get(number);
    if (page === undefined)
      book.set(number, (page = { good: 0, refused: 0, unclear: 0, taken: 0 }));
    return page;
  };
  let failing;
  const api = await startFakeApi({
    account: FAKE_ACCOUNT,
    keep: 0,
    behaviourFor: (to) => {
      const fault = failing !== undefined && random() < SHARE ? FAULTS[failing] : undefined;
      pageOf(to)[fault?.book ?? "good"] += 1;
      return fault?.make(random);
    },
    onMessage: (message) => {
      pageOf(message.to).taken += 1;
      onText(message);
    },
  });
  return {
    url: api.url,
    book,
    begin: (fault) => {
      failing = fault;
    },
    end: (fault) => {
      if (failing === fault) failing = undefined;
    },
    hangUp: () => api.hangUp(),
    close: () => api.close(),
  };
}
