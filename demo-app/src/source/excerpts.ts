/** Cuts the lines that guard the demo's pages out of its own source, when it starts. */

import { readFileSync } from "node:fs";
import path from "node:path";

/** Lines of one file. */
export interface Excerpt {
  /** Below `demo-app/src`. */
  file: string;
  /** The number of the first line. */
  line: number;
  code: string;
}

/** What a page names the lines by that guard it. */
export type Guarded = "factor" | "account" | "transfer" | "passkeys" | "browsers" | "support";

type Cut = [file: string, from: string, to: string];

// Each from the line that holds the one text to the next that holds the other.
const CUTS: Record<Guarded, Cut[]> = {
  factor: [
    ["app.ts", "return twoFactor({", "logInPath:"],
    ["app.ts", 'channels: ["sms", "call"]', "countries,"],
    ["app.ts", 'app.use("/2fa"', 'app.use("/2fa"'],
  ],
  account: [
    ["routes/account.ts", "const isVerified", "const isVerified"],
    ["routes/account.ts", 'router.get("/account"', "const proof"],
  ],
  transfer: [
    ["app.ts", "purposes: {", "purposes: {"],
    ["routes/transfers.ts", "const isVerified", "const mayTransfer"],
    ["routes/transfers.ts", "router.post(CONFIRM", "router.post(CONFIRM"],
  ],
  passkeys: [
    ["routes/passkeys.ts", "const isFresh", "const mayChange"],
    ["routes/passkeys.ts", "router.get(", "isFresh,"],
  ],
  browsers: [["routes/browsers.ts", "const mayForget", "await forget("]],
  support: [
    ["routes/support.ts", "const guard", "const mayAct"],
    ["routes/support.ts", 'router.get("/support"', 'router.get("/support"'],
  ],
};

const FOLDER = path.join(__dirname, "..", "..", "src");

/** Reads them all; throws where the source is not there, or has changed so that nothing fits. */
export function readExcerpts(): Record<Guarded, Excerpt[]> {
  const read = (of: Guarded): Excerpt[] => CUTS[of].map(cut);
  return {
    factor: read("factor"),
    account: read("account"),
    transfer: read("transfer"),
    passkeys: read("passkeys"),
    browsers: read("browsers"),
    support: read("support"),
  };
}

function cut([file, from, to]: Cut): Excerpt {
  const lines = readFileSync(path.join(FOLDER, file), "utf8").split("\n");
  const first = lines.findIndex((line) => line.includes(from));
  const last = lines.findIndex((line, at) => at >= first && line.includes(to));
  if (first < 0 || last < 0) {
    throw new Error(`Expected a line with \`${first < 0 ? from : to}\` in demo-app/src/${file}.`);
  }
  const chosen = lines.slice(first, last + 1);
  const indents = chosen.filter((line) => line !== "").map((line) => line.search(/\S/));
  const code = chosen.map((line) => line.slice(Math.min(...indents))).join("\n");
  return { file, line: first + 1, code };
}
