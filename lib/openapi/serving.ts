/** Serves the document below the mount path, to whoever asks. */

import type { IncomingMessage } from "node:http";
import { answerJson, refuseMethod, type Exchange } from "../http/response";
import { isReading, targetOf } from "../http/request-target";
import type { OpenApiDocument } from "./document";

const PATH = "/openapi.json";

/** Answers what asks for the document; false where something else is asked for. */
export function serveDocument(
  exchange: Exchange,
  path: string,
  documentAt: (base: string | undefined) => OpenApiDocument,
): boolean {
  if (path !== PATH) return false;
  const { req, res } = exchange;
  if (isReading(req)) answerJson(res, documentAt(baseOf(req)));
  else refuseMethod(exchange, "GET, HEAD");
  return true;
}

/** The path below which the document was found; none where it could be read as another host's, as "//host" is. */
function baseOf(req: IncomingMessage): string | undefined {
  const base = targetOf(req).trimmed.replace(/\/openapi\.json$/, "");
  return /^(?:\/[\w.~%-]+)+$/.test(base) ? base : undefined;
}
