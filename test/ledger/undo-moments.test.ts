/** The queue of undoings: an undoing is tried, whatever the moment at which it comes. */

import { UndoQueue } from "../../lib/ledger/undo-queue";

test("a step that is to be undone in the moment after the last one was confirmed is undone too", async () => {
  for (let turns = 0; turns < 20; turns += 1) {
    const undone: string[] = [];
    const queue = new UndoQueue(({ id }) => Promise.resolve(undone.push(id) > 0));
    const add = (id: string) => {
      queue.add({ record: "r", id, until: Date.now() + 60_000 });
    };
    add("first");
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    add("second");
    await new Promise(setImmediate);
    expect(undone).toEqual(["first", "second"]);
    expect(queue.length).toBe(0);
  }
});
