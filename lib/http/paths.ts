/** Where the endpoints stand below the mount path. */

import { DELIVERY_PATH } from "../options/delivery-settings";

/** Paths of the endpoints, below the mount path. */
export const PATHS = {
  request: "/request-auth",
  validate: "/validate-auth",
  status: "/status",
  delivery: DELIVERY_PATH,
} as const;
