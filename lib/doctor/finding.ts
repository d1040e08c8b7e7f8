/** What the doctor finds: one sentence, and its fix where something is wrong. */

/** One finding. None of its words is a value that could be a secret. */
export interface Finding {
  /** Names the kind, for scripts. */
  code: string;
  level: "ok" | "warning" | "fault";
  what: string;
  fix?: string;
}

export const ok = (code: string, what: string): Finding => ({ code, level: "ok", what });

export const warning = (code: string, what: string, fix: string): Finding => {
  return { code, level: "warning", what, fix };
};

export const fault = (code: string, what: string, fix: string): Finding => {
  return { code, level: "fault", what, fix };
};

/** The word that an error is known by, or nothing of it: its sentence may hold a URL and its password. */
export function wordOf(error: unknown): string {
  const { code, message, name } = (error ?? {}) as Partial<Record<string, unknown>>;
  const words = [code, typeof message === "string" ? message.split(" ", 1)[0] : "", name];
  const known = words.find((word) => typeof word === "string" && /^[A-Z0-9_]{3,40}$/.test(word));
  return typeof known === "string" ? known : "unknown";
}

/** The finding about two clocks. */
export function clockFinding(code: string, whose: string, theirs: number): Finding {
  const seconds = Math.round(Math.abs(Date.now() - theirs) / 1000);
  if (seconds <= 60) return ok(code, `This machine's clock agrees with ${whose}.`);
  return fault(
    code,
    `This machine's clock and ${whose} differ by ${seconds} seconds.`,
    "Keep both by NTP: codes and limits end at the wrong time.",
  );
}
