#!/usr/bin/env node
/** The command `express-sms-2fa`: reads what it is asked, runs it, and ends with its status. */

import { run } from "./run";

void run(process.argv.slice(2)).then((status) => {
  // What is printed goes out first; a client of a store that hangs holds up nothing.
  process.stdout.write("", () => {
    process.exit(status);
  });
});
