/** Twilio over TLS, from a process of its own: whom the sender trusts, whatever its environment says. */

import { startSignalWireApi } from "../../fakes/signalwire-api";
import { sendElsewhere } from "../elsewhere";
import { startTwilioApi } from "./account";

const TEXT = {
  to: "+14155550123",
  text: "042917",
  channel: "sms",
  code: "042917",
  locale: "en",
  purpose: "",
  validFor: 600,
} as const;

test("a gateway whose certificate nobody vouches for is told nothing, whatever turns the check off (attack)", async () => {
  const api = await startTwilioApi({ tls: true });
  try {
    for (const variables of [{}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }]) {
      const { outcome } = await sendElsewhere(api, [TEXT], variables, "twilio");
      expect(outcome).toBe("unreachable");
    }
    expect(api.requests).toEqual([]);
  } finally {
    await api.close();
  }
});

test("no variable sends texts through a proxy, elsewhere or with other credentials (attack)", async () => {
  const [api, proxy] = [await startTwilioApi(), await startSignalWireApi()];
  try {
    const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"];
    const variables = {
      ...Object.fromEntries(proxies.map((name) => [name, proxy.url])),
      NODE_USE_ENV_PROXY: "1",
      TWILIO_REGION: "au1",
      TWILIO_EDGE: "sydney",
      TWILIO_LOG_LEVEL: "debug",
      TWILIO_AUTH_TOKEN: "token-of-another",
      TWILIO_API_KEY: "SK-of-another",
    };
    const sent = await sendElsewhere(api, [TEXT], variables, "twilio");
    expect(sent).toEqual({ outcome: "sent", printed: "" });
    expect([api.messages.length, proxy.connections]).toEqual([1, 0]);
  } finally {
    await Promise.all([api.close(), proxy.close()]);
  }
});
