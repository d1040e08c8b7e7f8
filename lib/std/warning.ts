/** Tells the developer of a wrong wiring, in the terminal. */

/** Warns. `detail`, such as the app's own error, stands below the sentence. */
export function warn(message: string, code: string, detail?: string): void {
  const type = "ExpressSms2faWarning";
  process.emitWarning(`${message} See docs/troubleshooting.md.`, {
    type,
    code,
    ...(detail !== undefined && { detail }),
  });
}

const told = new Set<string>();

/** Whether this kind of fault is met for the first time in this process: each is told once. */
export function isFirst(kind: string): boolean {
  if (told.has(kind)) return false;
  told.add(kind);
  return true;
}
