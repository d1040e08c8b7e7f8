/** Compiles programs as an app that has installed the package does, and tells what the compiler says. */

import { basename } from "node:path";
import ts from "typescript";

/** What is wrong with the files, each with its file and line. */
export function problemsIn(files: string[]): string[] {
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    esModuleInterop: true,
    skipLibCheck: true,
    types: ["node"],
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = (file?.getLineAndCharacterOfPosition(start).line ?? -1) + 1;
    const where = `${basename(file?.fileName ?? "")}, line ${line}`;
    return `${where}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
