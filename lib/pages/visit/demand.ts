/** What a visit of the pages is for, as it stands in their address: what to prove, and where to go on. */

import { LONGEST_MARK } from "../../options/guard-settings";
import type { Purposes } from "../../options/purposes";
import { returnPath } from "./return-to";

/** It decides nothing: the guard asks for what it needs, whatever an address says. */
export interface PageQuery {
  /** Empty for the plain second factor. */
  purpose: string;
  /** Seconds that the proof may be old. */
  maxAge: number;
  /** The path to go on to, checked; nothing where there is none that will do. */
  returnTo: string | undefined;
}

/** What an address is read by. */
export interface DemandRules {
  purposes: Purposes;
  /** Paths that nobody is sent back to. */
  exits: readonly string[];
  /** The paths below them that somebody is sent back to. */
  entries?: readonly string[];
}

/** Reads a demand out of a query. What is wrong in it counts as absent. */
export function readDemand(
  query: URLSearchParams,
  { purposes, exits, entries = [] }: DemandRules,
): PageQuery {
  const purpose = query.get("purpose") ?? "";
  const age = query.get("maxAge") ?? "";
  const back = [undefined, ...entries].map((entry) =>
    returnPath(query.get("returnTo"), exits, entry),
  );
  const isAge = /^\d{1,5}$/.test(age) && Number(age) >= 1 && Number(age) <= LONGEST_MARK;
  return {
    purpose: purposes.has(purpose) ? purpose : "",
    maxAge: isAge ? Number(age) : LONGEST_MARK,
    returnTo: back.find((path) => path !== undefined),
  };
}

/** Writes a demand as a query, `more` behind it; empty where there is nothing to say. */
export function queryOf(
  { purpose, maxAge, returnTo }: PageQuery,
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams({
    ...(returnTo !== undefined && { returnTo }),
    ...(purpose !== "" && { purpose }),
    ...(maxAge < LONGEST_MARK && { maxAge: String(maxAge) }),
    ...more,
  }).toString();
  return query === "" ? "" : `?${query}`;
}

/** Whether more is asked for than that this session is verified at all. */
export function isStepUp({ purpose, maxAge }: PageQuery): boolean {
  return purpose !== "" || maxAge < LONGEST_MARK;
}
