/** Puts the checks together. */

import type { Finding } from "./finding";
import { checkGateway } from "./gateway";
import {
  checkGatewaySettings,
  checkNode,
  checkPeers,
  checkSecrets,
  usesSignalWire,
  type Environment,
} from "./settings";
import { checkStores } from "./stores";

/** All findings about the app at `folder`, whose variables are `env`, those of this process. */
export async function examine(env: Environment, folder: string): Promise<Finding[]> {
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
    ...stores,
  ];
}
