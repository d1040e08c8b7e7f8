/** Where the endpoints stand below the mount path. */

/** Paths of the endpoints, below the mount path. */
export const PATHS = {
  request: "/request-auth",
  validate: "/validate-auth",
  status: "/status",
} as const;
