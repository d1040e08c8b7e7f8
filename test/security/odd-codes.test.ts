/** Codes and numbers in odd spelling: the right ones are taken, and no other is mistaken for them. */

import { ANN, serve } from "../fakes/app";

test.each([
  ["a space", (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`],
  ["a hyphen", (code: string) => `${code.slice(0, 3)}-${code.slice(3)}`],
  ["a dash", (code: string) => `${code.slice(0, 3)}\u2013${code.slice(3)}`],
  ["spaces and a line break around", (code: string) => ` ${code}\n`],
  ["a no-break space", (code: string) => `${code.slice(0, 3)}\u00a0${code.slice(3)}`],
  ["a zero-width space", (code: string) => `\u200b${code}`],
  ["keycaps", (code: string) => code.replaceAll(/./g, "$&\ufe0f\u20e3")],
  ["direction marks", (code: string) => `\u202d${code}\u202c`],
  ["full-width digits", (code: string) => shift(code, 0xff10)],
  ["Arabic-Indic digits", (code: string) => shift(code, 0x0660)],
  ["Persian digits", (code: string) => shift(code, 0x06f0)],
  ["Devanagari digits", (code: string) => shift(code, 0x0966)],
])("the right code with %s is the right code (B006, B031, R23)", async (_what, write) => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  expect((await client.answer(write(s.lastCode()))).status).toBe(200);
});

function shift(code: string, zero: number): string {
  return Array.from(code, (digit) => String.fromCodePoint(zero + Number(digit))).join("");
}

test.each([
  ["letters behind", (code: string) => `${code}abc`],
  ["a fraction", (code: string) => `${code}.0`],
  ["a plus", (code: string) => `+${code}`],
  ["a minus for a number", (code: string) => `${code}e0`],
  ["hexadecimal", (code: string) => `0x${Number(code).toString(16)}`],
  ["an exponent", (code: string) => `${code.slice(0, 1)}.${code.slice(1)}e5`],
  ["one digit less", (code: string) => code.slice(0, 5)],
  ["one digit more", (code: string) => `${code}0`],
  ["itself twice", (code: string) => code + code],
  ["six emoji", () => "😀😀😀😀😀😀"],
  ["a NUL", (code: string) => `${code}\u0000`],
  ["a wildcard", () => "%%%%%%"],
])("%s is never the right code, and costs no attempt (B065, B070, R10)", async (_what, write) => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  const answer = await client.answer(write(s.lastCode()));
  expect(answer.status).toBe(403);
  expect(answer.body).toMatchObject({ code: "wrong_code", attemptsLeft: 5 });
  expect((await client.answer(s.lastCode())).status).toBe(200);
});

test.each([[""], ["   "], ["\u200b"], ["-"]])(
  "an empty code, %j, is refused and costs no attempt (B063, R22)",
  async (code) => {
    const s = await serve();
    const client = await s.signedIn();
    await client.ask();
    expect((await client.answer(code)).body).toMatchObject({ code: "invalid_request" });
    expect((await client.post("/2fa/validate-auth", {})).body).toMatchObject({
      code: "invalid_request",
    });
    expect((await client.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
    expect((await client.answer(s.lastCode())).status).toBe(200);
  },
);

test("a code that begins with a zero is texted and taken with it (B007)", async () => {
  const s = await serve({ options: { limits: roomy() } });
  let code = "";
  // One in ten: the chance of none in 400 is below 10^-18.
  for (let tries = 0; tries < 400 && !code.startsWith("0"); tries += 1) {
    const client = await s.signedIn();
    await client.ask();
    code = s.lastCode();
    if (!code.startsWith("0")) continue;
    expect(code).toHaveLength(6);
    expect((await client.answer(code.slice(1))).status).toBe(403);
    expect((await client.answer(code)).status).toBe(200);
  }
  expect(code.startsWith("0")).toBe(true);
});

function roomy() {
  const limit = { max: 1000, window: 600 };
  return { user: limit, number: limit, network: limit, country: limit, all: limit, perDay: 1000 };
}

test.each([
  "+12025550123\nBcc: x",
  "+12025550123\n+12025550188",
  "+12025550123\r\n",
  "+1 202-555-0123 ext. 9",
  "+12025550123;ext=9",
  "call me on +12025550123",
  "+120255a50123",
  "911",
  "12345",
  "",
  "+",
  "0",
])(
  "the number %j is refused, or is exactly what it says: no other is texted (B054, B055, B056, B110, R26)",
  async (number) => {
    const s = await serve({ user: "from-request" });
    const { status } = await s.client().ask({ number });
    expect([200, 400]).toContain(status);
    for (const { to } of s.sent) expect(to).toBe(ANN);
    if (/[a-z;]|\n./i.test(number) || number.length < 8) expect(status).toBe(400);
  },
);

test.each([
  ["a raw plus in a form", "number=+12025550123"],
  ["an encoded plus", "number=%2B12025550123"],
  ["no plus", "number=12025550123"],
  ["punctuation", "number=%2B1 (202) 555-0123"],
  ["middle dots", "number=%2B1 202\u00b7555\u00b70123"],
  ["a variation selector", "number=%2B12025550123%EF%B8%8F"],
  ["direction marks", "number=%E2%80%AD%2B12025550123%E2%80%AC"],
])("%s is the same number at both endpoints (B001, B002, B027)", async (_what, form) => {
  const s = await serve({ user: "from-request" });
  const client = s.client();
  const asked = await client.send("post", "/2fa/request-auth").type("form").send(form);
  expect(asked.status).toBe(200);
  expect(s.sent[0]?.to).toBe(ANN);
  for (const number of [
    ANN,
    "+1.202.555.0123",
    "\u0661\u0662\u0660\u0662\u0665\u0665\u0665\u0660\u0661\u0662\u0663",
  ]) {
    const wrong = await client.answer("12", { number });
    expect(wrong.body).toMatchObject({ code: "wrong_code" });
  }
  expect((await client.answer(s.lastCode(), { number: "1 202 555 0123" })).status).toBe(200);
});
