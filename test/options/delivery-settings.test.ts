/** The option `deliveryStatus`: what is good, what is refused, and that no sentence shows a key. */

import { twoFactor } from "../../lib/index";
import { readDeliveryStatus } from "../../lib/options/delivery-settings";

const KEY = "PSK_0123456789abcdef0123456789abcdef";
const read = (options: object) =>
  readDeliveryStatus({ publicUrl: "https://app.acme.example/2fa", signingKey: KEY, ...options });
const start = (deliveryStatus: unknown) =>
  twoFactor({
    secret: "0123456789abcdef".repeat(2),
    user: () => null,
    sender: () => undefined,
    appName: "Acme",
    deliveryStatus: deliveryStatus as { publicUrl: string; signingKey: string },
  });

test.each([
  ["https://app.acme.example/2fa", "https://app.acme.example/2fa/delivery-status"],
  ["https://app.acme.example/2fa/", "https://app.acme.example/2fa/delivery-status"],
  ["https://app.acme.example", "https://app.acme.example/delivery-status"],
  ["https://App.Acme.example:443/2FA", "https://app.acme.example/2FA/delivery-status"],
  ["https://app.acme.example:8443/2fa", "https://app.acme.example:8443/2fa/delivery-status"],
  ["https://app.acme.example/2fa/delivery-status", "https://app.acme.example/2fa/delivery-status"],
  ["https://app.acme.example/2fa/delivery-status/", "https://app.acme.example/2fa/delivery-status"],
  ["http://localhost:3000/2fa", "http://localhost:3000/2fa/delivery-status"],
  ["http://127.0.0.1:3000/2fa", "http://127.0.0.1:3000/2fa/delivery-status"],
  ["http://[::1]:3000/2fa", "http://[::1]:3000/2fa/delivery-status"],
])("`publicUrl: %j` has the endpoint at %s", (publicUrl, url) => {
  expect(read({ publicUrl })).toEqual({ url, signingKeys: [KEY] });
});

test.each([
  undefined,
  null,
  "",
  7,
  "/2fa",
  "app.acme.example/2fa",
  "http://app.acme.example/2fa",
  "http://127.0.0.1.acme.example/2fa",
  "ftp://app.acme.example/2fa",
  "https://ann:password@app.acme.example/2fa",
  "https://app.acme.example/2fa?key=1",
  "https://app.acme.example/2fa?",
  "https://app.acme.example/2fa#top",
  "https://app.acme.example/2 fa",
  "https://app.acme.example/2fa\n",
  "https://",
  ["https://app.acme.example/2fa"],
])("`publicUrl: %j` throws a sentence that says the fix and shows nothing", (publicUrl) => {
  expect(() => start({ publicUrl, signingKey: KEY })).toThrow(
    /^Expected `deliveryStatus\.publicUrl` to be the URL at which a gateway reaches the router, such as/,
  );
  expect(() => start({ publicUrl, signingKey: KEY })).not.toThrow(/password|PSK_/);
});

test("several keys are taken, for two gateways or while one is replaced", () => {
  const signingKey = [KEY, "0123456789abcdef0123456789abcdef"];
  expect(read({ signingKey })).toMatchObject({ signingKeys: signingKey });
});

test.each([undefined, null, "", "short", `${KEY} `, `${KEY}\n`, 7, [], [KEY, ""], [[KEY]], {}])(
  "`signingKey: %j` throws a sentence that says the fix and shows no key",
  (signingKey) => {
    const options = { publicUrl: "https://app.acme.example/2fa", signingKey };
    expect(() => start(options)).toThrow(
      /^Expected `deliveryStatus\.signingKey` to be the Signing Key from the API page/,
    );
    expect(() => start(options)).not.toThrow(/PSK_|0123456789/);
  },
);

test.each([
  "your-signing-key-from-the-space",
  "<signing key of the Space>".replaceAll(" ", "-"),
  "PSK_xxxxxxxxxxxxxxxxxxxxxxxx",
  "change-me-change-me",
])(
  "`signingKey: %j` is what an example has there: whoever guesses it would forge callbacks",
  (key) => {
    expect(() => read({ signingKey: key })).toThrow(/; one is what an example file has there\.$/);
    expect(() => read({ signingKey: [KEY, key] })).toThrow(
      /^Expected `deliveryStatus\.signingKey`/,
    );
  },
);

test("an API token in the place of the key would sign nothing, and is told apart", () => {
  const token = "PT0123456789abcdef0123456789abcdef0123456789abcdef";
  expect(() => read({ signingKey: token })).toThrow(
    /; one begins with PT, as API tokens of SignalWire's do\.$/,
  );
});

test("a key pasted in the place of the URL, or of the options, is not shown (C265)", () => {
  for (const options of [{ publicUrl: KEY, signingKey: KEY }, KEY, { [KEY]: true }]) {
    expect(() => start(options)).toThrow(TypeError);
    expect(() => start(options)).not.toThrow(KEY);
  }
});

test("a misspelt name throws, and the right one is suggested", () => {
  expect(() => start({ publicURL: "https://app.acme.example/2fa", signingKey: KEY })).toThrow(
    "Unknown option `publicURL` of `deliveryStatus`. Did you mean `publicUrl`?",
  );
});

test.each([null, true, false, [], "https://app.acme.example/2fa"])(
  "`deliveryStatus: %j` throws",
  (deliveryStatus) => {
    expect(() => start(deliveryStatus)).toThrow(
      "Expected `deliveryStatus` to be given an object of options.",
    );
  },
);

test("a variable that is not set is told as one that is missing", () => {
  const missing = /: none is given\.$/;
  expect(() => read({ signingKey: undefined as unknown as string })).toThrow(missing);
  expect(() => read({ signingKey: [KEY, undefined as unknown as string] })).toThrow(missing);
  expect(() => read({ publicUrl: undefined as unknown as string })).toThrow(missing);
});
