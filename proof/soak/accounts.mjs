/** Whether every text is accounted for: what the gateway had, what the app told, and what the counters hold. */

const PAGES = {
  gateway: { good: 0, refused: 0, unclear: 0, taken: 0 },
  app: { sent: 0, unclear: 0, refused: 0, throttled: 0, unseen: 0 },
};

/**
 * Holds the books against each other, number by number and in all. `mayBeLost` is how many requests the processes
 * that were killed can have had in their hands: of those alone the app may have told nothing.
 */
export function settle({ numbers, gateway, texts, counters, mayBeLost }) {
  const rows = numbers.map((number) => ({
    number,
    ...Object.assign({}, PAGES.gateway, gateway.get(number)),
    told: Object.assign({}, PAGES.app, texts.get(number)),
    booked: counters.ofNumbers.get(number),
  }));
  const misses = rows.flatMap(missesOf);
  const sum = (of) => rows.reduce((all, row) => all + of(row), 0);
  const totals = {
    asked: sum(askedOf),
    taken: sum(({ taken }) => taken),
    sent: sum(({ told }) => told.sent),
    refused: sum(({ told }) => told.refused + told.throttled),
    unclear: sum(({ told }) => told.unclear),
    unseen: sum(({ told }) => told.unseen),
    untold: sum((row) => Math.max(0, untoldOf(row))),
    unread: sum((row) => Math.max(0, -untoldOf(row))),
    booked: counters.day,
    mayBeLost,
  };
  const excess = sum(({ booked, told }) =>
    Math.max(0, booked - told.sent - told.unclear - told.refused),
  );
  const beyond = counters.day - totals.sent - totals.unclear;
  if (texts.has(undefined)) misses.push("Events tell of texts to nobody's number.");
  if (totals.untold > mayBeLost) {
    misses.push(
      `The app told nothing of ${totals.untold} texts; ${mayBeLost} may be lost by kills.`,
    );
  }
  if (beyond < totals.untold || beyond > mayBeLost) {
    misses.push(
      `The day's counter is ${counters.day}, of which ${totals.sent} sent and ${totals.unclear} unclear: ` +
        `${beyond} beyond, where ${totals.untold} to ${mayBeLost} may be.`,
    );
  }
  if (excess > mayBeLost) {
    misses.push(
      `The counters of numbers are ${excess} beyond their texts; ${mayBeLost} may be lost.`,
    );
  }
  return { totals: { ...totals, beyond }, misses };
}

/** Texts that the gateway was asked for. */
function askedOf({ good, refused, unclear }) {
  return good + refused + unclear;
}

/**
 * Those of them that the app told nothing of; below none are those that it gave up before a busy gateway had read them, and
 * told as unclear.
 */
function untoldOf({ told, ...row }) {
  return askedOf(row) - told.sent - told.unclear - told.refused - told.throttled;
}

function missesOf(row) {
  const { number, good, refused, taken, told, booked } = row;
  const kept = told.sent + told.unclear;
  const checks = [
    [-untoldOf(row) > told.unclear, "the app told of a text that the gateway never saw"],
    [told.sent > good, `${told.sent} told as sent, and ${good} were confirmed`],
    [told.sent > taken, `${told.sent} told as sent, and ${taken} were taken`],
    [told.refused + told.throttled > refused, "one was given back that was not refused"],
    [booked < kept, `${kept} were sent or may have been, and ${booked} are booked`],
  ];
  return checks
    .filter(([isWrong]) => isWrong)
    .map(([, words]) => `••••${number.slice(-4)}: ${words}`);
}
