/** Callbacks of gateways: what they tell, by whom it is signed, and which text they name. */

import { createHmac } from "node:crypto";
import fc, { type Arbitrary } from "fast-check";
import { readKeys } from "../../../lib/crypto/keys";
import { readCallback } from "../../../lib/delivery/callback";
import { isSignedBy } from "../../../lib/delivery/callback-signature";
import { Deliveries } from "../../../lib/limits/deliveries";
import type { Settings } from "../../../lib/options/settings";
import { FORMS, ODDITIES } from "../corpus";
import { textsLike } from "../mutations";
import { hold, target } from "../target";

type Form = readonly (readonly [string, string])[];

const NAMES = [
  "MessageStatus",
  "SmsStatus",
  "CallStatus",
  "ErrorCode",
  "To",
  "MessageSid",
  "__proto__",
  "",
];
const VALUES = [
  "delivered",
  "undelivered",
  "failed",
  "sent",
  "DELIVERED",
  "21610",
  "30003",
  "+12025550123",
  "0",
  "",
  ...ODDITIES,
];

/** Forms of gateways, some of their parameters changed or added. */
export const forms: Arbitrary<Form> = fc
  .tuple(
    fc.constantFrom(...FORMS),
    fc.array(fc.tuple(textsLike(NAMES), textsLike(VALUES), fc.boolean()), { maxLength: 4 }),
  )
  .map(([form, more]) =>
    more.reduce<Form>(
      (so, [name, value, isFirst]) =>
        isFirst ? [[name, value], ...so] : [...so.slice(1), [name, value]],
      form,
    ),
  );

const URL = "https://app.acme.example/2fa/delivery-status";
const KEY = "0123456789abcdef0123";

/** As Twilio's documents say, written anew: the URL, then each name and value, sorted by name. */
export function signed(form: Form, { url = URL, key = KEY } = {}): string {
  return createHmac("sha1", key).update(contentOf(form, url)).digest("base64");
}

function contentOf(form: Form, url: string): string {
  const sorted = form.map(([name, value], at) => ({ name, value, at }));
  sorted.sort((a, b) => (a.name === b.name ? a.at - b.at : a.name < b.name ? -1 : 1));
  return url + sorted.map(({ name, value }) => name + value).join("");
}

const signature = target({
  name: "callback-signature",
  share: 40_000,
  inputs: fc.record({
    form: forms,
    other: forms,
    sent: textsLike(["", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", signed([])]),
    key: fc.constantFrom(KEY, "another-key-of-16+"),
  }),
  check: ({ form, other, sent, key }) => {
    const keys = ["an-older-key-of-16", KEY];
    hold(isSignedBy(keys, URL, form, signed(form)), "what our gateway has signed is signed");
    hold(
      isSignedBy(keys, URL, form, signed(form, { key })) === (key === KEY),
      "no other key signs",
    );
    const isSame = contentOf(form, URL) === contentOf(other, URL);
    hold(isSignedBy(keys, URL, other, signed(form)) === isSame, "a signature is that of its form");
    hold(!isSignedBy(keys, `${URL}/x`, form, signed(form)), "a signature is that of its URL");
    const bytes = Buffer.from(signed(form));
    hold(
      isSignedBy(keys, URL, form, sent) === bytes.equals(Buffer.from(sent)),
      "no other signature passes",
    );
  },
});

const report = target({
  name: "callback",
  share: 40_000,
  inputs: fc.record({ form: forms }),
  check: ({ form }) => {
    const told = readCallback(form);
    if (told === undefined) return;
    hold(["delivered", "undelivered"].includes(told.state), "a state is one of two");
    hold(/^[\w:-]*$/.test(told.reason ?? ""), "a reason is a word");
  },
});

const deliveries = new Deliveries(readKeys(["0123456789abcdef0123456789abcdef"]), URL, {
  namespace: "",
  codeTtl: 600,
} as Settings);
const CHALLENGE = deliveries.begin({} as never);
const REFERENCE = deliveries.callbackFor(CHALLENGE)?.split("ref=")[1] ?? "";

const reference = target({
  name: "callback-reference",
  share: 20_000,
  inputs: fc.record({
    reference: textsLike([REFERENCE, REFERENCE.slice(0, 22), REFERENCE.toLowerCase(), ""]),
  }),
  check: ({ reference: named }) => {
    const text = deliveries.open(named);
    hold((text === CHALLENGE.text) === (named === REFERENCE), "only a reference of ours opens");
    hold(text === undefined || named === REFERENCE, "no other text is named");
  },
});

export const CALLBACK_TARGETS = [signature, report, reference];
