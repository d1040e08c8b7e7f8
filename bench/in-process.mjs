/** This package without HTTP: requests and sessions that are plain objects, a sender that keeps the codes. */

import { randomUUID } from "node:crypto";

const PLENTY = 1_000_000_000;
const AMPLE = { max: PLENTY, window: 3600 };

/** `twoFactor()` with caps that refuse nobody, and the code that a number was sent last. */
export function makeTwoFactor({ twoFactor }, options = {}) {
  const codes = new Map();
  const two = twoFactor({
    secret: "0123456789abcdef0123456789abcdef",
    user: ({ user }) => user,
    appName: "Acme",
    sender: ({ to, text }) => {
      codes.set(to, text.slice(0, 6));
    },
    maxPerDay: PLENTY,
    limits: { network: AMPLE, country: AMPLE, all: AMPLE },
    ...options,
  });
  const codeOf = (phone) => {
    const code = codes.get(phone);
    codes.delete(phone);
    return code;
  };
  return { two, codeOf };
}

/** A request with a new session, which is stored nowhere. */
export function fakeRequest(id, phone) {
  const req = {
    url: "/",
    headers: {},
    socket: { remoteAddress: "127.0.0.1" },
    user: { id, phone },
    sessionStore: STORE,
  };
  STORE.generate(req);
  return req;
}

const STORE = {
  generate(req) {
    req.sessionID = randomUUID();
    req.session = new Session(req);
  },
  get(_id, done) {
    done(null, null);
  },
  destroy(_id, done) {
    done();
  },
};

class Session {
  constructor(req) {
    Object.defineProperty(this, "req", { value: req });
    this.cookie = { originalMaxAge: null };
  }

  get id() {
    return this.req.sessionID;
  }

  touch() {
    this.cookie.maxAge = this.cookie.originalMaxAge;
  }

  save(done) {
    done();
  }

  reload(done) {
    done();
  }
}
