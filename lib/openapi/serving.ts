/** Serves the document below the mount path, to whoever asks. */

import type { IncomingMessage } from "node:http";
import { answerJson } from "../http/response";
import { refuseMethod } from "../http/response";
import { type Exchange } from "../http/response";
import { targetOf } from "../http/request-target";
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
  if (req.method === "GET" || req.method === "HEAD") {
    answerJson(res, documentAt(baseOf(req)));
  } else {
    refuseMethod(exchange, "GET, HEAD");
  }
  return true;
}

/** The path below which the document was found; one that a URL can't be taken for. */
function baseOf(req: IncomingMessage): string | undefined {
  const base = targetOf(req).trimmed.replace(/\/openapi\.json$/, "");
  return /^(?:\/[\w.~%-]+)+$/.test(base) ? base : undefined;
}
