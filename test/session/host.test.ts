/** The session of a request: what will do as one, when the client has it, and what is read and written of it. */

import { leaveSession, sessionOf } from "../../lib/session/session";
import { MARK, STATE } from "./kit";

const nothing = (): void => undefined;

/** A request as express-session leaves it; its session can be changed, and so can its store. */
function made(more: object = {}, of: { session?: object; store?: object } = {}) {
  return {
    url: "/",
    headers: {} as Record<string, string>,
    socket: {},
    sessionID: "id-of-it",
    session: { id: "id-of-it", cookie: {}, save: nothing, touch: nothing, ...of.session },
    sessionStore: { generate: nothing, get: nothing, destroy: nothing, ...of.store },
    ...more,
  };
}

const of = (req: object) => sessionOf(req as never);

function thrownBy(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    const { code, reason } = error as { code: string; reason?: string };
    return [code, reason];
  }
}

/** Why there is no session. */
const refusal = (req: object) => thrownBy(() => of(req));

test("a session of express-session will do", () => {
  expect(refusal(made())).toBeUndefined();
  expect(of(made()).id).toBe("id-of-it");
});

describe("a request without a session", () => {
  test.each([
    [{ session: undefined, url: "/a" }],
    [{ session: null, url: "/a" }],
    [{ session: null, url: "" }],
    [{ session: null, url: undefined }],
    [{ session: null, url: "*", originalUrl: "/a" }],
    [{ session: null, url: "/a", originalUrl: 7 }],
  ])("is a fault of the app's wiring: %j (B076)", (more) => {
    expect(refusal(made(more))).toEqual(["unavailable", "session_missing"]);
  });

  test.each([
    [{ session: null, url: "*" }],
    [{ session: null, url: "http://acme.example/" }],
    [{ session: undefined, url: "acme.example:443" }],
    [{ session: null, url: "/", originalUrl: "*" }],
  ])("whose line names no path is nobody's fault: %j", (more) => {
    expect(refusal(made(more))).toEqual(["invalid_request", undefined]);
  });
});

test.each([
  ["a session without save()", made({}, { session: { save: undefined } })],
  ["a session without touch()", made({}, { session: { touch: true } })],
  ["a store without generate()", made({}, { store: { generate: undefined } })],
  ["a store without get()", made({}, { store: { get: "get" } })],
  ["a store without destroy()", made({}, { store: { destroy: undefined } })],
  ["no store", made({ sessionStore: undefined })],
])("%s is none of express-session's (B106)", (_what, req) => {
  expect(refusal(req)).toEqual(["unavailable", "session_unsupported"]);
});

test("what express-session is to leave alone is a session no more, and nothing is done with it", async () => {
  const left = { reason: "session_left" };
  const req = made();
  const session = of(req);
  leaveSession(req as never);
  expect(refusal(req)).toEqual(["unavailable", "session_left"]);
  expect(thrownBy(() => session.id)).toEqual(["unavailable", "session_left"]);
  await expect(session.save()).rejects.toMatchObject(left);
  await expect(session.renew(STATE)).rejects.toMatchObject(left);
  expect(await session.reload()).toBe(false);
});

test("what the app has destroyed is nobody's: nothing is read, written, begun, saved or told of it", async () => {
  const req: { session?: unknown; headers: object } = made(
    {},
    { session: { cookie: { secure: true } } },
  );
  const session = of(req);
  delete req.session;
  expect(session.read()).toEqual({ challenges: [], marks: [] });
  expect(session.readMarks()).toEqual([]);
  session.write(STATE);
  session.begin();
  expect(session.lossOf()).toBeUndefined();
  req.headers = { cookie: "connect.sid=s%3Aid-of-it.signature" };
  session.watch(nothing);
  expect(req.session).toBeUndefined();
  await expect(session.save()).rejects.toMatchObject({ reason: "session_left" });
  await expect(session.renew(STATE)).rejects.toMatchObject({ reason: "session_left" });
  expect(await session.reload()).toBe(false);
});

test.each([
  ["no cookie", undefined, false],
  ["other cookies", "theme=dark; connect.sid=s%3Aother.signature", false],
  ["its cookie", "theme=dark; connect.sid=s%3Aa%2Fb%20c.signature", true],
  ["its cookie, not encoded", "own=s:a/b c.signature", true],
  ["its cookie, beside one that can't be decoded", "own=s:a/b c.signature; broken=%", true],
])("whether the client has the session's cookie: it sends %s", (_what, cookie, isBegun) => {
  expect(of(made({ headers: { cookie }, sessionID: "a/b c" })).isBegun).toBe(isBegun);
});

test("a state that is written is read again, and nothing at all is left of an empty one", () => {
  const req = made({}, { session: { cart: "three apples" } });
  const session = of(req);
  session.write(STATE);
  expect(req.session).toHaveProperty("twoFactor", { marks: [MARK] });
  expect(session.read()).toEqual(STATE);
  expect(session.readMarks()).toEqual([MARK]);
  session.write({ challenges: [], marks: [] });
  expect(Object.keys(req.session)).not.toContain("twoFactor");
  expect(req.session).toHaveProperty("cart");
});

test("a session begins for its forms once, and what stands in it is left as it is", () => {
  const fresh = made();
  of(fresh).begin();
  expect(fresh.session).toHaveProperty("twoFactor", {});
  const held = made({}, { session: { twoFactor: { marks: [MARK] } } });
  of(held).begin();
  expect(held.session).toHaveProperty("twoFactor", { marks: [MARK] });
  const begun = made({ headers: { cookie: "connect.sid=s%3Aid-of-it.signature" } });
  of(begun).begin();
  expect(begun.session).not.toHaveProperty("twoFactor");
});

describe("a session whose cookie is for https alone", () => {
  const SECURE = { session: { cookie: { secure: true } } };
  const lossOf = (more: object, kind: object = SECURE) => of(made(more, kind)).lossOf()?.reason;

  test.each([
    [{}],
    [{ secure: false }],
    [{ secure: "yes" }],
    [{ socket: { encrypted: "yes" } }],
    [{ headers: { "x-forwarded-proto": "http" } }],
    [{ headers: { "x-forwarded-proto": "http, https" } }],
    [{ headers: { "x-forwarded-proto": "not https" } }],
    [{ headers: { "x-forwarded-proto": "" } }],
    [{ headers: { "x-forwarded-ssl": "https" } }],
  ])("is lost over plain http: %j", (more) => {
    expect(lossOf(more)).toBe("session_cookie_secure");
  });

  test.each([
    [{ secure: true }],
    [{ socket: { encrypted: true } }],
    [{ headers: { "x-forwarded-proto": "https" } }],
    [{ headers: { "x-forwarded-proto": "  HTTPS, http" } }],
    [{ headers: { cookie: "connect.sid=s%3Aid-of-it.signature" } }],
  ])("is not lost where something says https, or the client has it: %j", (more) => {
    expect(lossOf(more)).toBeUndefined();
  });

  test.each([{}, { secure: false }, { secure: undefined }])(
    "is the only one that is lost: one with a cookie %j is not",
    (cookie) => {
      expect(lossOf({}, { session: { cookie } })).toBeUndefined();
    },
  );
});
