/** The rooms whose lines are changed, each with the tests that ought to notice: patterns of paths below `test/`. */

"use strict";

const attacks = (...names) => names.map((name) => `security/${name}\\.`);

exports.rooms = {
  challenge: {
    mutate: ["lib/challenge/*.ts"],
    tests: [
      "challenge/",
      "session/",
      ...attacks("binding", "purposes", "odd-codes", "test-numbers", "described"),
    ],
  },
  // Those that go through every country take seconds for each mutant.
  phone: { mutate: ["lib/phone/*.ts"], tests: ["phone/(?:parse|phone)\\."] },
  records: {
    mutate: ["lib/records/*.ts", "!lib/records/{postgres,redis}.ts"],
    tests: ["records/", "remembered/", "recovery/", ...attacks("remembered", "recovery")],
  },
  session: {
    mutate: ["lib/session/*.ts"],
    tests: ["session/"],
  },
  ledger: {
    mutate: ["lib/ledger/*.ts", "!lib/ledger/{postgres,redis,wire}*.ts"],
    tests: [
      "ledger/",
      "telemetry/",
      "stores/",
      ...attacks("all-or-nothing", "give-back", "late-counts", "send-budgets", "stores"),
    ],
  },
  limits: {
    mutate: ["lib/limits/*.ts"],
    tests: ["limits/"],
  },
  verification: {
    mutate: ["lib/verification/*.ts"],
    tests: ["verification/", "two-factor\\.", ...attacks("once")],
  },
  flows: {
    mutate: ["lib/flows/*.ts"],
    tests: [
      ...["flows/", "recovery/", "remembered/", "delivery/", "security/", "outcome/", "telemetry/"],
      ...[
        "pages/(?:delivery|flow|number|recovery)\\.",
        "http/delivery-status\\.",
        "senders/failover\\.",
      ],
    ],
  },
  http: {
    mutate: ["lib/http/{body,guard,router,same-origin}.ts"],
    tests: ["http/", "security/", "two-factor\\.", "pages/flow", "options/"],
  },
};
