/** What users do beyond it: step-up, pages, a change of number, and what no user sends. */

import { patiently, prove, provedBrowser, signedIn, expectIn, wrongCode } from "./proving.mjs";
import { between, oneOf } from "./random.mjs";

let amounts = 0;

/** Confirms a purpose that describes nothing. */
export async function stepsUp(at, user) {
  const browser = await provedBrowser(at, user);
  if (browser === undefined) return;
  await browser.visit("settings");
  const rights = ["account", "settings"];
  if (await prove(at, browser, { purpose: "settings", rights })) {
    await expectIn(at, browser, "settings");
  }
}

/** Confirms a transfer, tries another amount with it, and pays twice at once. */
export async function pays(at, user) {
  const browser = await provedBrowser(at, user);
  const begin = (amount) => patiently(at, () => browser.post("/transfer/begin", { amount }));
  const amount = (amounts += 2);
  if (browser === undefined || (await begin(amount))?.status !== 200) return;
  const right = `transfer ${amount}`;
  const words = `pay ${amount}.00 USD`;
  const rights = ["account", right];
  if (!(await prove(at, browser, { purpose: "transfer", words, rights }))) return;
  if ((await begin(amount + 1))?.status !== 200) return;
  await browser.visit("transfer", `transfer ${amount + 1}`);
  if ((await begin(amount))?.status !== 200) return;
  const paid = await Promise.all([1, 2, 3].map(() => browser.copy().visit("transfer", right)));
  if (paid.filter((status) => status === 200).length > 1) at.caller.tell("paid twice", user.id);
}

/** Comes by the pages alone, as a browser without JavaScript does. */
export async function byPages(at, user) {
  const browser = await signedIn(at, user);
  if (browser === undefined) return;
  const seen = at.inbox.codesOf(user.phone);
  const asking = await land(at, browser, "/account");
  const send = formIn(asking, "/text");
  if (send === undefined) return;
  await browser.page(send.action, send.fields);
  const page = await land(at, browser, "/2fa/");
  const form = formIn(page, "/code");
  const code = form && (await at.inbox.next(user.phone, seen));
  if (code === undefined) return;
  await browser.page(form.action, { ...form.fields, auth_code: wrongCode(at.random) });
  const again = formIn(await land(at, browser, "/2fa/"), "/code") ?? form;
  browser.rights.add("account");
  await browser.page(again.action, { ...again.fields, auth_code: code });
  await browser.visit("account");
}

/** Changes the number on the number page, and signs in with the new one. */
export async function changesNumber(at, user) {
  const browser = await provedBrowser(at, user);
  if (browser === undefined) return;
  const { phone, spare } = user;
  const form = formIn(await land(at, browser, "/2fa/number"), "/number");
  if (form === undefined) return;
  const seen = at.inbox.codesOf(spare);
  await browser.page(form.action, { ...form.fields, number: spare });
  const entry = formIn(await land(at, browser, "/2fa/number"), "/number/code");
  const code = entry && (await at.inbox.next(spare, seen));
  if (code === undefined) return;
  const answer = await browser.page(entry.action, { ...entry.fields, auth_code: code });
  const saved = answer?.status === 303 && (await land(at, browser, answer.headers.location));
  // What the page shows once it is saved has no form for a code any more.
  if (!saved || formIn(saved, "/number/code") || formIn(saved, "/number")) return;
  Object.assign(user, { phone: spare, spare: phone });
  at.tally.changed += 1;
}

const BODIES = [
  ["application/json", "{"],
  ["application/json", "[]"],
  ["application/json", '"text"'],
  ["application/json", '{"auth_code":{"a":1}}'],
  ["application/json", '{"auth_code":["1","2"],"number":7}'],
  ["application/json", '{"__proto__":{"auth_code":"1"}}'],
  ["application/json", `{"auth_code":"${"9".repeat(3000)}"}`],
  ["application/json", '{"auth_code":"\\ud800"}'],
  ["application/json; charset=utf-16", "{}"],
  ["application/x-www-form-urlencoded", "auth_code=%ff%fe&auth_code=1"],
  ["application/x-www-form-urlencoded", "a[b][c]=".repeat(60)],
  ["text/plain", "123456"],
  ["application/octet-stream", "\u0000\u0001\u0002"],
  ["multipart/form-data; boundary=x", "--x--"],
  ["", "auth_code=1"],
];
const PLACES = ["request-auth", "validate-auth", "delivery-status", "code", "text", "number"];

/** Sends what no client of ours sends. */
export async function garbage(at, user) {
  const browser = oneOf(at.random, [true, false]) ? await signedIn(at, user) : undefined;
  const target = browser ?? at.stranger(user);
  for (let each = 0; each < 6; each += 1) {
    const [type, body] = oneOf(at.random, BODIES);
    const path = `/2fa/${oneOf(at.random, PLACES)}`;
    const headers = { ...(type && { "Content-Type": type }) };
    await target.call("POST", path, { headers, body, isPage: true, note: `${type} ${body}` });
  }
  const method = oneOf(at.random, ["PUT", "DELETE", "PATCH", "OPTIONS"]);
  await target.call(method, "/2fa/validate-auth");
  await target.call("GET", "/2fa/status", { headers: { "Sec-Fetch-Site": "cross-site" } });
  const cookie = `sid=s%3A${between(at.random, 0, 1e9)}.x; __Host-sms2fa-abcdefgh=x`;
  await at.stranger(user).call("GET", "/account", { headers: { Cookie: cookie } });
  await at.stranger(user).visit("account");
}

/** Follows redirects to a page; its text, or nothing. */
async function land(at, browser, path) {
  let to = path;
  for (let step = 0; step < 6; step += 1) {
    const answer = await patiently(at, () => browser.page(to));
    if (answer?.status !== 303) return answer?.text;
    to = answer.headers.location;
  }
  at.caller.tell("redirects without end", `${browser.user.id} from ${path}`);
  return undefined;
}

/** The form of a page that posts below such a path: its address and its hidden fields. */
function formIn(page = "", end) {
  for (const [, head, body] of page.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)) {
    const action = attribute(head, "action");
    if (action?.replace(/\?.*/, "") !== `/2fa${end}`) continue;
    const hidden = [...body.matchAll(/<input([^>]*type="hidden"[^>]*)>/gs)];
    const fields = hidden.map(([, input]) => [attribute(input, "name"), attribute(input, "value")]);
    return { action, fields: Object.fromEntries(fields) };
  }
  return undefined;
}

function attribute(text, name) {
  return new RegExp(`${name}="([^"]*)"`).exec(text)?.[1].replaceAll("&amp;", "&");
}
