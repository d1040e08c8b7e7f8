/** An app's own test, as Jest runs it. */

"use strict";

const request = require("supertest");
const { passSecondFactor } = require("express-sms-2fa/testing");
const { makeApp, texts } = require("./app.cjs");

test("the account opens after the second factor", async () => {
  const agent = request.agent(makeApp());
  expect((await agent.get("/account")).status).toBe(403);
  await passSecondFactor(agent, { outbox: texts });
  expect((await agent.get("/account")).text).toBe("yours");
});
