/** What a measured user does: asks for a code and answers it, a new person each time. */

const PROTOCOLS = {
  ours: {
    ask: "/2fa/request-auth",
    answer: "/2fa/validate-auth",
    body: (code) => ({ auth_code: code }),
  },
  least: {
    ask: "/least/request-auth",
    answer: "/least/validate-auth",
    body: (code) => ({ auth_code: code }),
  },
};

let people = 0;

/** A person that no run has met: an id and a number that is possible in California. */
export function newPerson() {
  people += 1;
  const digits = String(2_000_000 + (people % 8_000_000));
  return { "X-User": `user-${people}`, "X-Phone": `+1415${digits}` };
}

/** Makes the act of one cycle over one of `connections`. */
export function cycleOver(connections, protocol = "ours") {
  const { ask, answer, body } = PROTOCOLS[protocol];
  return async (index) => {
    const connection = connections[index];
    const headers = newPerson();
    const asked = await connection.call("POST", ask, { headers, body: {} });
    const answered = await connection.call("POST", answer, {
      headers: { ...headers, Cookie: asked.cookie },
      body: body(asked.code),
    });
    expectOk(asked, answered);
  };
}

/** The same with better-auth's endpoints; nothing in its answers binds a code to a session. */
export function betterAuthCycleOver(connections) {
  return async (index) => {
    const connection = connections[index];
    const headers = { ...newPerson(), Origin: "http://127.0.0.1" };
    const phoneNumber = headers["X-Phone"];
    const path = "/api/auth/phone-number";
    const asked = await connection.call("POST", `${path}/send-otp`, {
      headers,
      body: { phoneNumber },
    });
    const body = { phoneNumber, code: asked.code };
    expectOk(asked, await connection.call("POST", `${path}/verify`, { headers, body }));
  };
}

/** Fails the run at an answer that is not 200: a refusal is quick, and would look like speed. */
export function expectOk(...answers) {
  for (const { status, text } of answers) {
    if (status !== 200) throw new Error(`Expected 200, got ${status}: ${text.slice(0, 200)}`);
  }
}
