/** Runs a test of real servers and browsers once more where it fails, and prints why it did. */

"use strict";

// What another process does, and when, is not the test's to say: a browser that is late, a server's port.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
