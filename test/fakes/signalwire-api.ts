/** Starts the fake of SignalWire's API for a test: an account of its own on a free port, by TLS where it is asked for. */

import { createHash, randomBytes, randomUUID } from "node:crypto";
import { startFakeApi, type FakeApi } from "../../lib/fake-signalwire/api";
import type { Account } from "../../lib/fake-signalwire/requests";
import { selfSigned } from "./certificate";

export type { Behaviour } from "../../lib/fake-signalwire/behaviour";
export type { AcceptedCall, AcceptedMessage } from "../../lib/fake-signalwire/accepted";

/** The running fake: `signalwire({ apiBaseUrl: url, project, token, number })` texts into it. */
export interface SignalWireApi extends FakeApi {
  /** The certificate that it shows, as PEM; empty without TLS. */
  readonly certificate: string;
}

/**
 * Starts the fake. `tls` serves https with a certificate that nobody trusts who is not told to; `account` takes
 * the place of one of SignalWire's, such as one of Twilio's, whose API it is.
 */
export async function startSignalWireApi({
  tls = false,
  account: given = {},
}: { tls?: boolean; account?: Partial<Account> } = {}): Promise<SignalWireApi> {
  const project = given.project ?? randomUUID();
  const account = {
    project,
    user: project,
    token: `PT${createHash("sha1").update(randomUUID()).digest("hex")}`,
    number: "+12025550100",
    messagingServiceSid: randomUUID(),
    signingKey: `PSK_${randomBytes(20).toString("hex")}`,
    ...given,
  };
  const shown = tls ? selfSigned() : undefined;
  const api = await startFakeApi({ account, ...(shown && { tls: shown }) });
  return Object.defineProperties(
    { certificate: shown?.cert ?? "" },
    Object.getOwnPropertyDescriptors(api),
  ) as SignalWireApi;
}
