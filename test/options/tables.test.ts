/** docs/options.md tells of each option what its type says: what it does, its unit, its default, its danger. */

import { membersOf, type Member } from "../fakes/declared-members";
import { expectTables, markdownTable } from "../fakes/markdown-table";

// The first cell of a table's head, by which it is found, and where its options are declared.
const TABLES = [
  ["option", "options/options.ts", "TwoFactorOptions"],
  ["limit", "options/options.ts", "LimitOptions"],
  ["purpose", "options/options.ts", "Purpose"],
  ["guard", "options/options.ts", "GuardOptions"],
  ["page", "options/options.ts", "PagesOptions"],
  ["recovery", "options/options.ts", "RecoveryOptions"],
  ["remember", "options/options.ts", "RememberOptions"],
  ["delivery", "options/options.ts", "DeliveryStatusOptions"],
  ["number", "options/options.ts", "TestNumber"],
  ["gateway", "senders/rest-api/options.ts", "GatewayOptions"],
  ["signalwire", "senders/signalwire/settings.ts", "SignalWireOptions"],
  ["twilio", "senders/twilio/settings.ts", "TwilioOptions"],
  ["failover", "senders/failover.ts", "FailoverOptions"],
  ["outbox", "senders/outbox.ts", "OutboxOptions"],
] as const;

function rowOf({ name, doc, byDefault, isRequired }: Member): string[] {
  return [`\`${name}\``, escaped(doc), isRequired ? "required" : escaped(byDefault)];
}

const escaped = (cell: string) => cell.replaceAll("|", "\\|");

test("docs/options.md has a row for each option, from its type", () => {
  const tables = TABLES.map(([first, file, name]) =>
    markdownTable([first, "what it does", "default"], membersOf(file, name).map(rowOf)),
  );
  const returned = membersOf("two-factor.ts", "TwoFactor").map(({ name, doc }) => [
    `\`${name}\``,
    escaped(doc),
  ]);
  expectTables("options.md", [...tables, markdownTable(["returned", "what it does"], returned)]);
});

test.each(TABLES)(
  "each option of the table %s says what it does, and its default",
  (_first, file, name) => {
    const members = membersOf(file, name);
    expect(members.length).toBeGreaterThan(0);
    expect(members.filter(({ doc }) => !doc.endsWith("."))).toEqual([]);
    expect(members.filter(({ isRequired, byDefault }) => !isRequired && byDefault === "")).toEqual(
      [],
    );
  },
);
