/** Answers what was thrown, and says no more of it than its status. */

import type { ErrorRequestHandler } from "express";
import type { Answers } from "./answers";

/** Makes the handler, which comes last. */
export function answerFaults(answers: Answers): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    // That of a file, which was not sent after all.
    res.set("Cache-Control", "no-store");
    const status = statusOf(error);
    // What a parser throws may hold the body, and so a code: only its status is used.
    if (status >= 500)
      console.error(error instanceof Error ? error.stack : "Something was thrown.");
    const isClients = status < 500;
    const title = isClients ? "The request is not understood" : "Something went wrong";
    const detail = isClients
      ? "Go back, and try again from the page."
      : "It is not your fault. Try again in a moment.";
    answers.problem(req, res, { status, title, detail });
  };
}

function statusOf(error: unknown): number {
  const status = typeof error === "object" && error !== null && "status" in error && error.status;
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}
