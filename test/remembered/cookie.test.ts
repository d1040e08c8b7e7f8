/** The cookie of a remembered browser. */

import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { cookieName, makeRoom, readCookie, setCookie } from "../../lib/remembered/cookie";

const ID = "i".repeat(22);
const TOKEN = "t".repeat(43);
const NAME = cookieName("Ab_-1234abcdefghijklmn");

function requestWith(cookie: string | undefined): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  if (cookie !== undefined) req.headers.cookie = cookie;
  return req;
}

function response(): ServerResponse {
  return new ServerResponse(new IncomingMessage(new Socket()));
}

test("its name tells neither user nor app, and only this host can set it", () => {
  expect(NAME).toBe("__Host-sms2fa-Ab_-1234");
});

test("what was set is read", () => {
  const res = response();
  setCookie(res, NAME, { id: ID, token: TOKEN }, 60);
  const [set = ""] = res.getHeader("Set-Cookie") as string[];
  expect(set).toBe(`${NAME}=${ID}.${TOKEN}; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax`);
  const [pair] = set.split(";");
  expect(readCookie(requestWith(`a=b; ${pair ?? ""} ; c`), NAME)).toEqual({ id: ID, token: TOKEN });
});

test.each([
  ["none", undefined],
  ["an empty header", ""],
  ["another name", `${NAME}x=${ID}.${TOKEN}`],
  ["a name in other letters", `${NAME.toUpperCase()}=${ID}.${TOKEN}`],
  ["no value", NAME],
  ["a shorter id", `${NAME}=${ID.slice(1)}.${TOKEN}`],
  ["a longer token", `${NAME}=${ID}.${TOKEN}t`],
  ["quotes", `${NAME}="${ID}.${TOKEN}"`],
  ["an encoded value", `${NAME}=${ID}%2e${TOKEN}`],
  ["more behind it", `${NAME}=${ID}.${TOKEN}=`],
  ["a space within", `${NAME}=${ID}. ${TOKEN}`],
  ["two of them", `${NAME}=${ID}.${TOKEN}; ${NAME}=${ID}.${TOKEN}`],
  ["one good and one bad", `${NAME}=${ID}.${TOKEN}; ${NAME}=x`],
  ["a huge header", `${NAME}=${"x".repeat(1e6)}`],
  ["very many", `${NAME}=x;`.repeat(1e5)],
  ["__proto__", "__proto__=x; constructor=y"],
])("%s is no cookie", (_, header) => {
  expect(readCookie(requestWith(header), NAME)).toBeUndefined();
});

test.each([
  ["none", undefined, 1],
  ["one", "a=1", 2],
  ["several", ["a=1", "b=2"], 3],
])("the app's own cookies stay: %s", (_, before, count) => {
  const res = response();
  if (before !== undefined) res.setHeader("Set-Cookie", before);
  setCookie(res, NAME, { id: ID, token: TOKEN }, 60);
  const all = res.getHeader("Set-Cookie") as string[];
  expect(all.slice(0, -1)).toEqual([before ?? []].flat());
  expect(all).toHaveLength(count);
});

test("a browser of many users keeps the last eight, so that its requests stay small", () => {
  const names = Array.from({ length: 10 }, (_, n) => cookieName(`user000${n}`));
  const header = [...names.map((name) => `${name}=x`), "__Host-sms2fa-other-app=1"].join("; ");
  const res = response();
  makeRoom(requestWith(header), res, NAME);
  const dropped = (res.getHeader("Set-Cookie") as string[]).map((each) => each.split(";", 2));
  expect(dropped).toEqual(names.slice(0, 3).map((name) => [`${name}=`, " Max-Age=0"]));
});

test("one's own is not counted, and a cookie of nobody's is not dropped", () => {
  const names = Array.from({ length: 7 }, (_, n) => `${cookieName(`user000${n}`)}=x`);
  const res = response();
  makeRoom(requestWith([...names, `${NAME}=x`, "a=b", "b=c"].join("; ")), res, NAME);
  expect(res.getHeader("Set-Cookie")).toBeUndefined();
});
