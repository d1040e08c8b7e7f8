/** Stryker's way to run Jest where thousands of mutants are to be tried: each file of tests stays loaded. */

import { createRequire } from "node:module";
import { relative } from "node:path";
import { PluginKind, declareClassPlugin } from "@stryker-mutator/api/plugin";
import { DryRunStatus, MutantRunStatus, TestStatus } from "@stryker-mutator/api/test-runner";
import { KeptFile } from "./kept-file.mjs";

const require = createRequire(import.meta.url);
const { readConfigs } = require("jest-config");
const Runtime = require("jest-runtime").default;

/** A mutant that so many files have not noticed counts as one that none notices. */
const MOST_FILES = Number(process.env.MUTATION_FILES ?? 8);
/** Before it does, it meets this many of them freshly loaded: what they had cached can hide it. */
const FRESH_FILES = 1;
/** Milliseconds for a test. A mutant often leaves a request without its answer, and the shorter is long enough to know. */
const LONG = 60_000;
const SHORT = 10_000;
/** One mutant in so many is tried, evenly over all files. */
const SHARE = Number(process.env.MUTATION_SHARE ?? 1);
const SEPARATOR = " › ";

/** What stands for Express 5 stands for Express 4 too, in the same words. */
const everyTest = (title) => !title.startsWith("Express 4 ");

class KeptJest {
  #stryker = {};
  #jest;
  #paths = [];
  #kept = new Map();
  #kills = new Map();
  #milliseconds = new Map();
  #strays = [];

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    process.env.NODE_ENV = "test";
    const stray = (error) => this.#strays.push(String(error));
    process.on("unhandledRejection", stray).on("uncaughtException", stray);
    const argv = { $0: "mutation", _: [], config: "proof/mutation/jest.config.js" };
    const { configs, globalConfig } = await readConfigs(argv, [process.cwd()]);
    const [projectConfig] = configs;
    const options = { maxWorkers: 1, watchman: false };
    const { resolver } = await Runtime.createContext(projectConfig, options);
    this.#jest = { globalConfig, projectConfig, resolver };
    this.#paths = projectConfig.testMatch;
  }

  async dryRun() {
    const tests = [];
    for (const path of this.#paths) {
      const file = await this.#open(path);
      const results = await file.run(everyTest, LONG);
      const failed = results.find(({ errors }) => errors.length > 0);
      if (failed !== undefined) {
        const errorMessage = `${path}: ${failed.title}: ${failed.errors.join("\n")}`;
        return { status: DryRunStatus.Error, errorMessage };
      }
      tests.push(...results.map((result) => succeeded(path, result)));
      await this.#drop(path);
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    if (Number(activeMutant.id) % SHARE !== 0) {
      return { status: MutantRunStatus.Error, errorMessage: "outside of the share" };
    }
    const mutant = { id: String(activeMutant.id), hitLimit, ran: 0 };
    const wanted = byFile(testFilter);
    const paths = this.#paths.filter((path) => wanted === undefined || wanted.has(nameOf(path)));
    const ordered = paths.sort((one, other) => this.#worth(other) - this.#worth(one));
    const titles = (path) => wanted?.get(nameOf(path));
    if (mutantActivation !== "static") {
      for (const path of ordered.slice(0, MOST_FILES)) {
        const killed = await this.#try(path, titles(path), mutant);
        if (killed) return killed;
      }
    }
    const fresh = mutantActivation === "static" ? MOST_FILES : FRESH_FILES;
    for (const path of ordered.slice(0, fresh)) {
      const killed = await this.#tryFresh(path, titles(path), mutant);
      if (killed) return killed;
    }
    return { status: MutantRunStatus.Survived, nrOfTests: mutant.ran };
  }

  /** What was noticed counts once the same test passes without the mutant: what earlier ones left is no proof. */
  async #try(path, titles, mutant) {
    const failed = await this.#runWith(path, titles, mutant);
    if (failed === undefined) return undefined;
    const again = await this.#runWith(path, new Set([failed.title]));
    if (again === undefined) return this.#killed(path, failed, mutant);
    return this.#tryFresh(path, titles, mutant);
  }

  async #tryFresh(path, titles, mutant) {
    await this.#drop(path);
    const failed = await this.#runWith(path, titles, mutant);
    await this.#drop(path);
    return failed && this.#killed(path, failed, mutant);
  }

  /** The first test that fails, if one does. */
  async #runWith(path, titles, mutant) {
    Object.assign(this.#stryker, { activeMutant: mutant?.id, hitLimit: mutant?.hitLimit });
    if (mutant !== undefined)
      this.#stryker.hitCount = mutant.hitLimit === undefined ? undefined : 0;
    this.#strays = [];
    const begun = Date.now();
    try {
      const file = this.#kept.get(path) ?? (await this.#open(path));
      const isWanted = titles ? (title) => titles.has(title) : everyTest;
      const results = await file.run(isWanted, mutant === undefined ? LONG : SHORT);
      if (mutant !== undefined) mutant.ran += results.length;
      const failed = results.find(({ errors }) => errors.length > 0);
      if (failed !== undefined) return failed;
      return this.#strays.length === 0
        ? undefined
        : { title: results.at(-1)?.title ?? "", errors: this.#strays };
    } catch (error) {
      // The mutant keeps the file itself from being loaded.
      return { title: "", errors: [String(error)] };
    } finally {
      this.#milliseconds.set(path, Date.now() - begun);
      this.#stryker.activeMutant = undefined;
    }
  }

  #killed(path, { title, errors }, { hitLimit, ran }) {
    this.#kills.set(path, (this.#kills.get(path) ?? 0) + 1);
    const isLoop = hitLimit !== undefined && this.#stryker.hitCount > hitLimit;
    if (isLoop || errors[0].includes("Exceeded timeout")) {
      return { status: MutantRunStatus.Timeout, reason: `${title}: ${errors[0]}` };
    }
    const killedBy = [idOf(path, title)];
    return { status: MutantRunStatus.Killed, killedBy, failureMessage: errors[0], nrOfTests: ran };
  }

  /** Kills for the time that it takes. */
  #worth(path) {
    return ((this.#kills.get(path) ?? 0) + 0.5) / ((this.#milliseconds.get(path) ?? 100) + 50);
  }

  async #open(path) {
    const file = await KeptFile.open(path, this.#jest, this.#stryker, (title) => idOf(path, title));
    this.#kept.set(path, file);
    return file;
  }

  async #drop(path) {
    const file = this.#kept.get(path);
    this.#kept.delete(path);
    await file?.close();
  }
}

const nameOf = (path) => relative(process.cwd(), path);
const idOf = (path, title) => `${nameOf(path)}${SEPARATOR}${title}`;

function byFile(ids) {
  if (ids === undefined) return undefined;
  const files = new Map();
  for (const id of ids) {
    const [name, title] = id.split(SEPARATOR, 2);
    files.set(name, (files.get(name) ?? new Set()).add(title));
  }
  return files;
}

function succeeded(path, { title, milliseconds }) {
  const id = idOf(path, title);
  const fileName = path;
  return { id, name: id, fileName, timeSpentMs: milliseconds, status: TestStatus.Success };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "kept-jest", KeptJest)];
