/** Names a browser as people know it, such as `Firefox on Linux`, coarsely: only ever in words of its own. */

// The first that fits counts: most browsers name Chrome and Safari too.
const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ["Edge", /\bEdg(?:e|A|iOS)?\//],
  ["Opera", /\b(?:OPR|OPT|OPiOS|Opera)\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Vivaldi", /\bVivaldi\//],
  ["DuckDuckGo", /\b(?:DuckDuckGo|Ddg)\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Chrome|HeadlessChrome|CriOS|Chromium)\//],
  ["Safari", /\bVersion\/.*\bSafari\//],
];

// Android says Linux too, and iOS Mac OS X.
const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ["Android", /\bAndroid\b/],
  ["iOS", /\b(?:iPhone|iPod)\b/],
  ["iPadOS", /\biPad\b/],
  ["Windows", /\bWindows\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["macOS", /\b(?:Macintosh|Mac OS X)\b/],
  ["Linux", /\b(?:Linux|X11)\b/],
];

// Longer ones are no browser's.
const LONGEST = 512;

/** The browser and system that a `User-Agent` tells; what it does not tell is left out, empty if that is all. */
export function labelOf(userAgent: string | undefined): string {
  const told = (userAgent ?? "").slice(0, LONGEST);
  const find = (names: typeof BROWSERS): string[] =>
    names.flatMap(([name, sign]) => (sign.test(told) ? [name] : [])).slice(0, 1);
  return [...find(BROWSERS), ...find(SYSTEMS)].join(" on ");
}
