/** Turns figures into the rows of the table: what, its target, what was measured, and whether it was met. */

const whole = (value) => Math.round(value).toLocaleString("en-US");
const fine = (value) => value.toFixed(2);

/** The rows of the parts that were measured. */
export function rowsOf(figures) {
  return Object.entries(ROWS).flatMap(([part, rows]) =>
    figures[part] === undefined ? [] : rows(figures[part]),
  );
}

function atLeast(name, value, target, more = "") {
  return [name, `>= ${fine(target)}`, `${fine(value)}${more}`, value >= target ? "met" : "missed"];
}

function atMost(name, value, target, unit = "") {
  return [name, `<= ${target}${unit}`, `${fine(value)}${unit}`, value <= target ? "met" : "missed"];
}

function stated(name, text) {
  return [name, "", text, ""];
}

const ROWS = {
  guard: (of) => [
    atLeast("1 guarded route over the same without", of.ratio, 0.97),
    stated("  the least that a guard can do, over the same", fine(of.leastRatio)),
    stated("  requests a second", `${whole(of.guardedPerSecond)} of ${whole(of.openPerSecond)}`),
    stated("  one call by itself", `${whole(of.nsPerCall)} ns, ${whole(of.bytesPerCall)} bytes`),
  ],
  cycle: ({ perSecond: rate, ...of }) => [
    atLeast("2 cycle over a floor that renews the session", of.overFloor, 0.8),
    stated("  over a floor that does not", fine(of.overLeast)),
    atLeast("  over better-auth's phone-number plugin", of.overBetterAuth, 8),
    stated(
      "  cycles a second",
      `${whole(rate.ours)}; floor ${whole(rate.floor)}, ${whole(rate.least)}; ` +
        `better-auth ${whole(rate.betterAuth)}`,
    ),
  ],
  growth: (of) => [
    atMost(`3 answer with ${whole(of.open)} open over one`, of.ratio, 1.2),
    atMost("  memory per open challenge", of.bytesPerChallenge, 1000, " bytes"),
    stated("  keys per open challenge", String(of.keysPerChallenge)),
    stated("  longest pause while they came", `${fine(of.longestPauseMs)} ms`),
  ],
  stores: (of) => [...rowsOfStore("Redis", of.redis, 5), ...rowsOfStore("PostgreSQL", of.postgres)],
  workers: (of) => [
    atLeast(`5 two processes over one, ${of.cores} cores`, of.ratio, 1.7),
    stated("  cycles a second", `${whole(of.twoPerSecond)} over ${whole(of.onePerSecond)}`),
    stated(
      "  processor time per cycle, of the app and of Redis",
      `${whole(of.workerMicrosecondsPerCycle)} µs, ${whole(of.redisMicrosecondsPerCycle)} µs`,
    ),
  ],
  start: (of) => [
    atMost("6 require() after Express", of.package.ms, 15, " ms"),
    atMost("  its memory", of.package.rssMB, 8, " MB"),
    stated("  files; Express by itself", `${of.package.files}; ${whole(of.express.ms)} ms`),
    stated(
      "  twoFactor(), which loads the rest",
      `${whole(of.twoFactor.ms)} ms, ${fine(of.twoFactor.rssMB)} MB`,
    ),
    stated("  files of it, most of them libphonenumber's", String(of.twoFactor.files)),
    stated(
      "  signalwire(), which loads its client",
      `${whole(of.signalwireSender.ms)} ms, ${fine(of.signalwireSender.rssMB)} MB`,
    ),
  ],
  sending: ({ perSecond: rate, connectionsPerText: opened, ...of }) => [
    stated("7 texts a second over the client as shipped", fine(of.ratio)),
    stated("  texts a second", `${whole(rate.ours)} over ${whole(rate.shipped)}`),
    stated("  connections per text", `${fine(opened.ours)} and ${fine(opened.shipped)}`),
  ],
  failover: ({ timeout, texts, connecting, answering }) => [
    stated("9 first of two gateways hangs while connecting", `${timeout} s each, ${texts} texts`),
    ...rowsOfHang(connecting),
    stated("  hangs with the text in its hands", `${timeout} s each, ${texts} texts`),
    ...rowsOfHang(answering),
  ],
  telemetry: ({ api, sdk, microseconds: us }) => [
    stated("10 time of a cycle measured, over the same without", `${fine(sdk)} with an SDK`),
    stated("  with OpenTelemetry's API alone", fine(api)),
    stated("  a cycle", `${whole(us.without)} µs, ${whole(us.api)} µs, ${whole(us.sdk)} µs`),
  ],
  size: (of) => [
    atMost("8 packed", of.packed / 1000, 300, " kB"),
    atMost("  unpacked", of.unpacked / 1000, 1000, " kB"),
    stated(
      "  installed, with dependencies, without peers",
      `${fine(of.installed / 1e6)} MB, ${of.packages} packages`,
    ),
    stated("  require() in a new process", `${whole(of.ms.require)} ms`),
    stated("  import() in a new process", `${whole(of.ms.import)} ms`),
  ],
};

function rowsOfHang(of) {
  return [
    ["with failover()", of.with],
    ["without a breaker", of.without],
  ].map(([name, { medianMs, waited, sent }]) =>
    stated(`    ${name}: median, waited for it, sent`, `${whole(medianMs)} ms, ${waited}, ${sent}`),
  );
}

function rowsOfStore(name, of, target) {
  const { ask, answer, bare } = of.rounds;
  const rounds = `4 ${name}: rounds that a cycle waits for beyond two bare visits`;
  const added = ask + answer - 2 * bare;
  return [
    target === undefined ? stated(rounds, String(added)) : atMost(rounds, added, target),
    stated("  to ask, to answer, of a bare visit", `${ask}, ${answer}, ${bare}`),
    stated("  the wait beyond them, in round trips", fine(of.addedRoundTrips)),
    stated("  commands of a cycle, of a bare visit", `${of.commands.cycle}, ${of.commands.bare}`),
    stated("  cycles a second", whole(of.perSecond)),
    ...(of.bytesPerOpenChallenge === undefined
      ? []
      : [stated("  memory per open challenge", `${whole(of.bytesPerOpenChallenge)} bytes`)]),
  ];
}
