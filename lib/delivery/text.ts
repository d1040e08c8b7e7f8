/** Composes the text that carries a one-time code. */

import { wordingOf, type Locale } from "./wording";

/** What a text says. `appName` and `host` as `readAppName` and `readOrigin` give them. */
export interface TextContent {
  appName: string;
  code: string;
  /** Whole minutes for which the code stays good. */
  minutes: number;
  locale: Locale;
  /** The one host that a browser may fill the code in for. Never take it from a request. */
  host?: string | undefined;
}

/**
 * The whole text: the code first, its digits together; the app's name; its life; a warning. With
 * `host`, the last line binds the code to that host (WICG sms-one-time-codes), so that no browser
 * offers it on a page that imitates the app.
 */
export function composeText({ appName, code, minutes, locale, host }: TextContent): string {
  const { names, expires, warns } = wordingOf(locale);
  const sentences = `${names(code, appName)} ${expires(minutes)} ${warns}`;
  return host === undefined ? sentences : `${sentences}\n\n@${host} #${code}`;
}
