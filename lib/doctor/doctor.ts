/** Puts the checks together. */

import type { Finding } from "./finding";
import { checkGateway } from "./gateway";
import { checkSend, notSent } from "./send";
import {
  checkGatewaySettings,
  checkNode,
  checkPeers,
  checkSecrets,
  usesSignalWire,
  type Environment,
} from "./settings";
import { checkStores } from "./stores";
import { checkTexts, type Signature } from "./texts";

/** What is examined beside the variables. */
export interface Wishes extends Signature {
  /** E.164 number to text once. */
  to?: string | undefined;
}

/** All findings about the app at `folder`, whose variables are `env`, those of this process. */
export async function examine(
  env: Environment,
  folder: string,
  wishes: Wishes = {},
): Promise<Finding[]> {
  const { findings, settings } = checkGatewaySettings(env);
  const [gateway, stores] = await Promise.all([
    settings ? checkGateway(settings) : [],
    checkStores(env, folder),
  ]);
  return [
    ...checkNode(env),
    ...checkPeers(folder, usesSignalWire(env)),
    ...checkSecrets(env),
    ...findings,
    ...gateway,
    ...checkTexts(wishes),
    ...stores,
    ...(await sent(wishes.to, settings !== undefined && gateway.every(isNoFault))),
  ];
}

const isNoFault = ({ level }: Finding): boolean => level !== "fault";

async function sent(to: string | undefined, isSound: boolean): Promise<Finding[]> {
  if (to === undefined) return [];
  return [isSound ? await checkSend(to) : notSent()];
}
