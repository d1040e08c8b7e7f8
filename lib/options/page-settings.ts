/** The options of the pages as the inside reads them: checked once, complete, defaults filled in. */

import { isPath, readFunction, readPath, refuse, refuseUnknown } from "../std/option-checks";
import type {
  Alternatives,
  FormFields,
  OnPhoneChange,
  PageLayout,
  PagesOptions,
  SavePhone,
} from "./options";
import { parseUrl } from "../std/url";

/** The pages' options, defaults filled in. */
export interface PageSettings {
  homePath: string;
  logOutPath: string | undefined;
  logInPath: string | undefined;
  supportUrl: string | undefined;
  savePhone: SavePhone | undefined;
  onPhoneChange: OnPhoneChange | undefined;
  endSessionsPath: string | undefined;
  alternatives: Alternatives | undefined;
  classPrefix: string;
  layout: PageLayout | undefined;
  csrf: false | FormFields | undefined;
}

const PAGES: Record<keyof PagesOptions, true> = {
  homePath: true,
  logOutPath: true,
  logInPath: true,
  supportUrl: true,
  savePhone: true,
  onPhoneChange: true,
  endSessionsPath: true,
  alternatives: true,
  classPrefix: true,
  layout: true,
  csrf: true,
};

/** Checks the option `pages`. */
export function readPages(value: unknown, user: unknown): PageSettings | undefined {
  if (value === undefined || value === false) return undefined;
  if (user === "from-request") {
    throw new TypeError(
      'Expected `pages` to be absent or false with `user: "from-request"`: they are for users who ' +
        "are signed in, and ask nobody for a number.",
    );
  }
  const options = value === true ? {} : value;
  refuseUnknown("`pages`", options, PAGES);
  const given: Partial<Record<keyof PagesOptions, unknown>> = options;
  const { csrf } = given;
  return {
    homePath: readPath("pages.homePath", given.homePath) ?? "/",
    logOutPath: readPath("pages.logOutPath", given.logOutPath),
    logInPath: readPath("pages.logInPath", given.logInPath),
    supportUrl: readSupportUrl(given.supportUrl),
    ...readEnrolment(given),
    alternatives: readFunction(
      "pages.alternatives",
      given.alternatives,
    ) as PageSettings["alternatives"],
    classPrefix: readPrefix(given.classPrefix),
    layout: readFunction("pages.layout", given.layout) as PageSettings["layout"],
    csrf: csrf === false ? false : (readFunction("pages.csrf", csrf) as PageSettings["csrf"]),
  };
}

function readEnrolment(
  given: Partial<Record<keyof PagesOptions, unknown>>,
): Pick<PageSettings, "savePhone" | "onPhoneChange" | "endSessionsPath"> {
  const savePhone = readFunction("pages.savePhone", given.savePhone) as PageSettings["savePhone"];
  for (const option of ["onPhoneChange", "endSessionsPath"] as const) {
    if (given[option] !== undefined && savePhone === undefined) {
      throw new TypeError(
        `Expected \`pages.savePhone\` beside \`pages.${option}\`: without it no number is saved.`,
      );
    }
  }
  return {
    savePhone,
    onPhoneChange: readFunction(
      "pages.onPhoneChange",
      given.onPhoneChange,
    ) as PageSettings["onPhoneChange"],
    endSessionsPath: readPath("pages.endSessionsPath", given.endSessionsPath),
  };
}

function readSupportUrl(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const isGood =
    typeof value === "string" &&
    (isPath(value) || (/^(?:https|mailto):/.test(value) && parseUrl(value) !== undefined));
  return isGood
    ? value
    : refuse("pages.supportUrl", "to be a path, or a URL of https or mailto", value);
}

function readPrefix(value: unknown): string {
  if (value === undefined) return "sms2fa";
  return typeof value === "string" && /^[a-z][a-z0-9-]{0,31}$/i.test(value)
    ? value
    : refuse(
        "pages.classPrefix",
        "to begin with a letter, and to hold letters, digits and -",
        value,
      );
}
