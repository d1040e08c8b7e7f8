/** An app's own test, as Vitest runs it. */

import { passSecondFactor } from "express-sms-2fa/testing";
import request from "supertest";
import { expect, test } from "vitest";
import { makeApp, texts } from "./app.cjs";

test("the account opens after the second factor", async () => {
  const agent = request.agent(makeApp());
  expect((await agent.get("/account")).status).toBe(403);
  await passSecondFactor(agent, { outbox: texts });
  expect((await agent.get("/account")).text).toBe("yours");
});
