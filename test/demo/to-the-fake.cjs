/** Loaded in front of a started demo: what it sends to its Space goes to the fake at API_URL. */

"use strict";

const https = require("node:https");

const { request } = https;
const { port } = new URL(process.env.API_URL);
// In place of the name server and the certificate authority, and of nothing else.
const agent = new https.Agent({ rejectUnauthorized: false });

https.request = (url, options) => {
  if (url.host !== "example.signalwire.com") throw new Error(`Who is ${url.host}?`);
  return request({ ...options, agent, host: "127.0.0.1", port, path: url.pathname });
};
