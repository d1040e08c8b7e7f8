/** Says whether this process can serve: whether its store answers. */

import { Router } from "express";
import type { Stores } from "../stores/stores";

/** Makes the route, which needs no session. */
export function healthRoutes({ check }: Pick<Stores, "check">): Router {
  const router = Router();
  router.get("/healthz", async (_req, res) => {
    const isUp = await check().then(
      () => true,
      () => false,
    );
    res.status(isUp ? 200 : 503).json({ status: isUp ? "ok" : "unavailable" });
  });
  return router;
}
