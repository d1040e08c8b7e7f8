// A Fastify app through its Express bridge: the session, the router and the guard are Express', the routes Fastify's.
import express from "@fastify/express";
import session from "express-session";
import { twoFactor } from "express-sms-2fa";
import { outbox } from "express-sms-2fa/outbox";
import Fastify from "fastify";

const texts = outbox({ print: false });
const { router, require2fa, reset } = twoFactor({
  secret: "a secret for the codes of this test, which is long",
  user: (req) => req.session.user,
  sender: texts,
  appName: "Acme",
});

// As forgiving as it gets: what Fastify takes for the guarded path has to be that for the guard too.
const routerOptions = {
  caseSensitive: false,
  ignoreDuplicateSlashes: true,
  ignoreTrailingSlash: true,
  useSemicolonDelimiter: true,
};
const app = Fastify({ routerOptions });
await app.register(express);
app.use(session({ secret: "for this test", resave: false, saveUninitialized: false }));
app.use("/2fa", router);
app.use("/account", require2fa());
app.post("/sign-in", async ({ raw }) => {
  raw.session.user = { id: "ann", phone: "+12025550123" };
  return {};
});
app.get("/account", async ({ raw }) => ({ account: raw.session.user.id }));
// The guard as a hook of the route itself, which no spelling of a path gets round.
const guard = require2fa({ maxAge: 600 });
const preHandler = ({ raw }, reply, done) => guard(raw, reply.raw, done);
app.get("/by-route-hook", { preHandler }, async ({ raw }) => ({ account: raw.session.user.id }));
app.post("/log-out", async ({ raw }) => {
  await reset(raw);
  await new Promise((resolve) => raw.session.destroy(resolve));
  return {};
});
app.get("/texts", async () => texts.messages);
await app.listen({ port: 0, host: "127.0.0.1" });
process.send({ port: app.server.address().port });
