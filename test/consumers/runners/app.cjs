/** An app as its tests import it: guarded, with the test kit's outbox. */

"use strict";

const express = require("express");
const session = require("express-session");
const { twoFactor } = require("express-sms-2fa");
const { outbox, testLimits } = require("express-sms-2fa/testing");

exports.texts = outbox();
exports.makeApp = () => {
  const app = express();
  app.use(session({ secret: "of this test", resave: false, saveUninitialized: false }));
  const { router, require2fa } = twoFactor({
    secret: "only this test knows it: 51f0a7c29be8",
    user: () => ({ id: "ann", phone: "+12025550123" }),
    sender: exports.texts,
    appName: "Acme",
    limits: testLimits,
  });
  app.use("/2fa", router);
  app.get(["/account", "/api/account"], require2fa(), (_req, res) => res.send("yours"));
  return app;
};
