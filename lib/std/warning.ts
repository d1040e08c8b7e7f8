/** Tells the developer of a wrong wiring, in the terminal. */

/** `cause` is an error of the app's own, shown with its stack. */
export function warn(message: string, code: string, cause?: unknown): void {
  const own = cause instanceof Error ? ` ${cause.stack ?? cause.message}` : "";
  process.emitWarning(message + own, { type: "ExpressSms2faWarning", code });
}
