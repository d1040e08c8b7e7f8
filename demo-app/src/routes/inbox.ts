/** Shows the texts that were not sent. Mounted only where the outbox takes them. */

import { Router } from "express";
import type { Outbox } from "express-sms-2fa/outbox";
import { wantsPage, type Answers } from "../answers";
import { inboxPage } from "../pages/inbox-page";

/** Makes the route. */
export function inboxRoutes(outbox: Outbox, answers: Answers): Router {
  const router = Router();
  router.get("/dev/inbox", (req, res) => {
    const { messages } = outbox;
    if (wantsPage(req)) answers.page(req, res, inboxPage(messages));
    else res.json(messages.map((text) => ({ ...text, at: new Date(text.at).toISOString() })));
  });
  return router;
}
