/** What has happened, and what each command adds to it. */

import { Budget, type Line } from "./budget";
import { describe, LIMITS, NUMBERS, type Limit } from "./limits";
import { Remembered, Session, User, type Challenge, type Proof } from "./people";

/** All of it. */
export class Past {
  /** Epoch ms. */
  now = 0;
  /** Commands so far. */
  commands = 0;
  readonly browsers: Session[] = Array.from({ length: 4 }, () => new Session());
  readonly users = new Map<string, User>();
  /** Every code that ever left, the newest last. */
  readonly codes: Challenge[] = [];
  /** Every recovery code that was ever made, those of the newest set last. */
  readonly recoveryCodes: string[] = [];
  /** Browsers that are not forgotten. */
  remembered: Remembered[] = [];
  /** The tokens that a browser has, by user. */
  readonly tokens = Array.from({ length: 4 }, () => new Map<string, string>());
  readonly #budgets = new Map<string, Budget>();

  user(id: string): User {
    const user = this.users.get(id) ?? new User(id, NUMBERS[0]);
    this.users.set(id, user);
    return user;
  }

  /** All that a text of this user's is booked in. */
  linesFor({ id, number, proved, unlockedUntil }: User, network: string): Line[] {
    const twice = this.now < unlockedUntil ? 2 : 1;
    const share = proved.has(number) ? 1 : 0.8;
    const country = number.startsWith("+1416") ? "CA" : "US";
    const day = { isPaid: false };
    return [
      ...LIMITS.user.map((limit) => this.#line(`user ${id}`, limit)),
      ...LIMITS.number.map((limit) => this.#line(`number ${number}`, limit, { times: twice })),
      this.#line(`day of ${number}`, LIMITS.numberDay, day),
      this.#line(`network ${network}`, LIMITS.network),
      this.#line(`country ${country}`, LIMITS.country, { times: share, isOfAsker: false }),
      this.#line("all", LIMITS.all, { times: share, isOfAsker: false }),
      this.#line("day", LIMITS.day, { ...day, times: share, isOfAsker: false }),
    ];
  }

  #line(
    name: string,
    { max, window }: Limit,
    { times = 1, isPaid = true, isOfAsker = true } = {},
  ): Line {
    const key = `${name} ${window}`;
    const budget = this.#budgets.get(key) ?? new Budget(isPaid);
    this.#budgets.set(key, budget);
    return { budget, max: Math.ceil(max * times), window, isOfAsker };
  }

  /** A text has left. */
  left(session: Session, purpose: string, code: string, network: string): void {
    const user = this.user(session.user ?? "");
    const open = session.challenges.get(purpose);
    const challenge = open?.code === code ? open : this.#open(session, user, purpose, code);
    for (const { budget, window } of this.linesFor(user, network)) {
      budget.book(this.now, window, challenge);
    }
    const { count, at } = session.unanswered;
    const before = this.now - at < 3_600_000 ? count : 0;
    const wait = Math.min(LIMITS.cooldown * 2 ** before, 1920);
    session.waits.set(`${user.id} ${user.number} ${purpose}`, this.now + wait * 1000);
    session.unanswered = { count: before + 1, at: this.now };
  }

  #open(session: Session, user: User, purpose: string, code: string): Challenge {
    const challenge: Challenge = {
      user: user.id,
      number: user.number,
      purpose,
      description: describe(purpose, session.amount),
      code,
      expiresAt: this.now + LIMITS.codeLife * 1000,
      tries: 0,
      isUsed: false,
    };
    session.challenges.set(purpose, challenge);
    this.codes.push(challenge);
    return challenge;
  }

  /** A gateway has refused a text: nothing of it stays but that it was asked for. */
  refused(user: User, network: string): void {
    for (const { budget, window, isOfAsker } of this.linesFor(user, network)) {
      if (isOfAsker) budget.book(this.now, window, "asked");
    }
  }

  /** A code was right: it is used, its texts are given back, and what was counted of wrong ones is forgotten. */
  answered(browser: number, challenge: Challenge): void {
    challenge.isUsed = true;
    for (const budget of this.#budgets.values()) budget.giveBack(challenge);
    const user = this.user(challenge.user);
    user.failures = 0;
    user.row = 0;
    user.proved.add(challenge.number);
    const { user: id, number, purpose, description } = challenge;
    const proof = { user: id, number, purpose, description, at: this.now, challenge };
    this.renew(browser, { ...proof, isSpent: false });
  }

  /** A proof gives the browser another session, which carries on what else the user has in the old one. */
  renew(browser: number, proof: Proof): void {
    const old = this.browsers[browser] as Session;
    const session = new Session(old.user);
    session.amount = old.amount;
    const isOther = (each: Proof | Challenge) =>
      each.user !== proof.user || each.purpose !== proof.purpose;
    session.challenges = new Map([...old.challenges].filter(([, each]) => isOther(each)));
    session.proofs = new Map([...old.proofs].filter(([, each]) => each.user === proof.user));
    session.proofs.set(proof.purpose, proof);
    if (proof.challenge === undefined) session.unanswered = old.unanswered;
    old.end();
    this.browsers[browser] = session;
  }

  /** A wrong code was submitted; a challenge without attempts is dropped, and the others count it. */
  failed(session: Session, open: readonly Challenge[]): void {
    const counting = open.filter(({ tries }) => tries < LIMITS.attempts);
    for (const { purpose } of open.filter((each) => !counting.includes(each))) {
      session.challenges.delete(purpose);
    }
    if (counting.length === 0) return;
    for (const challenge of counting) challenge.tries += 1;
    this.user(session.user ?? "").fail(this.now);
  }

  /** A new set of recovery codes, in the place of the last one. */
  made(user: User, codes: readonly string[]): void {
    user.recovery = new Set(codes);
    this.recoveryCodes.push(...codes);
  }

  /** A recovery code was right: it is used, and what was counted of wrong ones is forgotten. */
  recovered(browser: number, code: string): void {
    const user = this.user(this.browsers[browser]?.user ?? "");
    user.recovery.delete(code);
    this.#submit(user, code);
    user.failures = 0;
    user.row = 0;
    const what = { purpose: "", description: "", at: this.now, isSpent: false };
    this.renew(browser, { user: user.id, number: user.number, ...what });
  }

  /** A recovery code was wrong, of somebody who is not shut out: it counts, unless it has a moment ago. */
  failedToRecover(user: User, code: string): void {
    if (this.now < (user.submitted.get(code) ?? 0)) return;
    this.#submit(user, code);
    user.fail(this.now);
  }

  #submit(user: User, code: string): void {
    user.submitted.set(code, this.now + LIMITS.submittedLife * 1000);
  }

  /** A browser is remembered, in the place of what it was remembered by and of what is void by the user's number. */
  remembers(browser: number, token: string): void {
    const user = this.user(this.browsers[browser]?.user ?? "");
    const present = this.tokens[browser]?.get(user.id) ?? "";
    const isKept = (each: Remembered) =>
      each.user !== user.id || (each.number === user.number && !each.tokens.includes(present));
    this.remembered = [...this.remembered.filter(isKept), new Remembered(user, token, this.now)];
    this.tokens[browser]?.set(user.id, token);
  }

  /** What is remembered of a user's browsers is forgotten: of all, or of the one that a token is of. */
  forgot(user: string, token?: string): void {
    const isIt = (each: Remembered) => token === undefined || each.tokens.includes(token);
    this.remembered = this.remembered.filter((each) => each.user !== user || !isIt(each));
  }

  /** Support has unlocked a user. */
  unlocked(user: User): void {
    for (const { window } of LIMITS.user) this.#budgets.delete(`user ${user.id} ${window}`);
    const longest = Math.max(...LIMITS.number.map(({ window }) => window));
    user.unlockedUntil = this.now + longest * 1000;
    user.isDisabled = false;
    user.failures = 0;
    user.row = 0;
  }
}
