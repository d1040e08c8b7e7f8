/** The ledger in memory: the suite of all stores, its bound, its sweep and a clock that is set back. */

import { memoryLedger } from "../../lib/ledger/memory";
import { note, peek, settle, take } from "../../lib/ledger/ledger";
import { fresh, stepOf, counterSuite } from "../../lib/testing/counter-suite";

const store = memoryLedger();
counterSuite(test, () => [store]);

const HOUR = 3_600_000;
const REAL = Date.now();

function moveTo(ms: number): void {
  jest.spyOn(Date, "now").mockReturnValue(ms);
}

afterEach(() => jest.restoreAllMocks());

test("a step has ended when it returns", () => {
  expect(memoryLedger().step(stepOf([])).status).toBe("ok");
});

test("what has ended is swept by later steps that count, whatever they name (B083, R97)", () => {
  const ledger = memoryLedger();
  for (let each = 0; each < 1000; each += 1) {
    const entries = [take(fresh(), "f", 1, 1000), take(fresh(), "f", 1, 0)];
    ledger.step(stepOf(entries, { record: fresh(), mode: "open", life: 2000 }));
  }
  expect(ledger.size).toBe(3000);
  moveTo(REAL + HOUR);
  for (let each = 0; each < 10; each += 1) {
    moveTo(REAL + HOUR + each * 1000);
    ledger.step(stepOf([note("another", "f", 0)]));
  }
  expect(ledger.size).toBe(1001);
});

test("beyond its bound a step is refused, and nothing that counts is forgotten (R97)", () => {
  const ledger = memoryLedger(100);
  const [record, scope] = [fresh(), fresh()];
  const step = () => stepOf([take(scope, "f", 1, HOUR)], { record, mode: "open" });
  ledger.step(step());
  const flood = () => {
    for (let each = 0; each < 100; each += 1) {
      ledger.step(stepOf([take(fresh(), "f", 1, HOUR)], { record: fresh() }));
    }
  };
  const refusal: unknown = { name: "MemoryFull", isApplied: false };
  expect(flood).toThrow(expect.objectContaining(refusal as object) as Error);
  expect(ledger.step(step()).status).toBe("full");
  expect(ledger.step(stepOf([peek(scope, "f")])).counts[0]?.count).toBe(1);
});

test("a record that has ended gives nothing back, though its windows go on", () => {
  const ledger = memoryLedger();
  const [record, scope] = [fresh(), fresh()];
  moveTo(REAL);
  const paid = take(scope, "f", 5, HOUR, { isPaid: true });
  ledger.step(stepOf([paid], { record, mode: "open", life: 60_000 }));
  moveTo(REAL + 59_999);
  expect(ledger.step(stepOf([paid], { record, life: 60_000 })).counts[0]?.count).toBe(2);
  moveTo(REAL + 59_999 + 60_000);
  ledger.step(stepOf([settle(record)]));
  expect(ledger.step(stepOf([peek(scope, "f")])).counts[0]?.count).toBe(2);
});

test("a window keeps its length when the clock is set back (R99)", () => {
  const ledger = memoryLedger();
  const scope = fresh();
  const text = () => ledger.step(stepOf([take(scope, "f", 1, 30_000)], { record: fresh() }));
  moveTo(REAL);
  text();
  moveTo(REAL - HOUR);
  expect(text().counts[0]?.waitMs).toBe(30_000);
  moveTo(REAL - HOUR + 29_999);
  expect(text().status).toBe("full");
  moveTo(REAL - HOUR + 30_000);
  expect(text().status).toBe("ok");
});
