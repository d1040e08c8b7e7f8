/** Part 9: time from request to answer with the first of two gateways hanging: with the breaker of failover(), and without. */

import { once } from "node:events";
import { createServer } from "node:http";
import net from "node:net";
import { createRequire } from "node:module";
import process from "node:process";
import { median, timeOf } from "../measure.mjs";
import { load } from "../subject.mjs";
import { startSignalWireApi } from "../typescript.mjs";

const require = createRequire(import.meta.url);
const express = require("express");
const session = require("express-session");
const { twoFactor } = load("index.js");
const { failover } = load("senders/failover.js");
const { twilio } = load("senders/twilio/index.js");

/** Seconds that each gateway gets here: a fifth of the default, so that the bench ends. */
const TIMEOUT = 1;
const ACCOUNT = {
  project: "AC0123456789abcdef0123456789abcdef",
  user: "AC0123456789abcdef0123456789abcdef",
  token: "fedcba9876543210fedcba9876543210",
};

/** Where a first gateway hangs: before its connection stands, or with the text in its hands. */
const HANGS = { connecting: "https", answering: "http" };

export async function measureFailover({ isQuick }) {
  // That texts fail is what is measured: the warnings of it say no more.
  process.removeAllListeners("warning");
  process.on("warning", () => undefined);
  const figures = { timeout: TIMEOUT, texts: isQuick ? 10 : 20 };
  for (const [hang, scheme] of Object.entries(HANGS)) {
    figures[hang] = await measureHang(scheme, figures.texts);
  }
  return figures;
}

async function measureHang(scheme, texts) {
  const silent = net.createServer((socket) => socket.on("error", () => undefined));
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const api = await startSignalWireApi({ account: ACCOUNT });
  const gateways = () =>
    [`${scheme}://127.0.0.1:${silent.address().port}`, api.url].map((apiBaseUrl) =>
      twilio({
        apiBaseUrl,
        accountSid: ACCOUNT.project,
        authToken: ACCOUNT.token,
        number: api.number,
        timeout: TIMEOUT,
      }),
    );
  const subjects = {
    with: await serve(failover(gateways(), { timeout: TIMEOUT })),
    without: await serve(inOrder(gateways())),
  };
  const results = { with: [], without: [] };
  try {
    for (let text = 0; text < texts; text += 1) {
      for (const [name, { ask }] of Object.entries(subjects)) results[name].push(await ask(text));
    }
  } finally {
    for (const { close } of Object.values(subjects)) close();
    await api.close();
    silent.close();
  }
  return Object.fromEntries(
    Object.entries(results).map(([name, told]) => [
      name,
      {
        medianMs: median(told.map(({ ms }) => ms)),
        waited: told.filter(({ ms }) => ms > TIMEOUT * 900).length,
        sent: told.filter(({ status }) => status === 200).length,
      },
    ]),
  );
}

/** The same rule without a breaker: the next where the one before has surely not sent. */
function inOrder(senders) {
  return async (message) => {
    let last;
    for (const sender of senders) {
      try {
        return await sender(message);
      } catch (error) {
        last = error;
        if (error.mayStillArrive || error.code === "cannot_text_number") break;
      }
    }
    throw last;
  };
}

/** An app whose users ask once each; `ask` gives the status and the time. */
async function serve(sender) {
  const app = express();
  app.use(session({ secret: "bench", resave: false, saveUninitialized: false }));
  const user = (req) => ({ id: req.get("x-user"), phone: req.get("x-phone") });
  const secret = "0123456789abcdefghijklmnopqrstuv";
  const { router } = twoFactor({ secret, user, sender, appName: "Acme", onEvent: () => undefined });
  app.use("/2fa", router);
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}/2fa/request-auth`;
  return {
    async ask(index) {
      const headers = { "x-user": `user${index}`, "x-phone": `+1202555${1000 + index}` };
      let status;
      const ms = await timeOf(async () => {
        const response = await fetch(url, { method: "POST", headers });
        status = response.status;
        await response.arrayBuffer();
      });
      return { status, ms };
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
