/** The queue of undoings: what is beyond its bound or its time is let go, and the rest is tried again. */

import { UndoQueue, type Undoing } from "../../lib/ledger/undo-queue";

const undoing = (id: string, until = Infinity): Undoing => ({ record: "r", id, until });

test("beyond ten thousand that wait, the oldest is let go", async () => {
  const tried: string[] = [];
  let isDown = true;
  const queue = new UndoQueue(({ id }) => {
    if (!isDown) tried.push(id);
    return Promise.resolve(!isDown);
  });
  for (let each = 0; each < 8 + 10_001; each += 1) queue.add(undoing(String(each)));
  // The first eight are being tried; of those behind them one was too many.
  expect(queue.length).toBe(10_000);
  isDown = false;
  while (queue.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(tried).not.toContain("8");
  expect(tried).toContain("9");
});

test("what has nothing left to be undone is not tried", async () => {
  const tried: string[] = [];
  const queue = new UndoQueue(({ id }) => {
    tried.push(id);
    return Promise.resolve(true);
  });
  queue.add(undoing("late", Date.now()));
  queue.add(undoing("in time", Date.now() + 60_000));
  await queue.close();
  expect(tried).toEqual(["in time"]);
  expect(queue.length).toBe(0);
});

test("one that fails stands behind the others, and one more try follows its pause", async () => {
  const tried: string[] = [];
  const queue = new UndoQueue(({ id }) => {
    tried.push(id);
    return Promise.resolve(id !== "a" || tried.filter((each) => each === "a").length > 1);
  });
  queue.add(undoing("a"));
  queue.add(undoing("b"));
  while (queue.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await queue.close();
  expect(tried).toEqual(["a", "b", "a"]);
});
