/** Writes what the pages answer: documents and redirects that no cache keeps, and their own assets. */

import type { ServerResponse } from "node:http";
import { isAnswered } from "../http/response";
import { queryOf } from "./visit/demand";
import { AFTER_FORM, type Visit } from "./visit/visit";

// For apps without helmet. One that the app has set stays as it is.
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Answers with a document; `isFramed` where the app's own layout is around it. */
export function writePage(
  res: ServerResponse,
  document: string,
  { status, isFramed }: { status: number; isFramed: boolean },
): void {
  if (isAnswered(res)) return;
  const policy = res.getHeader("Content-Security-Policy");
  // What an app's own layout loads is not known here.
  if (policy === undefined && !isFramed) res.setHeader("Content-Security-Policy", POLICY);
  // No other site is to lay its own over a page. Where the app's policy says who may frame it, that counts.
  else if (!saysWhoFrames(policy) && !res.hasHeader("X-Frame-Options")) {
    res.setHeader("X-Frame-Options", "DENY");
  }
  res.statusCode = status;
  guardPrivacy(res);
  res.setHeader("Content-Type", "text/html; charset=utf-8");
  res.setHeader("Content-Length", Buffer.byteLength(document));
  res.end(document);
}

function saysWhoFrames(policy: ReturnType<ServerResponse["getHeader"]>): boolean {
  const policies = [policy ?? ""].flat().join(",");
  return policies.split(/[;,]/).some((directive) => /^\s*frame-ancestors(?:\s|$)/i.test(directive));
}

/** Sends the browser on by GET. */
export function redirect(res: ServerResponse, to: string): void {
  if (isAnswered(res)) return;
  res.statusCode = 303;
  guardPrivacy(res);
  res.setHeader("Location", to);
  res.setHeader("Content-Length", 0);
  res.end();
}

/** Leads on from a form by the code page, which knows whether all is proved that was asked for. */
export function leadOn({ res, base, demand }: Visit): void {
  redirect(res, `${base}/${queryOf(demand, AFTER_FORM)}`);
}

// ASVS 14.3.2: nothing to go back to after log-out. And the address names the page that was wanted, which no
// other site is to hear. `no-referrer` would hide from ourselves where our forms are: `Origin: null`.
function guardPrivacy(res: ServerResponse): void {
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("Referrer-Policy", "same-origin");
  res.setHeader("X-Content-Type-Options", "nosniff");
}

const A_YEAR = 31_536_000;

/** A file of the pages' own. */
export interface Asset {
  type: string;
  text: string;
}

/** Answers with a file of the pages' own, which is named anew when it changes. */
export function writeAsset(res: ServerResponse, { type, text }: Asset): void {
  if (isAnswered(res)) return;
  res.statusCode = 200;
  res.setHeader("Cache-Control", `public, max-age=${A_YEAR}, immutable`);
  res.setHeader("X-Content-Type-Options", "nosniff");
  res.setHeader("Content-Type", `${type}; charset=utf-8`);
  res.setHeader("Content-Length", Buffer.byteLength(text));
  res.end(text);
}
