/** One visit of the pages, and what its request says. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { PageQuery } from "./demand";

/** What is served below the mount path for the pages. */
export const PAGE_PATHS = {
  page: "/",
  code: "/code",
  text: "/text",
  number: "/number",
  numberCode: "/number/code",
  numberText: "/number/text",
  recovery: "/recovery",
  recoveryCodes: "/recovery-codes",
  style: "/pages.css",
  script: "/pages.js",
} as const;

/** Those of them that only an app has which saves numbers. */
export const NUMBER_PATHS: readonly string[] = [
  PAGE_PATHS.number,
  PAGE_PATHS.numberCode,
  PAGE_PATHS.numberText,
];

/** Those that only an app with recovery codes has: where one is typed, and where they are made. */
export const RECOVERY_PATHS: readonly string[] = [PAGE_PATHS.recovery, PAGE_PATHS.recoveryCodes];

/** One visit. */
export interface Visit {
  req: IncomingMessage;
  res: ServerResponse;
  /** The mount path. */
  base: string;
  demand: PageQuery;
  /** Whether a form has led here: then the browser is still under the form's policy. */
  isAfterForm: boolean;
}

const MARK = "notice";

/** What the query of an address says that a form leads to, where it has nothing to tell. */
export const AFTER_FORM = { [MARK]: "on" };

/** Whether a form has led to an address of the pages. */
export function isAfterForm(req: IncomingMessage): boolean {
  return req.method === "POST" || queryIn(req).has(MARK);
}

/** Whether the script of a page that is open asks what has become of its text since. */
export function asksForNews({ headers }: IncomingMessage): boolean {
  return headers.accept === "application/json";
}

/** The query of a request. */
export function queryIn({ url = "" }: IncomingMessage): URLSearchParams {
  const mark = url.indexOf("?");
  return new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
}
