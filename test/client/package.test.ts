/** The browser client as a package ships it: its size, what it loads, and that its types are the server's. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { problemsIn } from "../services/compiler";

const ROOT = join(__dirname, "..", "..");
const BUILT = readFileSync(join(ROOT, "dist", "client", "index.mjs"), "utf8");

test("it is under 2 kB gzipped, as it is shipped, and loads nothing", () => {
  expect(gzipSync(BUILT, { level: 9 }).length).toBeLessThan(2000);
  expect(BUILT).not.toMatch(/\bimport\b|\brequire\(|export .* from/);
});

test.each(["module", "commonjs"])("import() finds it by its name, from %s", (kind) => {
  const program =
    'import("express-sms-2fa/client").then((c) => console.log(Object.keys(c).join()))';
  const output = execFileSync(process.execPath, [`--input-type=${kind}`, "-e", program], {
    cwd: ROOT,
    timeout: 45_000,
  });
  expect(output.toString().trim()).toBe("TwoFactorRefusal,createClient,withTwoFactor");
});

// Compiled alone: what each side of an answer or of fields says must fit the other.
const AGREEMENT = `
import type * as server from "express-sms-2fa";
import type * as client from "express-sms-2fa/client";

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Answer<T> = T extends { ok: true } ? Omit<T, "ok" | "quota"> : never;

export const same: {
  codes: Same<server.RefusalCode, client.RefusalCode>;
  challenge: Same<server.OpenChallenge, client.OpenChallenge>;
  requested: Same<Answer<server.Issued>, client.Requested>;
  verified: Same<Answer<server.Answered>, client.Verified>;
  status: Same<Answer<server.Status>, client.Status>;
  problem: [client.Problem] extends [server.Problem] ? true : false;
  fields: [client.RequestFields] extends [server.RequestFields] ? true : false;
  fieldNames: Same<keyof client.RequestFields, keyof server.RequestFields>;
  code: [client.CodeFields] extends [server.AnswerFields] ? true : false;
} = {
  codes: true, challenge: true, requested: true, verified: true, status: true,
  problem: true, fields: true, fieldNames: true, code: true,
};
`;

test("its types are what the server's own say", () => {
  const folder = mkdtempSync(join(ROOT, ".docs-"));
  try {
    const file = join(folder, "agreement.mts");
    writeFileSync(file, AGREEMENT);
    expect(problemsIn([file])).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a page needs no types of Node's or Express's to use it", () => {
  const types = readFileSync(join(ROOT, "dist", "client", "index.d.mts"), "utf8");
  const shared = [...types.matchAll(/from "([^"]+)"/g)].map(([, path]) => path);
  expect(shared).toEqual(["../outcome/channel.js", "../outcome/errors.js"]);
  for (const name of ["channel", "errors"]) {
    const file = readFileSync(join(ROOT, "dist", "outcome", `${name}.d.ts`), "utf8");
    expect(file).not.toMatch(/\bimport\b|reference types/);
  }
});
