/** The names that a text is signed with are made plain, or refused with what would be right. */

import fc from "fast-check";
import { measureText } from "../../lib/delivery/segments";
import { readAppName, readOrigin } from "../../lib/delivery/signature";

describe("an app's name", () => {
  test.each([
    ["Acme", "Acme"],
    ["  Acme\n", "Acme"],
    ["L’App", "L'App"],
    ["Ben`s “Shop” – «Nord»", 'Ben\'s "Shop" - "Nord"'],
    ["A\u00a0B  C…", "A B C..."],
    ["Cafe\u0301", "Café"],
    ["A".repeat(160), "A".repeat(160)],
    ["Café 😀", "Café 😀"],
    ["👩\u200d🚀 Crew", "👩\u200d🚀 Crew"],
    ["C#", "C#"],
    ["@home", "@home"],
    ["C# @home", "C# @home"],
  ])("%j is written %j (B088)", (typed, value) => {
    expect(readAppName(typed)).toEqual({ ok: true, value });
  });

  test("keeps the text cheap when word processors wrote it (B088)", () => {
    const reading = readAppName("‘Ünited’ – “Söns” − Co…");
    expect(reading.ok && measureText(reading.value).encoding).toBe("GSM-7");
  });

  test.each([
    ["", "1 to 160 characters"],
    [" \n\t", "1 to 160 characters"],
    ["A".repeat(161), "1 to 160 characters"],
    ["Acme\n@evil.example #123456", "one line"],
    ["Acme\r\nInc", "one line"],
    ["Acme\u2028Inc", "one line"],
    ["Acme\u0085Inc", "one line"],
    ["Acme\tInc", "one line"],
    ["Acme\u0000", "one line"],
    ["Acme \u202e654321", "one line"],
    ["Acme \ud83d", "one line"],
    ["@evil.example #123456", "not to look like the line"],
    ["Acme @evil.example #123456", "not to look like the line"],
    ["@x#1", "not to look like the line"],
  ])("%j is refused (R47)", (typed, why) => {
    expect(readAppName(typed)).toEqual({ ok: false, why: expect.stringContaining(why) as string });
  });

  test("reads its own result as the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (typed) => {
        const reading = readAppName(typed);
        if (reading.ok) expect(readAppName(reading.value)).toEqual(reading);
      }),
    );
  });
});

describe("an origin", () => {
  test.each([
    ["https://app.acme.example", "app.acme.example"],
    ["https://app.acme.example/", "app.acme.example"],
    ["https://app.acme.example:443", "app.acme.example"],
    ["HTTPS://App.ACME.Example", "app.acme.example"],
    ["https://bücher.example", "xn--bcher-kva.example"],
    ["https://intranet", "intranet"],
  ])("%s is the host %s (R46, B087)", (origin, value) => {
    expect(readOrigin(origin)).toEqual({ ok: true, value });
  });

  test.each([
    ["", "no other scheme"],
    ["http://app.acme.example", "no other scheme"],
    ["ftp://app.acme.example", "no other scheme"],
    ["javascript:alert(1)", "no other scheme"],
    ["https://", "no other scheme"],
    ["https://app.acme.example:8443", "without a port"],
    ["app.acme.example:8443", "without a port"],
    ["https://app.acme.example:443/x", "without a path"],
    ["https://app.acme.example/?a=1", "without a path"],
    ["https://app.acme.example?", "without a path"],
    ["https://app.acme.example#123456", "without a path"],
    ["https://me:secret@app.acme.example", "without a user"],
    [" https://app.acme.example", "without blanks"],
    ["https://app.acme\n.example", "without blanks"],
    ["https://app.acme.example\\x", "without blanks"],
    ["https://app.acme.example #123456", "without blanks"],
    ["https://localhost", "with a domain"],
    ["app.localhost", "with a domain"],
    ["localhost:3000", "without a port"],
    ["https://127.0.0.1", "with a domain"],
    ["https://0x7f.1", "with a domain"],
    ["https://[::1]", "with a domain"],
    ["https://my_app.example", "with a domain"],
    ["https://app.acme.example.", "with a domain"],
    ["https://app..example", "with a domain"],
    ["https://-app.example", "with a domain"],
    ["https://*.example", "with a domain"],
    [`https://${"a".repeat(64)}.example`, "with a domain"],
    [`https://${"a.".repeat(126)}example`, "with a domain"],
  ])("%j is refused (R46)", (origin, why) => {
    expect(readOrigin(origin)).toEqual({ ok: false, why: expect.stringContaining(why) as string });
  });

  test.each([
    "app.acme.example",
    "APP.Acme.example",
    "app.acme.example:443/",
    "//app.acme.example",
  ])("%s, without its scheme, is refused with the fix (C254)", (origin) => {
    const fix = 'with its scheme: "https://app.acme.example"';
    expect(readOrigin(origin)).toEqual({ ok: false, why: expect.stringContaining(fix) as string });
  });

  test("is never anything that browsers don't match (R46)", () => {
    const origin = fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.domain(),
      fc.webAuthority({ withPort: true, withUserInfo: true, withIPv6: true }),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(origin, (text) => {
        const reading = readOrigin(text);
        if (!reading.ok) return;
        expect(`@${reading.value} #1`).toMatch(/^@[a-z0-9.-]+ #1$/);
        expect(readOrigin(`https://${reading.value}`)).toEqual(reading);
      }),
      { numRuns: 500 },
    );
  });
});
