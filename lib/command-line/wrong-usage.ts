/** Tells wrong usage from every other fault. */

/** What was typed is no command or option; the message says what is. */
export class WrongUsage extends Error {
  override readonly name = "WrongUsage";
}
