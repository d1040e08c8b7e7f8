/** Attacks with odd input: every kind is refused cleanly and quickly, and none passes. */

import { ANN, EXPRESSES, serve } from "../fakes/app";

describe.each(EXPRESSES)("%s", (_name, express) => {
  test.each([
    ["a number", 123456],
    ["true", true],
    ["an array with the right code", ["CODE"]],
    ["an array of two", ["000000", "CODE"]],
    ["an object", { $ne: null }],
    ["a nested object", { code: "CODE" }],
  ])(
    "a code sent as %s is refused as malformed, and costs no attempt (B032, B067, R22)",
    async (_what, value) => {
      const s = await serve({ express });
      const client = await s.signedIn();
      await client.ask();
      const sent = JSON.parse(JSON.stringify(value).replace("CODE", s.lastCode())) as unknown;
      for (const body of [{ auth_code: sent }, { code: sent }]) {
        const answer = await client.post("/2fa/validate-auth", body);
        expect(answer.status).toBe(400);
        expect(answer.body).toMatchObject({ code: "invalid_request" });
      }
      expect(await client.visit()).toBe(403);
      expect((await client.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
      expect((await client.answer(s.lastCode())).status).toBe(200);
    },
  );

  test.each([[12025550123], [true], [["+12025550123"]], [{ $gt: "" }]])(
    "a number sent as %j is refused as malformed (B032, B067)",
    async (number) => {
      const s = await serve({ express, user: "from-request" });
      const client = s.client();
      for (const path of ["/2fa/request-auth", "/2fa/validate-auth"]) {
        const answer = await client.post(path, { number, auth_code: "123456" });
        expect(answer.status).toBe(400);
        expect(answer.body).toMatchObject({ code: "invalid_request" });
      }
      expect(s.sent).toEqual([]);
    },
  );

  test("a null field of JSON is refused, and does not stand for an absent one (B032)", async () => {
    const s = await serve({ express });
    const client = await s.signedIn();
    await client.ask();
    const answer = await client.post("/2fa/validate-auth", { auth_code: null });
    expect(answer.body).toMatchObject({ code: "invalid_request" });
  });

  test.each([
    "auth_code=000000&auth_code=CODE",
    "auth_code=CODE&auth_code=CODE",
    "code=000000&auth_code=CODE",
    "auth_code[]=CODE",
    "auth_code[$ne]=1",
    "auth_code[0]=CODE",
    "auth_code%5B%5D=CODE",
  ])("a form of %s is refused, and costs no attempt (B067, R69)", async (form) => {
    const s = await serve({ express });
    const client = await s.signedIn();
    await client.ask();
    const answer = await client
      .send("post", "/2fa/validate-auth")
      .type("form")
      .send(form.replaceAll("CODE", s.lastCode()));
    expect(answer.status).toBe(400);
    expect(await client.visit()).toBe(403);
    expect((await client.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "%s as number, code, user or field meets no prototype (B069, R22)",
    async (name) => {
      const s = await serve({ express, user: "from-request", options: { purposes: ["pay"] } });
      const client = s.client();
      expect((await client.ask({ number: name })).status).toBe(400);
      expect((await client.ask({ number: ANN, purpose: name })).status).toBe(400);
      await client.ask({ number: ANN });
      expect((await client.answer(name)).status).toBe(403);
      const polluting = `{"${name}":{"verified":true,"auth_code":"x"},"auth_code":"000000"}`;
      await client.send("post", "/2fa/validate-auth").type("json").send(polluting);
      expect(await client.visit()).toBe(403);
      expect(({} as Record<string, unknown>).verified).toBeUndefined();
      expect((await client.answer(s.lastCode())).status).toBe(200);
    },
  );

  test("a user whose id is __proto__ is a user like any other (B069)", async () => {
    const s = await serve({ express });
    const client = await s.signedIn("__proto__");
    await client.ask();
    expect((await client.answer(s.lastCode())).status).toBe(200);
    expect(await client.visit()).toBe(200);
    await client.signIn("constructor");
    expect(await client.visit()).toBe(403);
  });

  test("input of a megabyte is refused within a moment (B070, B109)", async () => {
    const s = await serve({ express, user: "from-request" });
    const client = s.client();
    await client.ask({ number: ANN });
    const started = performance.now();
    for (const length of [1_000_000, 50_000, 900]) {
      const digits = "1".repeat(length);
      for (const answer of [
        await client.ask({ number: `${digits}@` }),
        await client.answer(digits),
        await client.answer(" ".repeat(length)),
        await client.answer("123456", { number: digits }),
      ]) {
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }
    }
    // Far above what it takes, far below what a pattern that backtracks would.
    expect(performance.now() - started).toBeLessThan(20_000);
    expect((await client.answer(s.lastCode())).status).toBe(200);
  });
});
