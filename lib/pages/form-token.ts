/** The hidden token that ties a form to its session (cross-site request forgery). */

import type { KeyRing } from "../crypto/keys";
import { isSame, mac } from "../crypto/mac";

/** The hidden field that holds it. */
export const TOKEN_FIELD = "form_token";

/** Makes and checks tokens. */
export class FormTokens {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  /** The token of a session's forms. */
  make(sessionId: string): string {
    return mac(this.#keys[0].form, ["form/1", sessionId]).toString("base64url");
  }

  /** Whether `token` is that of the session's forms, under any secret in force. */
  isGood(token: string, sessionId: string): boolean {
    return this.#keys.some((key) =>
      isSame(key.form, token, mac(key.form, ["form/1", sessionId]).toString("base64url")),
    );
  }
}
