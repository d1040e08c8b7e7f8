/** Tells the developer of a wrong wiring, in the terminal. */

export function warn(message: string, code: string): void {
  process.emitWarning(message, { type: "ExpressSms2faWarning", code });
}
