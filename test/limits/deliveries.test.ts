/** How texts have fared: references only this app can make, levels that only rise, and what a stranger may know. */

import { makeChallenge, type Challenge } from "../../lib/challenge/challenge";
import { readKeys } from "../../lib/crypto/keys";
import type { DeliveryReport } from "../../lib/delivery/callback";
import { set } from "../../lib/ledger/ledger";
import { Deliveries, deliveryIn } from "../../lib/limits/deliveries";
import { fakeDate, pass } from "../fakes/clock";
import { ANN, Counters, NEW, OLD, settingsWith } from "./kit";

beforeEach(fakeDate);

const URL = "https://app.acme.example/2fa/delivery-status";

const deliveriesOf = (secrets: [string, ...string[]] = [NEW], namespace = "acme") =>
  new Deliveries(readKeys(secrets), URL, settingsWith({ namespace }));

function challengeOf(keepPhone = false): Challenge {
  const of = {
    subject: "ann",
    phone: ANN,
    description: "",
    purpose: "",
    ttlMs: 600_000,
    keepPhone,
  };
  return makeChallenge(readKeys([NEW]), of, Date.now());
}

const report = (state: DeliveryReport["state"], reason?: string): DeliveryReport => ({
  state,
  reason,
  to: undefined,
});

const referenceIn = (url: string | undefined) => url?.slice(`${URL}?ref=`.length);

describe("a reference", () => {
  test("names the text of a challenge to this app, and is the URL's one parameter", () => {
    const deliveries = deliveriesOf();
    const challenge = deliveries.begin(challengeOf());
    const url = deliveries.callbackFor(challenge);
    expect(url).toMatch(/^https:\/\/app\.acme\.example\/2fa\/delivery-status\?ref=[\w-]{44}$/);
    expect(deliveries.open(referenceIn(url))).toBe(challenge.text);
    expect(deliveries.urlFor(referenceIn(url))).toBe(url);
    expect(deliveries.urlFor(undefined)).toBe(URL);
  });

  test("is another for each text of a challenge, which stays the same otherwise", () => {
    const deliveries = deliveriesOf();
    const challenge = challengeOf();
    const [one, two] = [deliveries.begin(challenge), deliveries.begin(challenge)];
    expect(one).toEqual({ ...challenge, text: expect.stringMatching(/^[\w-]{22}$/) as string });
    expect(two.text).not.toBe(one.text);
  });

  test("there is none for a challenge without a named text", () => {
    const deliveries = deliveriesOf();
    expect(deliveries.callbackFor(challengeOf())).toBeUndefined();
    expect(deliveries.peek(challengeOf())).toBeUndefined();
  });

  test("that was made under an older secret is still this app's, and one of another is not", () => {
    const challenge = deliveriesOf().begin(challengeOf());
    const reference = referenceIn(deliveriesOf([OLD]).callbackFor(challenge));
    expect(deliveriesOf([NEW, OLD]).open(reference)).toBe(challenge.text);
    expect(deliveriesOf([NEW]).open(reference)).toBeUndefined();
    const shop = referenceIn(deliveriesOf([NEW], "shop").callbackFor(challenge));
    expect(deliveriesOf().open(shop)).toBeUndefined();
  });

  test("that nobody has sealed opens nothing", () => {
    const deliveries = deliveriesOf();
    const real = referenceIn(deliveries.callbackFor(deliveries.begin(challengeOf()))) ?? "";
    const other = referenceIn(deliveries.callbackFor(deliveries.begin(challengeOf()))) ?? "";
    const forged = [
      undefined,
      "",
      real.slice(0, 22),
      real.slice(0, 43),
      `${real}A`,
      real.slice(0, 22) + other.slice(22),
      other.slice(0, 22) + real.slice(22),
    ];
    expect(forged.map((each) => deliveries.open(each))).toEqual(forged.map(() => undefined));
  });
});

describe("what gateways tell", () => {
  function start(keepPhone = false) {
    const deliveries = deliveriesOf();
    const counters = new Counters();
    const challenge = deliveries.begin(challengeOf(keepPhone));
    /** Whether it was news. */
    const tell = (told: DeliveryReport) => {
      const raise = deliveries.raise(challenge.text ?? "", told);
      return deliveries.isNews(counters.step([raise]), raise);
    };
    const read = (of: Challenge = challenge) => {
      const entry = deliveries.peek(of);
      return deliveryIn(counters.step(entry === undefined ? [] : [entry]), entry, of);
    };
    return { deliveries, counters, challenge, tell, read };
  }

  test("is nothing at first: the text was sent", () => {
    const { deliveries, read } = start();
    expect(read()).toEqual({ delivery: "sent" });
    expect(read(challengeOf())).toEqual({});
    expect(read(deliveries.begin(challengeOf()))).toEqual({ delivery: "sent" });
  });

  test("rises only, in whichever order it comes, and is news once", () => {
    const { deliveries, tell, read } = start();
    expect([tell(report("undelivered", "failed")), read()]).toEqual([
      true,
      { delivery: "undelivered" },
    ]);
    expect(tell(report("undelivered"))).toBe(false);
    expect([tell(report("delivered")), read()]).toEqual([true, { delivery: "delivered" }]);
    expect([tell(report("delivered")), tell(report("undelivered", "opted_out"))]).toEqual([
      false,
      false,
    ]);
    expect(read()).toEqual({ delivery: "delivered" });
    expect(read(deliveries.begin(challengeOf()))).toEqual({ delivery: "sent" });
  });

  test("is why a text was not delivered where its number is on record, and only there", () => {
    const owner = start();
    expect(owner.tell(report("undelivered", "opted_out"))).toBe(true);
    expect(owner.read()).toEqual({ delivery: "undelivered", deliveryReason: "opted_out" });
    const stranger = start(true);
    stranger.tell(report("undelivered", "opted_out"));
    expect(stranger.read()).toEqual({ delivery: "undelivered" });
  });

  test("is no reason where the text has arrived all the same", () => {
    const { tell, read } = start();
    tell(report("delivered", "opted_out"));
    expect(read()).toEqual({ delivery: "delivered" });
  });

  test("is that it has arrived where a later release tells of more than is known here", () => {
    const { counters, challenge, read } = start();
    counters.step([set(challenge.text ?? "", "delivery", 9, 60_000)]);
    expect(read()).toEqual({ delivery: "delivered" });
  });

  test("is kept as long as the challenge", () => {
    const { tell, read } = start();
    tell(report("delivered"));
    pass(659.999);
    expect(read()).toEqual({ delivery: "delivered" });
    pass(0.001);
    expect(read()).toEqual({ delivery: "sent" });
  });
});
