/** The shared behaviours over the memory of the process. */

import { behaveOver } from "./behaviours";

behaveOver("memory", () =>
  Promise.resolve({ clear: () => Promise.resolve(), close: () => Promise.resolve() }),
);
