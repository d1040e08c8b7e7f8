/** SignalWire over TLS, as it is in earnest: whom the sender trusts, and what it tells then. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CALL_WORDS, speak } from "../../../lib/delivery/spoken";
import { startSignalWireApi, type SignalWireApi } from "../../fakes/signalwire-api";
import { sendElsewhere } from "../elsewhere";

const TEXT = {
  to: "+14155550123",
  text: "042917",
  channel: "sms",
  code: "042917",
  locale: "en",
  purpose: "",
  validFor: 600,
} as const;

let api: SignalWireApi;
let directory: string;
beforeEach(async () => {
  api = await startSignalWireApi({ tls: true });
  directory = await mkdtemp(join(tmpdir(), "signalwire-"));
});
afterEach(async () => {
  await api.close();
  await rm(directory, { recursive: true });
});

describe("a gateway whose certificate nobody vouches for (R94)", () => {
  test.each([{}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }])(
    "is told nothing in %j",
    async (variables) => {
      const { outcome } = await sendElsewhere(api, [TEXT], variables);
      expect(outcome).toBe("unreachable");
      expect(api.connections).toBe(1);
      expect(api.requests).toEqual([]);
    },
  );
});

describe("a gateway that NODE_EXTRA_CA_CERTS vouches for", () => {
  async function trusting() {
    const file = join(directory, "ca.pem");
    await writeFile(file, api.certificate);
    return { NODE_EXTRA_CA_CERTS: file };
  }

  test("takes texts one after the other over one connection, and the process ends by itself", async () => {
    const sent = await sendElsewhere(api, [TEXT, TEXT, TEXT], await trusting());
    expect(sent).toEqual({ outcome: "sent,sent,sent", printed: "" });
    expect(api.messages).toHaveLength(3);
    expect(api.connections).toBe(1);
  });

  test("takes a call between texts, over the same connection", async () => {
    const spoken = speak({ name: "Acme", code: "042917", words: CALL_WORDS.en });
    const calls = [TEXT, { ...TEXT, channel: "call", spoken } as const, TEXT];
    const sent = await sendElsewhere(api, calls, await trusting());
    expect(sent).toEqual({ outcome: "sent,sent,sent", printed: "" });
    expect(api.calls[0]?.document).toContain(spoken.code);
    expect([api.calls.length, api.messages.length, api.connections]).toEqual([1, 2, 1]);
  });

  test("may still deliver a text that it read before it hung up", async () => {
    api.next({ do: "drop", when: "after" });
    const { outcome } = await sendElsewhere(api, [TEXT], await trusting());
    expect(outcome).toBe("connection_lost");
    expect(api.requests).toHaveLength(1);
  });

  test("is told nothing under a name that is not in its certificate (R94)", async () => {
    const named = { ...api, url: api.url.replace("127.0.0.1", "localhost") };
    const { outcome } = await sendElsewhere(named, [TEXT], await trusting());
    expect(outcome).toBe("unreachable");
    expect(api.requests).toEqual([]);
  });
});
