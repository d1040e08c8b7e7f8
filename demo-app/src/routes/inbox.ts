/** Shows the texts that were not sent. Mounted only where none is. */

import { Router } from "express";
import { wantsPage, type Answers } from "../http/answers";
import { inboxPage } from "../pages/inbox-page";
import type { Inbox } from "../texts/inbox";

/** Makes the route. */
export function inboxRoutes(inbox: Inbox, answers: Answers): Router {
  const router = Router();
  router.get("/dev/inbox", async (req, res) => {
    const texts = await inbox.texts();
    if (wantsPage(req)) answers.page(req, res, inboxPage(texts));
    else res.json(texts.map((text) => ({ ...text, at: new Date(text.at).toISOString() })));
  });
  return router;
}
