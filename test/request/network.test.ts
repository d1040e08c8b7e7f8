/** Requests of one network are counted together, those of two apart. */

import fc from "fast-check";
import { networkOfAddress, UNKNOWN_NETWORK } from "../../lib/request/network";

describe("one network", () => {
  test.each([
    ["203.0.113.7", "::ffff:203.0.113.7", "an IPv4 address on a dual-stack socket"],
    ["203.0.113.7", "::FFFF:cb00:7107", "the same in hexadecimal"],
    ["203.0.113.7", "0:0:0:0:0:ffff:203.0.113.7", "the same written out"],
    ["2001:db8:0:ab00::1", "2001:0DB8::ab42:ffff:0:0:9", "56 bits in common"],
    ["2001:db8::1", "2001:db8:0:ff:ffff:ffff:ffff:ffff", "the ends of a /56"],
    ["fe80::1%eth0", "fe80::1", "a zone"],
    ["::1", "::2", "the loopback's neighbours"],
    ["2002:cb00:7107::1", "2002:cb00:7107:ff00::9", "two networks of one 6to4 address"],
    ["2002:cb00:7107:ab00::1", "203.0.113.7", "6to4 and the address it is made of"],
    ["2001:0:53aa:64c:0:fb4e:34ff:8ef8", "203.0.113.7", "Teredo and the address it is made of"],
    ["2001:0:4136:e378:8000:63bf:34ff:8ef8", "203.0.113.7", "Teredo by another server"],
    ["64:ff9b::cb00:7107", "203.0.113.7", "NAT64 and the address it stands for"],
    ["::ffff:0:203.0.113.7", "203.0.113.7", "a translated address and the one it stands for"],
  ])("%s and %s: %s (R32, C268)", (a, b) => {
    expect(networkOfAddress(a)).toBe(networkOfAddress(b));
    expect(networkOfAddress(a)).not.toBe(UNKNOWN_NETWORK);
  });

  test.each([undefined, "", "localhost", "1.2.3", "1.2.3.4, 5.6.7.8", "::g"])(
    "%j can't be read, so it is counted with all others of its kind",
    (address) => {
      expect(networkOfAddress(address)).toBe(UNKNOWN_NETWORK);
    },
  );
});

describe("two networks", () => {
  test.each([
    ["203.0.113.7", "203.0.113.8"],
    ["2001:db8:0:ab00::1", "2001:db8:0:ac00::1"],
    ["::1", "::ffff:0.0.0.1"],
    ["::203.0.113.7", "203.0.113.7"],
    ["1::ffff:203.0.113.7", "203.0.113.7"],
    ["2002:cb00:7107::1", "2002:cb00:7108::1"],
    ["64:ff9b::cb00:7107", "64:ff9b::cb00:7108"],
    ["2001:0:53aa:64c:0:fb4e:34ff:8ef8", "2001:0:53aa:64c:0:fb4e:34ff:8ef7"],
    ["2003:cb00:7107::1", "203.0.113.7"],
  ])("%s and %s", (a, b) => {
    expect(networkOfAddress(a)).not.toBe(networkOfAddress(b));
  });
});

test("a network is named in its canonical spelling", () => {
  expect(networkOfAddress("203.0.113.7")).toBe("203.0.113.7");
  expect(networkOfAddress("::ffff:203.0.113.7")).toBe("203.0.113.7");
  expect(networkOfAddress("2001:0DB8:0000:AB42:1:2:3:4")).toBe("2001:db8:0:ab00::/56");
  expect(networkOfAddress("::1")).toBe("::/56");
});

const group = fc.integer({ min: 0, max: 0xffff });
const written = (groups: readonly number[]) => groups.map((value) => value.toString(16)).join(":");
const isOrdinary = ([first, second]: readonly number[]) =>
  first !== 0x2002 && !(first === 0x2001 && second === 0);
// 2000::/3 alone is handed out, and in it 6to4 and Teredo stand for IPv4 addresses.
const address = fc
  .tuple(fc.integer({ min: 0x2000, max: 0x3fff }), ...Array.from({ length: 7 }, () => group))
  .map((groups) => groups as readonly number[])
  .filter(isOrdinary);

test("two IPv6 addresses are one network exactly if they share 56 bits (R32)", () => {
  fc.assert(
    fc.property(address, address, fc.integer({ min: 0, max: 127 }), (a, b, flipped) => {
      const bits = (groups: readonly number[]) =>
        groups.map((value) => value.toString(2).padStart(16, "0")).join("");
      const host = [...a.slice(0, 3), ((a[3] ?? 0) & 0xff00) | ((b[3] ?? 0) & 0xff), ...b.slice(4)];
      expect(networkOfAddress(written(host))).toBe(networkOfAddress(written(a)));
      const near = a.map((value, at) =>
        at === flipped >> 4 ? value ^ (0x8000 >> (flipped & 15)) : value,
      );
      fc.pre(isOrdinary(near));
      const isOne = bits(a).slice(0, 56) === bits(near).slice(0, 56);
      expect(networkOfAddress(written(near)) === networkOfAddress(written(a))).toBe(isOne);
    }),
  );
});

test("the spelling of an address doesn't matter", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV6(), address.map(written)), (spelling) => {
      expect(networkOfAddress(spelling.toUpperCase())).toBe(networkOfAddress(spelling));
      expect(networkOfAddress(new URL(`http://[${spelling}]`).hostname.slice(1, -1))).toBe(
        networkOfAddress(spelling),
      );
    }),
  );
  fc.assert(
    fc.property(fc.ipV4(), (spelling) => {
      expect(networkOfAddress(spelling)).toBe(spelling);
      expect(networkOfAddress(`::ffff:${spelling}`)).toBe(spelling);
      expect(networkOfAddress(new URL(`http://[::ffff:${spelling}]`).hostname.slice(1, -1))).toBe(
        spelling,
      );
    }),
  );
});

test("naming a network never throws", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(typeof networkOfAddress(text)).toBe("string");
    }),
  );
});
