/** Commands that ask for codes: one, two at once, and strangers who use up what all share. */

import { strict as assert } from "node:assert";
import {
  browserOf,
  codeOf,
  command,
  isSignedIn,
  networkOf,
  type Both,
  type Command,
} from "./command";
import { describe } from "./limits";
import { mayLeave, passes } from "./model";
import type { Past } from "./past";
import { Session } from "./people";
import type { Mood, Text } from "./world";

// Each browser has a language of its own, by which its texts are told from others'.
const LOCALES = ["en", "de", "fr", "es"];

export interface Asking {
  browser: number;
  purpose: string;
  isFresh: boolean;
}

function fieldsOf({ browser, purpose, isFresh }: Asking): object {
  return {
    locale: LOCALES[browser],
    ...(purpose !== "" && { purpose }),
    ...(isFresh && { fresh: true }),
  };
}

/** A text is what was asked for, and says whom and what it is for. */
function assertText(session: Session, past: Past, purpose: string, text: Text | undefined): Text {
  assert.ok(text !== undefined, "no text has left, although it should have");
  assert.equal(text.to, past.user(session.user ?? "").number, "the number that was texted");
  assert.equal(text.purpose, purpose);
  assert.equal(text.description ?? "", describe(purpose, session.amount));
  return text;
}

const MOODS: Record<Mood, { status: number; leaves: boolean }> = {
  takes: { status: 200, leaves: true },
  "is unsure": { status: 502, leaves: true },
  refuses: { status: 502, leaves: false },
  "is down": { status: 503, leaves: false },
};

export function ask(asking: Asking, mood: Mood, worker: number): Command {
  const { browser, purpose, isFresh } = asking;
  const how = `${isFresh ? "anew " : ""}where the gateway ${mood}`;
  return command(`ask(${browser}, "${purpose}") ${how} at ${worker}`, async ({ past, world }) => {
    const session = browserOf(past, browser);
    const network = networkOf(browser);
    await world.workers.setMood(mood);
    const fields = fieldsOf(asking);
    const answer = await world.call({
      browser,
      worker,
      path: "/2fa/request-auth",
      fields,
      network,
    });
    const texts = await world.workers.takeTexts();
    past.now = world.workers.now();
    const isVerified = !isFresh && passes(session, past, purpose);
    if (session.user === undefined || isVerified || !mayLeave(session, past, purpose, network)) {
      assert.equal(texts.length, 0, "a text has left that might not");
      assert.equal(answer.body.status === "verified", isVerified, "whether it is verified");
      assert.ok(answer.status < 500, `${answer.status} in place of a refusal`);
      return;
    }
    const { status, leaves } = MOODS[mood];
    assert.equal(answer.status, status, `the answer to one that may be texted: ${codeOf(answer)}`);
    if (leaves) {
      assert.equal(texts.length, 1, "texts that have left");
      const { code } = assertText(session, past, purpose, texts[0]);
      past.left(session, purpose, code, network);
    } else {
      assert.equal(texts.length, 0, "a text has left that was refused");
      await world.call({ browser, worker, path: "/settled" });
      if (mood === "refuses") past.refused(past.user(session.user), network);
    }
  });
}

/** Whether a budget of both has no room for the first after the second: then it has left first, if both have. */
function hasLastRoom(past: Past, first: Asking, second: Asking): boolean {
  const linesOf = ({ browser }: Asking) =>
    past.linesFor(past.user(browserOf(past, browser).user ?? ""), networkOf(browser));
  return linesOf(first).some(
    ({ budget, max }) =>
      budget.count(past.now) + 1 >= max && linesOf(second).some((line) => line.budget === budget),
  );
}

/** Two ask at once, at two processes. What left had room, and what did not has none now. */
export function askBoth(one: Asking, other: Asking, worker: number): Command {
  const both = [one, other].map((each) => ({ ...each, isFresh: true }));
  const name = both.map(({ browser, purpose }) => `${browser}, "${purpose}"`).join(" and ");
  const isPossible = (past: Past) => {
    const isSame = browserOf(past, one.browser) === browserOf(past, other.browser);
    if (isSame && (one.browser !== other.browser || one.purpose !== other.purpose)) return false;
    return both.every(({ browser }) => isSignedIn(browser)(past));
  };
  const run = async ({ past, world }: Both) => {
    await world.workers.setMood("takes");
    const answers = await Promise.all(
      both.map(async (asking, index) => {
        const { browser } = asking;
        const path = "/2fa/request-auth";
        const fields = fieldsOf(asking);
        const network = networkOf(browser);
        return world.call({ browser, worker: worker + index, path, fields, network });
      }),
    );
    const texts = await world.workers.takeTexts();
    past.now = world.workers.now();
    const hasLeft = ({ browser }: Asking) =>
      texts.find(({ locale }) => locale === LOCALES[browser]);
    const inOrder = hasLastRoom(past, other, one) ? [other, one] : [one, other];
    const asked = one.browser === other.browser ? [one] : inOrder;
    assert.equal(answers.filter(({ body }) => body.status === "sent").length, texts.length);
    for (const each of asked) {
      const text = hasLeft(each);
      if (text === undefined) continue;
      const session = browserOf(past, each.browser);
      const network = networkOf(each.browser);
      const may = mayLeave(session, past, each.purpose, network);
      assert.ok(may, `a text of ${each.browser} has left that might not`);
      past.left(session, each.purpose, assertText(session, past, each.purpose, text).code, network);
    }
    for (const { browser, purpose } of asked.filter((each) => hasLeft(each) === undefined)) {
      const may = mayLeave(browserOf(past, browser), past, purpose, networkOf(browser));
      assert.ok(!may, `no text of ${browser} has left, although it might have`);
    }
  };
  return command(`ask both (${name}) at ${worker}`, run, isPossible);
}

/** So many strangers ask once each: what is left of the budgets that all share is left, and no more. */
export function strangers(count: number, country: "US" | "CA", worker: number): Command {
  return command(`strangers (${count}, ${country}) at ${worker}`, async ({ past, world }) => {
    await world.workers.setMood("takes");
    for (let each = 0; each < count; each += 1) {
      const place = past.users.size;
      const id = `stranger${place}`;
      const number = `${country === "US" ? "+1202555" : "+1416555"}${1000 + place}`;
      await world.workers.setNumber(id, number);
      past.user(id).number = number;
      const network = `198.51.100.${place}`;
      const call = { browser: 0, worker: worker + each, path: "/stranger", network };
      await world.callWith("", { ...call, fields: { user: id } });
      const texts = await world.workers.takeTexts();
      past.now = world.workers.now();
      const session = new Session(id);
      const may = mayLeave(session, past, "", network);
      assert.equal(texts.length, may ? 1 : 0, `texts of stranger ${each}`);
      if (may) past.left(session, "", assertText(session, past, "", texts[0]).code, network);
    }
  });
}
