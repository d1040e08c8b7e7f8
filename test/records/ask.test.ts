/** Asking a store of records: its answer, or one refusal for all that can go wrong, in time. */

import { StoreFault } from "../../lib/ledger/store-fault";
import { TwoFactorError } from "../../lib/outcome/errors";
import { asBoolean, askRecords } from "../../lib/records/ask";

type Fault = [reason: string, advice?: string];

async function ask(call: () => unknown): Promise<{ answer: unknown; faults: Fault[] }> {
  const faults: Fault[] = [];
  const hear = (...fault: Fault) => faults.push(fault);
  const answer = await askRecords(call, asBoolean, hear).catch((error: unknown) => error);
  return { answer, faults };
}

test.each([
  ["at once", true, true],
  ["later", Promise.resolve(false), false],
])("what a store answers %s is its answer", async (_when, given, answer) => {
  expect(await ask(() => given)).toEqual({ answer, faults: [] });
});

test.each([1, 0, "true", "", null, undefined, {}, [true]])(
  "%j is no yes or no: it lets nobody in and refuses",
  async (given) => {
    const { answer, faults } = await ask(() => given);
    expect(answer).toMatchObject({ code: "unavailable", reason: "records:TypeError" });
    expect(faults).toEqual([["records:TypeError", undefined]]);
  },
);

test.each([
  [
    "throws",
    () => {
      throw new RangeError("host db-1 is down");
    },
  ],
  ["rejects", () => Promise.reject(new RangeError("host db-1 is down"))],
])(
  "of a store that %s the kind of the fault is told, and nothing of its words",
  async (_how, call) => {
    const { answer, faults } = await ask(call);
    expect(answer).toBeInstanceOf(TwoFactorError);
    expect(answer).toMatchObject({ code: "unavailable", reason: "records:RangeError" });
    expect(String(answer)).not.toContain("db-1");
    expect(faults).toEqual([["records:RangeError", undefined]]);
  },
);

test("where the fix is known it is told too", async () => {
  const fault = new StoreFault("table", { advice: "Create the tables." });
  const { faults } = await ask(() => Promise.reject(fault));
  expect(faults).toEqual([["records:table", "Create the tables."]]);
});

test("a store that does not answer is given up after two seconds", async () => {
  jest.useFakeTimers();
  try {
    const asked = ask(() => new Promise(() => undefined));
    await jest.advanceTimersByTimeAsync(2000);
    expect(await asked).toMatchObject({
      answer: { code: "unavailable" },
      faults: [["records:DeadlinePassed", undefined]],
    });
  } finally {
    jest.useRealTimers();
  }
});
