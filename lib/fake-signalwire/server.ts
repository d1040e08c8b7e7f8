/** The fake as a server of its own: account, inbox and callbacks. */

import type { AcceptedMessage } from "./accepted";
import { startFakeApi, type FakeApi } from "./api";
import { readDocument, type Verb } from "./call-document";
import type { ChosenFailure } from "./failures";
import { Inbox } from "./inbox";
import type { Account } from "./requests";

const PROJECT = "00000000-0000-4000-8000-000000000000";

/** Whose texts it takes. Known to all: nobody's money is behind it. */
export const FAKE_ACCOUNT: Account = {
  project: PROJECT,
  user: PROJECT,
  token: "PT-fake-signalwire",
  number: "+12025550100",
  messagingServiceSid: "fake-messaging-service",
  signingKey: "PSK_fake_signalwire",
};

/** Starts it at `port` of 127.0.0.1. `say` hears one line of each callback that did not arrive. */
export async function startFakeServer(
  port: number,
  say: (line: string) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
  const inbox = new Inbox();
  const failing = new Map<string, ChosenFailure>();
  const tell = async (message: AcceptedMessage, failure: ChosenFailure | undefined) => {
    const { status, code } = failure?.report ?? { status: "delivered", code: undefined };
    try {
      await api.report(message, "sent");
      await api.report(message, status, code === undefined ? {} : { ErrorCode: code });
    } catch {
      say("A status callback did not arrive: its URL can't be reached from here.");
    }
  };
  const api: FakeApi = await startFakeApi({
    account: FAKE_ACCOUNT,
    port,
    keep: 200,
    elsewhere: (request, response) => inbox.answer(request, response),
    behaviourFor: (to) => {
      const failure = inbox.failureOf(to);
      if (failure?.report) failing.set(to, failure);
      else failing.delete(to);
      return failure?.behaviour;
    },
    onMessage: (message) => {
      const { to, body } = message;
      inbox.put({ at: Date.now(), to, channel: "sms", text: body });
      const failure = failing.get(to);
      failing.delete(to);
      if (message.fields["StatusCallback"] !== undefined) void tell(message, failure);
    },
    onCall: ({ to, document }) => {
      inbox.put({ at: Date.now(), to, channel: "call", text: spokenBy(readDocument(document)) });
    },
  });
  return { url: api.url, close: () => api.close() };
}

/** What is said, sentence by sentence. */
function spokenBy({ words, verbs }: Verb): string {
  return [words.trim(), ...verbs.map(spokenBy)].filter((text) => text !== "").join("\n");
}
