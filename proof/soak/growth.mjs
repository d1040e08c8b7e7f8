/** Whether the memory of a process stays flat, and whether it holds more open at the end than at the start. */

// What a heap may seem to grow by in the second half of a process's life, though nothing is kept: caches that fill, code
// that is compiled. And as much for each request, which a leak of the smallest thing for each request passes.
const NOISE_BYTES = 1_500_000;
const BYTES_PER_REQUEST = 100;
const FEWEST_SAMPLES = 6;

/** The growth of the heap over the second half of a process's samples, or nothing where it lived too short a time. */
export function growthOf(samples) {
  const half = samples.slice(Math.floor(samples.length / 2));
  if (half.length < FEWEST_SAMPLES) return undefined;
  const requests = half.at(-1).served - half[0].served;
  const perRequest = slopeOf(half.map((sample) => [sample.served, heapOf(sample)]));
  const bytes = perRequest * requests;
  const bound = NOISE_BYTES + BYTES_PER_REQUEST * requests;
  const [first, last] = [half[0], half.at(-1)];
  return {
    requests,
    bytes,
    bound,
    isFlat: bytes <= bound,
    heap: [heapOf(first), heapOf(last)],
    rss: [first.rss, last.rss],
  };
}

/** What JavaScript holds, buffers too. */
function heapOf({ heapUsed, external }) {
  return heapUsed + external;
}

/** The median of the slopes between all pairs (Theil and Sen): one odd sample moves it little. */
function slopeOf(points) {
  const slopes = points
    .flatMap(([x, y], index) =>
      points.slice(index + 1).map(([x2, y2]) => (x2 > x ? (y2 - y) / (x2 - x) : NaN)),
    )
    .filter((slope) => !Number.isNaN(slope))
    .sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? 0;
}

/** What a process holds open: files, and what keeps Node.js awake. */
export function heldIn({ files, resources }) {
  return { files, ...resources };
}

/** What is held beyond `before`, in words. */
export function beyond(before, after) {
  return Object.entries(after)
    .filter(([name, count]) => count > (before[name] ?? 0))
    .map(([name, count]) => `${name} ${before[name] ?? 0} → ${count}`);
}
