/** The mountable router: from an HTTP request to an endpoint, and back. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { tellRefused } from "../request/fail-closed";
import type { CodeFlow } from "../flows/code-flow";
import type { DeliveryFlow } from "../flows/delivery-flow";
import type { EmitEvent } from "../outcome/events";
import { refusal, type Refusal } from "../outcome/refusal";
import type { Quota } from "../outcome/quota";
import { BODY_ONLY } from "../request/fields";
import { networkOf } from "../request/network";
import { noteEndpoint } from "../request/route";
import { leaveSession } from "../session/session";
import type { Settings } from "../options/settings";
import { readBody, readQuery, type BodyReading } from "./body";
import { takeCallback } from "./delivery-status";
import { failWith, type Handler, type Next } from "./handler";
import { answerJson, answerRefusal, refuseMethod, tell, type Exchange } from "./response";
import { addVary, provenanceOf, refuseProvenance } from "./same-origin";
import { isReading, readTarget } from "./request-target";
import { PATHS } from "./paths";

/** Answers what is asked of the pages or the document; false where it is nothing of theirs. */
type ServeMore = (req: IncomingMessage, res: ServerResponse, path: string, next: Next) => boolean;

/** What the endpoints lead to. */
interface Flows {
  codeFlow: CodeFlow;
  /** Absent where no gateway tells of texts. */
  deliveryFlow: DeliveryFlow | undefined;
}

type Endpoint = (req: IncomingMessage, fields: object, res: ServerResponse) => Promise<Outcome>;
type Outcome = { ok: true; quota?: Quota } | Refusal;

/** Makes the router's handler; what it does not serve goes on to the app. */
export function makeHandler(
  settings: Settings,
  { codeFlow, deliveryFlow }: Flows,
  emit: EmitEvent,
  serveMore: ServeMore,
): Handler {
  const acts = new Map<string, Endpoint>([
    [PATHS.request, (req, fields) => codeFlow.request(req, fields)],
    [PATHS.validate, (req, fields, res) => codeFlow.validate(req, fields, res)],
  ]);

  const served = settings.allowGet ? ["GET", "POST"] : ["POST"];

  async function act(req: IncomingMessage, res: ServerResponse, endpoint: Endpoint): Promise<void> {
    if (!served.includes(req.method ?? "")) {
      refuseMethod({ req, res, emit }, served.join(", "));
      return;
    }
    const read = await readCall(req, settings);
    if (!read.ok) {
      answerRefusal(res, tellRefused(emit, req, read));
      return;
    }
    const outcome = await endpoint(req, read.fields, res);
    if (!outcome.ok && outcome.isSuperseded === true) leaveSession(req);
    if (settings.rateLimitHeaders && outcome.quota !== undefined) tellQuota(res, outcome.quota);
    answer(res, outcome);
  }

  return (req, res, next) => {
    const { trimmed: path } = readTarget(req.url ?? "");
    const endpoint = acts.get(path);
    if (endpoint !== undefined) {
      // Read while it is there: the client may hang up before its body is read.
      networkOf(req);
      noteEndpoint(req, path);
      addVary(res);
      act(req, res, endpoint).catch(failWith(next));
    } else if (path === PATHS.status) {
      noteEndpoint(req, path);
      tellStatus({ req, res, emit }, codeFlow).catch(failWith(next));
    } else if (path === PATHS.delivery && deliveryFlow !== undefined) {
      noteEndpoint(req, path);
      takeCallback({ req, res, emit }, deliveryFlow).catch(failWith(next));
    } else if (!serveMore(req, res, path, next)) {
      next();
    }
  };
}

/** The fields of a call to one of the two endpoints, if it may be made so. */
async function readCall(req: IncomingMessage, settings: Settings): Promise<BodyReading> {
  const provenance = provenanceOf(req, settings.trustedOrigins);
  if (provenance !== "here") return refuseProvenance(provenance);
  if (isPrefetch(req)) {
    return refusal("invalid_request", { detail: "A prefetch sends nothing and checks nothing." });
  }
  return req.method === "GET" ? readOpenQuery(req) : readBody(req);
}

/** The fields of a query, none of which may stay in a history or a log for long. */
function readOpenQuery(req: IncomingMessage): BodyReading {
  const read = readQuery(req);
  if (!read.ok) return read;
  const closed = Object.entries(read.fields).find(
    ([name, value]) => BODY_ONLY.has(name) && value !== "",
  );
  if (closed === undefined) return read;
  return refusal("invalid_request", {
    detail: `Send \`${closed[0]}\` by POST: addresses are kept.`,
  });
}

// The header of today's browsers, and those of older ones and of apps that draw previews.
const PREFETCH_HEADERS = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

/** Whether nobody has asked for this yet: it is fetched ahead, or to be drawn small. */
function isPrefetch({ headers }: IncomingMessage): boolean {
  return PREFETCH_HEADERS.some((name) => /prefetch|prerender|preview/i.test(String(headers[name])));
}

async function tellStatus(exchange: Exchange, endpoints: CodeFlow): Promise<void> {
  const { req, res } = exchange;
  if (isReading(req)) answer(res, await endpoints.status(req));
  else refuseMethod(exchange, "GET, HEAD");
}

/** As in draft-ietf-httpapi-ratelimit-headers-11. */
function tellQuota(res: ServerResponse, { policy, limit, remaining, resetIn }: Quota): void {
  tell(res, "RateLimit-Policy", `"${policy}";q=${limit.max};w=${limit.window}`);
  tell(res, "RateLimit", `"${policy}";r=${remaining};t=${resetIn}`);
}

function answer(res: ServerResponse, outcome: Outcome): void {
  if (!outcome.ok) {
    answerRefusal(res, outcome);
    return;
  }
  const { ok: _ok, quota: _quota, ...body } = outcome;
  answerJson(res, body);
}
