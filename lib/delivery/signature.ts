/** Reads the two names that a text is signed with: the app's, and the host that its code is bound to. */

import { isIPv4 } from "node:net";
import { parseUrl } from "../std/url";

/** What an option reads as; `why` stands between "Expected `option`" and ", got ...". */
export type SignatureReading = { ok: true; value: string } | { ok: false; why: string };

const LONGEST_NAME = 160;

// Each stands for a character that would treble the price of a text: word processors put them in.
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/[‘’‚‛′´`]/g, "'"],
  [/[“”„‟″«»]/g, '"'],
  [/[\p{Pd}\u2212]/gu, "-"],
  [/…/g, "..."],
  [/\p{Zs}+/gu, " "],
];

/** Reads an app's name, trimmed and with plain quotes, dashes and spaces. */
export function readAppName(name: string): SignatureReading {
  const plain = PLAIN.reduce((text, [fancy, ascii]) => text.replace(fancy, ascii), name)
    .normalize("NFC")
    .trim();
  if (plain === "" || plain.length > LONGEST_NAME) {
    return refuse(`to be a name of 1 to ${LONGEST_NAME} characters`);
  }
  // Line breaks are among them: a second line could pass for the one that binds the code. Joiners
  // stay, for scripts and emoji need them.
  if (/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(plain)) {
    return refuse("to be one line without control or invisible characters");
  }
  if (/@.*#/.test(plain)) {
    return refuse("not to look like the line that binds a code to a host (@host #code)");
  }
  return { ok: true, value: plain };
}

/**
 * Whether a browser could take a line of a text for the one that binds a code to a host: Chromium looks anywhere
 * behind a blank, the specification at a line's beginning.
 */
export function bindsCode(text: string): boolean {
  return /(?:^|\s)@\S+ +#\S/.test(text);
}

/** Reads an app's hash for Google's SMS Retriever: the first 11 characters of a SHA-256 in base64. */
export function readAppHash(hash: string): SignatureReading {
  return /^[A-Za-z0-9+/]{11}$/.test(hash)
    ? { ok: true, value: hash }
    : refuse("to be the 11 letters, digits, + and / that Google's SMS Retriever knows your app by");
}

/** Reads an https origin into the host that the text's last line names. */
export function readOrigin(origin: string): SignatureReading {
  // The URL parser would drop these without a word.
  if (/[\s\p{Cc}\p{Cf}\\]/u.test(origin)) return refuseOrigin("without blanks or backslashes");
  const url = parseUrl(origin.includes("://") ? origin : `https://${origin}`);
  if (url?.protocol !== "https:") return refuseOrigin("with no other scheme");
  if (url.username !== "" || url.password !== "") return refuseOrigin("without a user");
  if (url.port !== "") return refuseOrigin("without a port (a text can't bind a code to one)");
  if (url.pathname !== "/" || /[?#]/.test(origin)) {
    return refuseOrigin("without a path, a query or a fragment");
  }
  if (!isBindable(url.hostname)) {
    return refuseOrigin("with a domain (a text can't bind a code to localhost or an address)");
  }
  if (!origin.includes("://")) return refuseOrigin(`with its scheme: "https://${url.hostname}"`);
  return { ok: true, value: url.hostname };
}

/** Whether browsers can match the host: they look for letters, digits, dots and hyphens. */
function isBindable(host: string): boolean {
  const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
  const labels = host.split(".");
  if (isIPv4(host) || labels.at(-1) === "localhost") return false;
  return host.length <= 253 && labels.every((part) => label.test(part));
}

function refuseOrigin(detail: string): SignatureReading {
  return refuse(`to be an https origin such as "https://app.example.com", ${detail}`);
}

function refuse(why: string): SignatureReading {
  return { ok: false, why };
}
