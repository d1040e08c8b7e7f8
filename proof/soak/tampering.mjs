/** Faults that are put into the app on purpose, by `--break`: each must turn the run red, or the run proves nothing. */

const leaked = [];

/** What each lays over the options, the app and the listener of events. */
const BREAKS = {
  /** A listener of the process for each request, with the request in its hands. */
  listener: { app: onEach((req) => process.on("SIGUSR2", () => void req.url)) },
  /** A list that only grows, by 16 kB for each request, so that half a minute shows it. */
  array: { app: onEach((req) => leaked.push(new Array(2000).fill(req.url))) },
  /** A timer that never ends for some requests. */
  timer: { app: onEach(() => setInterval(() => undefined, 60_000), 20) },
  /** A rejection that nobody hears of. */
  rejection: { app: onEach(() => void Promise.reject(new Error("Nobody hears of this.")), 40) },
  /** Nothing that was taken is given back. */
  "give-back": { options: (given) => ({ ...given, counters: withoutUndo(given.counters) }) },
  /** One text in ten is in no event. */
  event: { listener: (listener) => without(listener, ({ type }) => type === "sent", 10) },
  /** A refusal of the gateway's passes for a text that may still arrive. */
  refusal: { options: (given) => ({ ...given, sender: unsure(given.sender) }) },
  /** One guarded visit in five asks for no proof. */
  guard: { app: openEach(5) },
  /** One code in ten is answered with a plain 500. */
  500: { app: spoilEach(10) },
};

/** The names. */
export const BREAK_NAMES = Object.keys(BREAKS);

/** Those of some names, with commas between them; without one, nothing is changed. */
export function tamperBy(names = "") {
  const breaks = names.split(",").flatMap((name) => BREAKS[name] ?? []);
  const laidOver = (kind, it) => breaks.reduce((last, each) => each[kind]?.(last) ?? last, it);
  return {
    options: (given) => laidOver("options", given),
    listener: (listener) => laidOver("listener", listener),
    app: (app, two) => breaks.forEach((each) => each.app?.(app, two)),
  };
}

/** Does it at each request, or at one in so many. */
function onEach(act, every = 1) {
  return (app) => {
    let count = 0;
    app.use((req, _res, next) => {
      count += 1;
      if (count % every === 0) act(req);
      next();
    });
  };
}

function openEach(every) {
  return (app) => {
    let count = 0;
    app.get("/account", (_req, res, next) => {
      count += 1;
      if (count % every === 0) res.json({ ok: true });
      else next();
    });
  };
}

function spoilEach(every) {
  return (app) => {
    let count = 0;
    app.post("/2fa/validate-auth", (_req, res, next) => {
      count += 1;
      if (count % every === 0) res.sendStatus(500);
      else next();
    });
  };
}

function withoutUndo(counters) {
  return {
    step: (step) =>
      step.entries.some(({ op }) => op === "undo")
        ? { status: "ok", counts: step.entries.map(() => ({ count: 0, waitMs: 0, isFull: false })) }
        : counters.step(step),
  };
}

function without(listener, isMeant, every) {
  let count = 0;
  return (event) => {
    if (isMeant(event)) count += 1;
    if (!isMeant(event) || count % every !== 0) listener(event);
  };
}

function unsure(sender) {
  const wrapped = async (message) => {
    try {
      return await sender(message);
    } catch (error) {
      throw Object.assign(error, { mayStillArrive: true });
    }
  };
  return Object.assign(Object.defineProperty(wrapped, "name", { value: sender.name }), sender);
}
