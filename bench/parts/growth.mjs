/** Part 3: the time of an answer and the memory of the counters, with very many challenges open. */

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { interleave, median, ratio } from "../measure.mjs";

const SCRIPT = fileURLToPath(new URL("./growth-process.mjs", import.meta.url));

export async function measureGrowth({ isQuick }) {
  const many = isQuick ? 100_000 : 1_000_000;
  const [few, lots] = [startAnswering(1), startAnswering(many)];
  try {
    await few.ready;
    const { bytesPerChallenge, keysPerChallenge, longestPauseMs } = await lots.ready;
    const times = await interleave({ one: few.answers, many: lots.answers }, isQuick ? 15 : 30);
    return {
      open: many,
      ratio: ratio(times.many, times.one),
      microsecondsPerAnswer: { one: median(times.one), many: median(times.many) },
      keysPerChallenge,
      bytesPerChallenge,
      longestPauseMs,
    };
  } finally {
    await Promise.all([few.close(), lots.close()]);
  }
}

function startAnswering(open) {
  const child = fork(SCRIPT, [String(open)], {
    execArgv: ["--expose-gc", "--max-old-space-size=8192"],
  });
  const ended = once(child, "exit").then(() => {
    throw new Error("The process of the growth test has ended.");
  });
  ended.catch(() => undefined);
  const answer = async () => (await Promise.race([once(child, "message"), ended]))[0];
  return {
    ready: answer(),
    answers: async () => {
      child.send("answer");
      return answer();
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.disconnect();
      await exit;
    },
  };
}
