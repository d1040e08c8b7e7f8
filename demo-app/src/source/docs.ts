/** Where the package's guides are, beside the demo in its repository. */

import { existsSync } from "node:fs";
import path from "node:path";

/** The folder. */
export const DOCS = path.join(__dirname, "..", "..", "..", "docs");

/** Whether it is there: an image has none. */
export const hasDocs = existsSync(path.join(DOCS, "README.md"));
