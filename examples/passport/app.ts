/** An app with Passport's log-in, and a second factor behind it. Texts are at /inbox. */

import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import express from "express";
import session from "express-session";
import { html, returnPath, twoFactor } from "express-sms-2fa";
import { outbox } from "express-sms-2fa/outbox";
import passport from "passport";
import { Strategy } from "passport-local";

declare global {
  namespace Express {
    interface User {
      id: string;
      phone: string;
    }
  }
}

const salt = randomBytes(16);
const hashOf = (password: string) => scryptSync(password, salt, 32);
const ANN = { id: "ann", phone: "+12025550123", hash: hashOf("a long pass phrase") };

passport.use(
  new Strategy((name, password, done) => {
    const isRight = timingSafeEqual(hashOf(password), ANN.hash) && name === ANN.id;
    done(null, isRight ? ANN : false);
  }),
);
passport.serializeUser((user, done) => done(null, user.id));
passport.deserializeUser((id, done) => done(null, id === ANN.id ? ANN : false));

const app = express();
const secret = () => process.env["SECRET"] ?? randomBytes(32).toString("hex");
app.use(session({ secret: secret(), resave: false, saveUninitialized: false }));
app.use(passport.session());

const texts = outbox();
const { router, require2fa, request, reset } = twoFactor({
  secret: secret(),
  user: (req) => req.user,
  sender: texts,
  appName: "Acme",
  pages: { homePath: "/account", logInPath: "/log-in", logOutPath: "/log-out" },
});
app.use("/2fa", router);

app.get("/log-in", (_req, res) => {
  // No action: it posts to its own address, and `returnTo` stays there.
  const page = html`<!doctype html>
    <title>Log in</title>
    <form method="post">
      <label>Name <input name="username" autocomplete="username" /></label>
      <label>Password <input name="password" type="password" /></label>
      <button>Log in</button>
    </form>`;
  res.send(page.text);
});
const firstFactor = passport.authenticate("local", { failureRedirect: "/log-in" });
app.post("/log-in", express.urlencoded({ extended: false }), firstFactor, async (req, res) => {
  const returnTo = returnPath(req.query["returnTo"]) ?? "/account";
  await request(req); // sends the text; what it refuses, the code page says
  res.redirect(303, `/2fa/?returnTo=${encodeURIComponent(returnTo)}`);
});
app.post("/log-out", async (req, res, next) => {
  await reset(req).catch(console.error);
  req.logOut((error: unknown) => (error ? next(error) : res.redirect(303, "/log-in")));
});

app.get("/inbox", (_req, res) => res.json(texts.messages));
app.get("/account", require2fa(), (req, res) => res.send(`Only for ${req.user!.id}.`));
app.listen(3000);
