/** What people are told of their browsers. */

import { labelOf } from "../../lib/remembered/browser-label";

const MOZILLA = "Mozilla/5.0";
const KIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  ["Firefox on Linux", `${MOZILLA} (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0`],
  [
    "Chrome on Windows",
    `${MOZILLA} (Windows NT 10.0; Win64; x64) ${KIT} Chrome/141.0.0.0 Safari/537.36`,
  ],
  [
    "Edge on Windows",
    `${MOZILLA} (Windows NT 10.0; Win64; x64) ${KIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`,
  ],
  [
    "Chrome on Android",
    `${MOZILLA} (Linux; Android 10; K) ${KIT} Chrome/141.0.0.0 Mobile Safari/537.36`,
  ],
  [
    "Samsung Internet on Android",
    `${MOZILLA} (Linux; Android 10; K) ${KIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
  ],
  [
    "Safari on iOS",
    `${MOZILLA} (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1`,
  ],
  [
    "Chrome on iPadOS",
    `${MOZILLA} (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.0.0 Mobile/15E148 Safari/604.1`,
  ],
  [
    "Safari on macOS",
    `${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15`,
  ],
  ["Opera on macOS", `${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 OPR/124.0.0.0`],
  ["Chrome on ChromeOS", `${MOZILLA} (X11; CrOS x86_64 14541.0.0) ${KIT} Chrome/141.0.0.0`],
  ["Linux", "curl/8.5 (X11)"],
])("%s is told by its user agent", (label, userAgent) => {
  expect(labelOf(userAgent)).toBe(label);
});

test.each([undefined, "", "node", '<b onclick="x">', "x".repeat(20_000)])(
  "nothing is told of %j",
  (userAgent) => {
    expect(labelOf(userAgent)).toBe("");
  },
);

test("nothing that a user agent says is handed on", () => {
  expect(labelOf("Firefox/1 <script> on Windows\n+12025550123")).toBe("Firefox on Windows");
});
