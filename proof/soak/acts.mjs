/** What users do at the endpoints: right, wrong, late, twice at once, by recovery codes, in remembered browsers. */

import { CODE_TTL } from "./people.mjs";
import {
  ask,
  enter,
  expectIn,
  patiently,
  prove,
  provedBrowser,
  signedIn,
  wrongCode,
} from "./proving.mjs";
import { between, oneOf } from "./random.mjs";

/** Signs in as one should. */
export async function plain(at, user) {
  const browser = await signedIn(at, user);
  if (browser === undefined) return;
  await browser.visit("account");
  if (await prove(at, browser)) await expectIn(at, browser, "account");
  await browser.call("GET", "/2fa/status");
}

/** Presses "send again", and enters what has come. */
export async function resend(at, user) {
  const browser = await signedIn(at, user);
  const first = browser && (await ask(at, browser));
  if (first === undefined) return;
  await browser.post("/2fa/request-auth");
  await at.pause(1200);
  const answer = await patiently(at, () => browser.post("/2fa/request-auth"));
  if (answer?.status !== 200) return;
  const entered = await enter(at, browser, at.inbox.newest(user.phone));
  if (entered?.status === 200) await expectIn(at, browser, "account");
}

/** Mistypes, then gets in. */
export async function slips(at, user) {
  const browser = await signedIn(at, user);
  const code = browser && (await ask(at, browser));
  if (code === undefined) return;
  const slipCount = between(at.random, 1, 4);
  for (let slip = 0; slip < slipCount; slip += 1) await enter(at, browser, wrongCode(at.random));
  await browser.visit("account");
  const answer = await enter(at, browser, code);
  if (answer?.status === 200) await expectIn(at, browser, "account");
}

/** Guesses until nothing is left, six at once; not even the right code is good then. */
export async function guesses(at, user) {
  const browser = await signedIn(at, user);
  const code = browser && (await ask(at, browser));
  if (code === undefined) return;
  const made = Array.from({ length: 6 }, () => enter(at, browser.copy(), wrongCode(at.random)));
  const answers = await Promise.all(made);
  await browser.visit("account");
  if (answers.filter((answer) => answer?.json?.code === "wrong_code").length > 5) {
    at.caller.tell("more than five attempts", user.id);
  }
}

/** Comes back when the code is over. */
export async function late(at, user) {
  const browser = await signedIn(at, user);
  const code = browser && (await ask(at, browser));
  if (code === undefined || !(await at.pause((CODE_TTL + 2) * 1000))) return;
  const answer = await enter(at, browser, code, { rights: [] });
  if (answer?.status === 200) at.caller.tell("verified by a code that was over", user.id);
  await browser.visit("account");
}

/** Enters the right code in four places at once. */
export async function twice(at, user) {
  const browser = await signedIn(at, user);
  const code = browser && (await ask(at, browser));
  if (code === undefined) return;
  const copies = Array.from({ length: 4 }, () => browser.copy());
  const answers = await Promise.all(copies.map((copy) => enter(at, copy, code)));
  if (answers.filter((answer) => answer?.status === 200).length > 1) {
    at.caller.tell("one code verified twice", user.id);
  }
  const refused = copies.find((_, index) => answers[index]?.status === 403);
  refused?.rights.clear();
  await refused?.visit("account");
}

/** Tries the code of another user, and that of another browser of the same one. */
export async function swapped(at, user, other) {
  const [mine, own, theirs] = [
    await signedIn(at, user),
    await signedIn(at, user),
    await signedIn(at, other),
  ];
  if (!mine || !own || !theirs) return;
  const code = await ask(at, mine);
  if (code === undefined) return;
  await ask(at, theirs);
  await enter(at, theirs, code);
  await theirs.visit("account");
  await own.post("/2fa/request-auth");
  const answer = await enter(at, own, code, { rights: [] });
  if (answer?.status === 200) at.caller.tell("verified by another browser's code", user.id);
  await own.visit("account");
}

/** Uses a recovery code, in three browsers at once. */
export async function recovers(at, user) {
  const browser = await provedBrowser(at, user);
  const made = browser && (await browser.post("/recovery-codes"));
  if (made?.status !== 200) return;
  const [recovery_code] = made.json;
  const browsers = [];
  for (let each = 0; each < 3; each += 1) browsers.push(await signedIn(at, user));
  const answers = await Promise.all(
    browsers.map((each) => {
      each?.rights.add("account");
      return each?.post("/2fa/validate-auth", { recovery_code });
    }),
  );
  if (answers.filter((answer) => answer?.status === 200).length > 1) {
    at.caller.tell("one recovery code was spent twice", user.id);
  }
  browsers.forEach((each, index) => answers[index]?.status === 403 && each.rights.clear());
  for (const each of browsers) await each?.visit("account");
  const again = await signedIn(at, user);
  if (answers.every((answer) => answer?.status !== 200)) return;
  const spent = await again?.post("/2fa/validate-auth", { recovery_code });
  if (spent?.status === 200) at.caller.tell("one recovery code was spent twice", user.id);
}

/** Has the browser remembered, comes back in it, and has it forgotten. */
export async function remembered(at, user) {
  const browser = await provedBrowser(at, user, { remember: true });
  if (browser === undefined || !browser.isRemembered || !(await browser.signIn())) return;
  browser.rights.add("easy");
  await browser.visit("easy");
  await browser.visit("account");
  if (at.random() < 0.5 || !(await prove(at, browser))) return;
  const forgotten = await browser.post("/forget");
  if (forgotten?.status !== 200 || !(await browser.signIn())) return;
  await browser.visit("easy");
}

/** Signs out while another request is under way; neither brings the proof back. */
export async function signsOut(at, user) {
  const browser = await provedBrowser(at, user);
  if (browser === undefined) return;
  const left = browser.copy();
  const amount = between(at.random, 1, 1000);
  const [answer] = await Promise.all([
    browser.post("/sign-out"),
    left.copy().post("/transfer/begin", { amount }),
    left.copy().post("/2fa/request-auth", { purpose: "settings" }),
  ]);
  if (answer?.status !== 200) return;
  left.rights.clear();
  await left.visit("account");
}

/** Hangs up in the middle of asking and of answering, then does it all once more. */
export async function hangsUp(at, user) {
  const browser = await signedIn(at, user);
  if (browser === undefined) return;
  const soon = () => ({ leaveAfter: between(at.random, 0, 60), half: at.random() < 0.2 });
  await browser.post("/2fa/request-auth", {}, soon());
  await at.pause(1200);
  const code = await ask(at, browser);
  if (code === undefined) return;
  await enter(at, browser, code, {}, soon());
  if (oneOf(at.random, [true, false])) await browser.call("GET", "/account", soon());
  await browser.visit("account");
}
