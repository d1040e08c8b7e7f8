/** Codes that the app has fixed for numbers of its own until a date, in the place of derived ones. */

/** By number, E.164. */
export type TestCodes = ReadonlyMap<string, TestCode>;

/** One fixed code. */
export interface TestCode {
  code: string;
  /** Epoch ms: from then on the number is as any other. */
  until: number;
}

/** The code that is fixed for a number just now, if there is one. */
export function testCodeOf(codes: TestCodes, phone: string): string | undefined {
  const fixed = codes.get(phone);
  return fixed !== undefined && Date.now() < fixed.until ? fixed.code : undefined;
}
