/** An app's own test, as Node's runner runs it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { passSecondFactor } from "express-sms-2fa/testing";
import request from "supertest";
import app from "./app.cjs";

test("the account opens after the second factor", async () => {
  const agent = request.agent(app.makeApp());
  assert.equal((await agent.get("/account")).status, 403);
  await passSecondFactor(agent, { outbox: app.texts });
  assert.equal((await agent.get("/account")).text, "yours");
});
