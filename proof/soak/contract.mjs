/** Whether an answer is one that the contract knows: its status, its problem code, its type and its headers. */

import { load } from "../../bench/subject.mjs";

const { REFUSAL_CODES, statusOf } = load("outcome/errors.js");

const ISSUED = ["sent", "pending", "verified"];
const WHOLE_SECONDS = /^[1-9]\d*$/;

/** What is wrong with an answer, in a few words; nothing where it is as it should be. */
export function breachOf({ path, isPage }, answer) {
  const { status, headers } = answer;
  if (status === 204 && path.startsWith("/2fa/delivery-status")) return undefined;
  if (headers["cache-control"] !== "no-store" && isOurs(path)) return `${status} may be cached`;
  if (status === 429 || status === 503) {
    if (!WHOLE_SECONDS.test(headers["retry-after"] ?? "")) return `${status} without Retry-After`;
  }
  const type = headers["content-type"] ?? "";
  if (isPage && type.startsWith("text/html")) return breachOfPage(answer);
  if (status === 303 && isPage && /^\//.test(headers.location ?? "")) return undefined;
  if (status === 200) return breachOfJson(path, type, answer);
  return breachOfProblem(type, answer);
}

// The app's own answers may be kept, but for those of its guards, which are told by their problems.
function isOurs(path) {
  return path.startsWith("/2fa") && !/\.(css|js)$/.test(path);
}

function breachOfPage({ status }) {
  const isKnown = [200, 400, 403, 413, 415, 422, 429, 503].includes(status);
  return isKnown ? undefined : `a page of status ${status}`;
}

function breachOfJson(path, type, { text }) {
  if (!type.startsWith("application/json")) return `200 of type ${type}`;
  const json = parse(text);
  if (typeof json !== "object" || json === null) return "200 that is no JSON";
  if (path === "/2fa/request-auth" && !ISSUED.includes(json.status)) return "an unknown outcome";
  if (path === "/2fa/validate-auth" && json.status !== "verified") return "200, not verified";
  return undefined;
}

function breachOfProblem(type, { status, text }) {
  if (!type.startsWith("application/problem+json")) return `${status} of type ${type}`;
  const { code, status: told } = parse(text) ?? {};
  if (!REFUSAL_CODES.includes(code)) return `${status} of code ${code}`;
  return statusOf(code) === status && told === status ? undefined : `${status} of code ${code}`;
}

/** JSON, or nothing. */
export function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
