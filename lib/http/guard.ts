/** The guard: lets a request pass once its session is verified, and answers in every other case. */

import type { Request, Response } from "express";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Descriptions } from "../request/descriptions";
import { circumstances, factsOf } from "../request/facts";
import { isRequiredOf } from "../request/requirement";
import { isProduction } from "../std/option-checks";
import { TwoFactorError } from "../outcome/errors";
import type { EmitEvent } from "../outcome/events";
import { LONGEST_MARK, readGuardOptions, type GuardSettings } from "../options/guard-settings";
import type { GuardOptions } from "../options/options";
import { refusal, refusalOf, type Refusal } from "../outcome/refusal";
import { networkOf } from "../request/network";
import { sessionOf } from "../session/session";
import type { Settings } from "../options/settings";
import { chain, isThenable, type MaybePromise } from "../std/maybe-promise";
import type { Browsers } from "../remembered/browsers";
import type { Marks } from "../verification/marks";
import type { Passer, Subscribers } from "../request/subscriber";
import { failWith, type Handler, type Next } from "./handler";
import type { GuardPlace } from "./learnt-bases";
import type { Mount } from "./mount";
import { isNavigation } from "./navigation";
import { problemOf } from "./problem";
import { answerRefusal, isAnswerable, isAnswered, refuseConnection } from "./response";
import { PATHS } from "./paths";

/** Where a demand of a guard's leads. */
export interface GuardDemand {
  /** The mount path. */
  base: string;
  purpose: string;
  /** Seconds. */
  maxAge: number;
}

/** What guards need of the pages: they know none themselves. */
export interface GuardPages {
  /** What is served below the mount path. */
  readonly paths: readonly string[];
  /** The address of the page that asks for what is demanded. */
  addressOf(demand: GuardDemand): string;
  /** Sends a navigation there, and from there back. */
  takeIn(req: IncomingMessage, res: ServerResponse, demand: GuardDemand): void;
  /** Sends a navigation of nobody's to the log-in, and from there back. */
  askToSignIn(req: IncomingMessage, res: ServerResponse, base: string): Promise<void>;
  /** Tells a navigation that nothing can be checked just now. */
  tellTrouble(
    req: IncomingMessage,
    res: ServerResponse,
    trouble: { base: string; refused: Refusal },
  ): Promise<void>;
}

/** What the guards of one `twoFactor()` work with. */
export interface GuardParts {
  settings: Settings;
  subscribers: Subscribers;
  descriptions: Descriptions;
  marks: Marks;
  /** Absent where no browsers are remembered. */
  browsers: Browsers | undefined;
  mount: Mount;
  pages: GuardPages | undefined;
  emit: EmitEvent;
}

/** Makes `require2fa`. */
export function makeRequire2fa(parts: GuardParts): (options?: GuardOptions) => Handler {
  const { settings, mount, pages, emit } = parts;
  const unmistakable = [PATHS.request, PATHS.validate, PATHS.delivery];
  const endpoints = { all: Object.values<string>(PATHS), unmistakable };
  // Without its slash the mount path is the page's address too.
  const withPages = { all: [...endpoints.all, ...(pages?.paths ?? []), ""], unmistakable };
  // At the root there are no pages: "/" is the app's own.
  const isPaged = () => pages !== undefined && !mount.paths.includes("");
  return (options = {}) => {
    const guard = readGuardOptions(options, settings);
    const place: GuardPlace = {};
    const turnAway = async (refused: Refused, { req, res, next }: Call): Promise<void> => {
      const refuse = (): Promise<void> => {
        const { code, error } = refused;
        const purpose = guard.purpose === "" ? {} : { purpose: guard.purpose };
        emit({ type: "guard_refused", code, ...purpose, ...circumstances(req, error) }, error);
        return answer(refused, { guard, mount, place, pages, req, res });
      };
      // Nobody's `next` either: what guards an upgrade with `{}` seldom looks at the error that it is given.
      if (!isAnswerable(req, res)) return refuse();
      // What the router does not serve after all is refused too, never passed on.
      const goOnWith: Next = (error) => {
        if (error === undefined) refuse().catch(failWith(next));
        else next(error);
      };
      if (!mount.serve(req, res, goOnWith, isPaged() ? withPages : endpoints)) await refuse();
    };
    return (req, res, next) => {
      const settle = (refused: Refused | undefined): void => {
        if (refused === undefined) letPass(req, res, next);
        else turnAway(refused, { req, res, next }).catch(failWith(next));
      };
      const checked = check(parts, guard, { req, res });
      if (isThenable(checked)) {
        // Read while it is there: the client may hang up.
        networkOf(req);
        checked.then(settle).catch(failWith(next));
      } else settle(checked);
    };
  };
}

interface Call {
  req: IncomingMessage;
  res: ServerResponse;
  next: Next;
}

function letPass(req: IncomingMessage, res: ServerResponse, next: Next): void {
  if (isAnswerable(req, res)) {
    // Who has been told of a time limit must not find the thing done.
    if (isAnswered(res)) return;
    // A page that needed a proof is not for a cache, nor for Back after log-out (ASVS 14.3.2).
    res.setHeader("Cache-Control", "no-store");
  }
  next();
}

type Refused = Refusal & { error?: unknown };

/** Why a request may not pass, if it may not. Whatever is thrown on the way is a refusal. */
function check(
  parts: GuardParts,
  { purpose, maxAge, isForRemembered }: GuardSettings,
  { req, res }: Pick<Call, "req" | "res">,
): MaybePromise<Refused | undefined> {
  const { settings, subscribers, descriptions, marks, browsers, emit } = parts;
  try {
    const session = sessionOf(req);
    if (!isProduction())
      session.watch((fault) => {
        emit(undefined, fault);
      });
    const kept = session.readMarks();
    const verdict = chain(subscribers.toPass(req, kept, purpose), (found) => {
      // There is nobody to ask for a second factor.
      if (!found.ok) return found.code === "not_signed_in" ? found : REQUIRED;
      const { passer } = found;
      const { subject, number, user } = passer;
      const isRemembered = (): MaybePromise<boolean> =>
        isForRemembered && browsers !== undefined
          ? browsers.recognise(req, isAnswerable(req, res) ? res : undefined, passer)
          : false;
      return chain(descriptions.of(req, purpose), (description) => {
        const demand = { marks: kept, subject, phone: number, purpose, description, maxAge };
        return chain(marks.use(req, demand), (use) => {
          if (use?.isSpent === true) tellSpent(parts, req, { passer, purpose, description });
          if (use !== undefined) return undefined;
          return chain(isRemembered(), (isEnough) =>
            isEnough ? undefined : verdictOn(isRequiredOf(settings, req, user)),
          );
        });
      });
    });
    return isThenable(verdict) ? verdict.catch(faultOf) : verdict;
  } catch (error) {
    return faultOf(error);
  }
}

const REQUIRED = refusal("two_factor_required");

function verdictOn(isRequired: MaybePromise<boolean>): MaybePromise<Refused | undefined> {
  return chain(isRequired, (is) => (is ? REQUIRED : undefined));
}

function tellSpent(
  { emit }: GuardParts,
  req: IncomingMessage,
  { passer, ...what }: { passer: Passer; purpose: string; description: string },
): void {
  const facts = factsOf(passer, { ...what, network: networkOf(req) });
  emit({ type: "mark_spent", ...facts, ...circumstances(req) });
}

function faultOf(error: unknown): Refused {
  return { ...refusalOf(error), error };
}

interface Answering {
  guard: GuardSettings;
  mount: Mount;
  place: GuardPlace;
  pages: GuardPages | undefined;
  req: IncomingMessage;
  res: ServerResponse;
}

async function answer(refused: Refusal, answering: Answering): Promise<void> {
  const { guard, mount, place, pages, req, res } = answering;
  if (!isAnswerable(req, res)) {
    refuseConnection(req, refused);
    return;
  }
  if (isAnswered(res)) return;
  res.setHeader("Cache-Control", "no-store");
  if (guard.onRequired !== undefined) {
    const { title, detail } = problemOf(refused);
    const error = new TwoFactorError(refused.code, `${title}. ${detail}`);
    await guard.onRequired(req as Request, res as unknown as Response, error);
    return;
  }
  const base = mount.baseFor(req, place);
  const isRequired = refused.code === "two_factor_required";
  const isForPage = pages !== undefined && isNavigation(req);
  if ((isRequired || isForPage) && base === undefined) mount.tellUnknown();
  // At the root there are no pages: "/" is the app's own.
  if (isForPage && base !== undefined && base !== "") {
    const { purpose, maxAge } = guard;
    if (isRequired) pages.takeIn(req, res, { base, purpose, maxAge });
    else if (refused.code === "not_signed_in") await pages.askToSignIn(req, res, base);
    else await pages.tellTrouble(req, res, { base, refused });
    return;
  }
  answerRefusal(res, refused, isRequired ? directions(base, guard, pages) : {});
}

/** Where to verify, and with which fields: a proof that is too old is not asked for anew by itself. */
function directions(
  base: string | undefined,
  { purpose, maxAge }: GuardSettings,
  pages: GuardPages | undefined,
): object {
  const isPaged = pages !== undefined && base !== "";
  const ask = {
    ...(purpose !== "" && { purpose }),
    ...(maxAge < LONGEST_MARK && { fresh: true }),
  };
  return {
    ...(base !== undefined && {
      verifyAt: {
        request: base + PATHS.request,
        validate: base + PATHS.validate,
        ...(isPaged && { page: pages.addressOf({ base, purpose, maxAge }) }),
      },
    }),
    ...(Object.keys(ask).length > 0 && { ask }),
  };
}
