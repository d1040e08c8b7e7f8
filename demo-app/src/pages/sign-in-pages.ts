/** The pages in front of the second factor: sign-up and log-in. */

import { html } from "express-sms-2fa";
import { PASSWORD_HINT } from "../accounts/password-rule";
import { field, summary, type Mistake } from "./form";
import type { Page } from "./layout";

/** The number's field, which the page for another number has too. */
export const PHONE_FIELD = {
  name: "phone",
  label: "Phone number",
  type: "tel",
  hint:
    "With its country code, such as +1 202 555 0123. We text it a code when you log in, and use it " +
    "for nothing else.",
  autocomplete: "tel",
} as const;

const NAME_FIELD = { name: "name", label: "Name", type: "text", autocomplete: "username" } as const;
const PASSWORD_FIELD = { name: "password", label: "Password", type: "password" } as const;

/** The sign-up form, with what was entered before. */
export function signUpPage(
  entered: { name: string; phone: string } = { name: "", phone: "" },
  mistakes: readonly Mistake[] = [],
): Page {
  const password = {
    ...PASSWORD_FIELD,
    hint: PASSWORD_HINT,
    autocomplete: "new-password",
  };
  return {
    title: "Sign up",
    hasMistake: mistakes.length > 0,
    isNarrow: true,
    body: html`${summary(mistakes)}
      <h1>Sign up</h1>
      <form method="post" action="/sign-up" novalidate>
        ${field({ ...NAME_FIELD, value: entered.name }, mistakes)} ${field(password, mistakes)}
        ${field({ ...PHONE_FIELD, value: entered.phone }, mistakes)}
        <button>Sign up</button>
      </form>
      <p>You have an account? <a href="/log-in">Log in</a></p>`,
  };
}

/** The log-in form. */
export function logInPage(
  { name = "", hasSignedUp = false }: { name?: string; hasSignedUp?: boolean } = {},
  mistakes: readonly Mistake[] = [],
): Page {
  const password = { ...PASSWORD_FIELD, autocomplete: "current-password" };
  return {
    title: "Log in",
    hasMistake: mistakes.length > 0,
    isNarrow: true,
    body: html`${summary(mistakes)}
      <h1>Log in</h1>
      ${hasSignedUp && html`<p class="notice" role="status">You have signed up. Log in to go on.</p>`}
      <form method="post" action="/log-in" novalidate>
        ${field({ ...NAME_FIELD, value: name }, mistakes)} ${field(password, mistakes)}
        <button>Log in</button>
      </form>
      <p>You have no account? <a href="/sign-up">Sign up</a></p>`,
  };
}

/** The page after the log-out. */
export function loggedOutPage(): Page {
  return {
    title: "You are logged out",
    isNarrow: true,
    body: html`<h1>You are logged out</h1>
      <p>
        The session has ended, and with it the proof of your phone. Nobody opens it by going back.
      </p>
      <p><a class="button" href="/log-in">Log in again</a></p>
      <p><a href="/">Go on with the tour</a></p>`,
  };
}
