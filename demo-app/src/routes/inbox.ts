/** Shows the texts that were not sent. Mounted only where none is. */

import { Router, type RequestHandler } from "express";
import { wantsPage, type Answers } from "../http/answers";
import { inboxPage } from "../pages/inbox-page";
import type { Inbox } from "../texts/inbox";

/**
 * Answers with the texts alone, for the script that looks for new ones. Mounted in front of the session: it is
 * asked all the time, and would else keep every session alive, and send an old cookie after a new one.
 */
export function inboxFeed(inbox: Inbox): RequestHandler {
  return async (_req, res) => {
    res.json(await inbox.texts());
  };
}

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
