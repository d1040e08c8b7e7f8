/** All that is fuzzed: what reads outside input, each with its share of the inputs. */

import type { Target } from "./target";
import { ADDRESS_TARGETS } from "./targets/addresses";
import { BODY_TARGETS } from "./targets/bodies";
import { CALLBACK_TARGETS } from "./targets/callbacks";
import { HEADER_TARGETS } from "./targets/headers";
import { HTTP_TARGETS } from "./targets/http";
import { SETTING_TARGETS } from "./targets/settings";
import { STORE_TARGETS } from "./targets/stores";
import { TYPED } from "./targets/typed";

export const TARGETS: readonly Target[] = [
  ...TYPED,
  ...ADDRESS_TARGETS,
  ...HEADER_TARGETS,
  ...BODY_TARGETS,
  ...CALLBACK_TARGETS,
  ...STORE_TARGETS,
  ...SETTING_TARGETS,
  ...HTTP_TARGETS,
];
