/** Reads the members of an interface as its source declares them: name, what its doc says, default. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** A member of an interface. */
export interface Member {
  name: string;
  isRequired: boolean;
  doc: string;
  /** What its tag `@default` says; empty without one. */
  byDefault: string;
}

/** The members of an interface of `lib/`, in their order, those that it inherits left out. */
export function membersOf(file: string, name: string): Member[] {
  const path = join(__dirname, "..", "..", "lib", file);
  const source = ts.createSourceFile(
    path,
    readFileSync(path, "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  const declared = source.statements.find(
    (each): each is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(each) && each.name.text === name,
  );
  if (declared === undefined) throw new Error(`lib/${file} declares no interface ${name}.`);
  return declared.members.map((member) => ({
    name: member.name?.getText() ?? "",
    isRequired: member.questionToken === undefined,
    doc: oneLine(ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc)?.comment),
    byDefault: oneLine(
      ts.getJSDocTags(member).find(({ tagName }) => tagName.text === "default")?.comment,
    ),
  }));
}

function oneLine(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
}
