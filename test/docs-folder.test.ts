/** The guides of docs/: each refusal and each sentence is explained, and what they name exists. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { twoFactor } from "../lib";
import { REFUSAL_CODES, statusOf } from "../lib/outcome/errors";

const ROOT = join(__dirname, "..");
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), "utf8");

/** Everything that `lib/` says, so that a guide quotes no sentence that is gone. */
function sourceOf(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => read(folder, name))
    .join("\n");
}

const rowsAfter = (text: string, head: RegExp) =>
  (text.slice(text.search(head)).split("\n\n", 1)[0] ?? "")
    .trim()
    .split("\n")
    .slice(2)
    .map((row) => row.split("|")[1]?.trim() ?? "");

const TROUBLESHOOTING = read("docs", "troubleshooting.md");

test("each refusal code has its heading, with its status, and no heading names another", () => {
  const codes = REFUSAL_CODES.map((code) => [code, String(statusOf(code))]);
  const headings = [...TROUBLESHOOTING.matchAll(/^### (.*)$/gm)].map(([, heading = ""]) => {
    const [, code, status] = /^`(\w+)` \((\d+)\)$/.exec(heading) ?? [];
    return [code, status];
  });
  expect(headings.sort()).toEqual(codes.sort());
});

test("the sentences and warning codes of the guide are those of the source", () => {
  const source = sourceOf("lib")
    .replace(/" \+\s*["`]/g, "")
    .replace(/\\`/g, "`");
  const sentences = rowsAfter(TROUBLESHOOTING, /^\| begins with/m);
  expect(sentences.length).toBeGreaterThan(5);
  for (const sentence of sentences) {
    const [, setting] = /^Expected (SIGNALWIRE_|TWILIO_)$/.exec(sentence) ?? [];
    const said = setting ?? sentence.replaceAll("\\`", "`");
    // Most are put together: `refuse("origin", "to be an https origin", …)`.
    const [, option = "", rest = ""] = /^Expected `(\w+)` (.+)$/.exec(said) ?? [];
    const isPutTogether = option !== "" && source.includes(`"${option}"`) && source.includes(rest);
    if (!isPutTogether) expect(source).toContain(said);
  }
  const told = rowsAfter(TROUBLESHOOTING, /^\| code /m).map((cell) => cell.replaceAll("`", ""));
  const warned = new Set([...source.matchAll(/"(SMS2FA_\w+)"/g)].map(([, code]) => code));
  expect(told.sort()).toEqual([...warned].sort());
});

test("each reason that the guide explains is one that the source gives", () => {
  // Put together from how the store failed.
  const source = sourceOf("lib").replace(
    "session_store_${kind}",
    "session_store_error session_store_timeout session_store_threw",
  );
  const reasons = [...TROUBLESHOOTING.matchAll(/^\| reason .*?(?=\n\n)/gms)]
    .flatMap(([text]) => rowsAfter(text, /^\| reason/))
    .flatMap((cell) => [...cell.matchAll(/`([\w:]+)`/g)].map(([, reason = ""]) => reason));
  expect(reasons.length).toBeGreaterThan(20);
  const unknown = reasons.filter(
    (reason) => !source.includes(reason.replace(/^counters:(?=\w)/, "")),
  );
  expect(unknown).toEqual([]);
});

test("each reason that the source gives is one that the guide explains", () => {
  const source = sourceOf("lib");
  // As a field, as the one or the other of two, as an argument, and at the head of a list of a gateway's codes.
  const given =
    /(?:\breason: |\breason = |(?:user|store)Fault\(\s*|\bfault\(\s*|failed\(|_failed", |unavailable", |(?:\breason\b[^;?]*|_failed",[^;?]*)\? |^ {2}\[)"(?!unknown")([a-z_]+)"(?: : "([a-z_]+)"|, \[\d)?/gm;
  const reasons = [...source.matchAll(given)].flatMap(([, one, two]) => [one, two ?? one]);
  expect(reasons).toEqual(
    expect.arrayContaining(["session_left", "no_campaign", "busy", "user_timeout"]),
  );
  const unknown = reasons.filter((reason) => !TROUBLESHOOTING.includes(`\`${reason ?? ""}\``));
  expect([...new Set(unknown)]).toEqual([]);
});

test("the changelog names what the package has: entry points, options, and what twoFactor() gives", () => {
  const changelog = read("CHANGELOG.md");
  const { exports } = JSON.parse(read("package.json")) as { exports: Record<string, unknown> };
  const entries = Object.keys(exports).filter((name) => /^\.\/\w+$/.test(name));
  const given = {
    secret: "0123456789abcdefghijklmnopqrstuv",
    user: () => null,
    sender: () => null,
    appName: "Acme",
  };
  const inOptions = /export interface TwoFactorOptions \{(.*?)^\}/ms.exec(
    read("lib", "options", "options.ts"),
  );
  const options = [...(inOptions?.[1] ?? "").matchAll(/^ {2}(\w+)\?:/gm)];
  expect([entries.length, options.length].map((length) => length > 2)).toEqual([true, true]);
  const all = [
    ...entries.map((name) => `express-sms-2fa${name.slice(1)}`),
    ...options.map(([, name = ""]) => name),
    // The rest are the endpoints, which are told of as such.
    ...Object.keys(twoFactor(given)).filter((name) => !/^(?:router|request|validate)$/.test(name)),
    "boundedStore",
    "returnPath",
    "html",
  ];
  expect(all.filter((name) => !new RegExp(`\`${name}\\b`).test(changelog))).toEqual([]);
});

test.each([
  [
    "a slow answer of a rolling session",
    "With `rolling: true` express-session sets the cookie again",
  ],
  ["an upgrade's guard", "## WebSockets"],
  ["staff who act as a customer", "## Support staff who act as a customer"],
  [
    "a log-out while the counters are down",
    "`reset` drops mark and challenge from the session in any case",
  ],
])(
  "deployment tells of %s, which only the app can settle (C227, C245, C246, C249)",
  (_what, words) => {
    expect(read("docs", "deployment.md")).toContain(words);
  },
);

test("links between the documents lead to files that are there", () => {
  const guides = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  const documents = ["README.md", "SECURITY.md", ...guides.map((name) => join("docs", name))];
  const links = documents.flatMap((document) =>
    [...read(document).matchAll(/\]\((?!https?:|mailto:|#)([^)#]+)/g)].map(([, to = ""]) =>
      join(document, "..", to),
    ),
  );
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
