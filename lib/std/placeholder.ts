/** Tells what example files and scripts leave in the place of a secret. */

const YOURS =
  /^(?:https:\/\/)?(?:PT)?your[-_ ]?(?:account|api|auth|domain|key|name|number|phone|project|secret|sid|signalwire|signing|space|token)/i;
const STAND_IN = /change[-_ ]?me|x{6}|\.{3}|^<.*>$/i;
// What a script writes for a value that it does not have.
const WORD = /^(?:PT|undefined|null|none|todo|tbd)$/i;

/** Whether it is no value, but stands where one is to be put. */
export function isPlaceholder(text: string): boolean {
  return YOURS.test(text) || STAND_IN.test(text) || WORD.test(text);
}
