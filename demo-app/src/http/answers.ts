/** Answers in the form that was asked for: a page to a browser, JSON to a script. */

import type { Request, RequestHandler, Response } from "express";
import type { Account, Accounts } from "../accounts/accounts";
import { drawPage, type Page } from "../pages/layout";
import { messagePage } from "../pages/message-page";
import { sessionOf, takeNotice } from "./session";

/** Why a request was refused, as in RFC 9457. */
export interface Problem {
  status: number;
  title: string;
  detail: string;
  /** The package's word for it. */
  code?: string;
  /** Whole seconds to wait before another try. */
  retryAfter?: number;
}

/** Whether a browser wants a page. Scripts say that they accept JSON, or anything. */
export function wantsPage(req: Request): boolean {
  return req.get("sec-fetch-dest") === "document" || /\btext\/html\b/.test(req.get("accept") ?? "");
}

export class Answers {
  readonly #accounts: Accounts;
  readonly #hasInbox: boolean;
  readonly #visitors = new WeakMap<Request, Account>();

  constructor(accounts: Accounts, hasInbox: boolean) {
    this.#accounts = accounts;
    this.#hasInbox = hasInbox;
  }

  /** Looks up once who has given the right password in a request's session. */
  readonly meet: RequestHandler = async (req, _res, next) => {
    const account = await this.#accounts.find(sessionOf(req).accountId);
    if (account !== undefined) this.#visitors.set(req, account);
    next();
  };

  /** Takes `account` for the visitor of a request that has just logged in. */
  greet(req: Request, account: Account): void {
    this.#visitors.set(req, account);
  }

  /** Who has given the right password in this session. */
  accountOf(req: Request): Account | undefined {
    return this.#visitors.get(req);
  }

  /** Answers with a page. */
  page(req: Request, res: Response, page: Page, status = 200): void {
    const account = this.accountOf(req);
    const visitor = { account, hasInbox: this.#hasInbox, notice: takeNotice(req) };
    res.status(status).type("html").send(drawPage(page, visitor));
  }

  /** Answers what was done: a browser is led on, where it is told in a sentence; a script gets JSON. */
  done(req: Request, res: Response, path: string, notice?: string): void {
    if (!wantsPage(req)) {
      res.json({ status: "done" });
      return;
    }
    if (notice !== undefined) req.session.notice = notice;
    res.redirect(303, path);
  }

  /** Answers with a refusal: JSON, or `page`, or a page of the same words. */
  problem(req: Request, res: Response, problem: Problem, page?: Page): void {
    const { retryAfter, ...body } = problem;
    if (retryAfter !== undefined) res.set("Retry-After", String(retryAfter));
    if (wantsPage(req)) {
      const { title, detail, status } = problem;
      this.page(req, res, page ?? messagePage(title, detail), status);
      return;
    }
    const text = JSON.stringify({ type: "about:blank", ...body });
    res.status(problem.status).type("application/problem+json").send(text);
  }
}
