/** What people use instead: better-auth's phone-number plugin with its memory adapter, on Express 5. */

import { createRequire } from "node:module";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { phoneNumber } from "better-auth/plugins";
import { postBox } from "./post-box.mjs";

const express = createRequire(import.meta.url)("express");
const TABLES = ["user", "session", "account", "verification"];

/** Its tables are emptied between rounds, since the adapter walks through all rows at each call. */
export async function makeApp() {
  const { send, carry } = postBox();
  const tables = Object.fromEntries(TABLES.map((name) => [name, []]));
  const auth = betterAuth({
    secret: "0123456789abcdef0123456789abcdef",
    baseURL: "http://127.0.0.1",
    trustedOrigins: ["http://127.0.0.1"],
    database: memoryAdapter(tables),
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: "error" },
    plugins: [
      phoneNumber({
        sendOTP: ({ phoneNumber: phone, code }) => {
          send(phone, code);
        },
        signUpOnVerification: { getTempEmail: (phone) => `${phone.slice(1)}@example.com` },
      }),
    ],
  });
  const app = express();
  app.disable("x-powered-by");
  app.use(carry);
  app.all("/api/auth/{*path}", toNodeHandler(auth));
  const forget = () => {
    for (const name of TABLES) tables[name].length = 0;
  };
  return { app, forget };
}
