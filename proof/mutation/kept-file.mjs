/** One file of Jest tests, loaded once and then run as often as there are mutants: loading is what takes the time. */

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const { createScriptTransformer } = require("@jest/transform");
const Runtime = require("jest-runtime").default;
const { NullConsole } = require("@jest/console");

const CIRCUS = require.resolve("jest-circus");
const EXPECT = require.resolve("@jest/expect");

const GLOBALS = ["afterAll", "afterEach", "beforeAll", "beforeEach", "describe", "it", "test"];

export class KeptFile {
  #environment;
  #runtime;
  #circus;
  #wanted = () => true;
  #hasFailed = false;
  #idOf;

  /** Loads the file; `stryker` is what its mutated code reads as `__stryker__`. */
  static async open(path, { globalConfig, projectConfig, resolver }, stryker, idOf) {
    const file = new KeptFile();
    file.#idOf = idOf;
    await file.#load(path, globalConfig, projectConfig, resolver, stryker);
    return file;
  }

  async #load(path, globalConfig, projectConfig, resolver, stryker) {
    const cache = new Map([[path, readFileSync(path, "utf8")]]);
    const transformer = await createScriptTransformer(projectConfig, cache);
    const Environment = require(projectConfig.testEnvironment);
    const console = new NullConsole(process.stdout, process.stderr);
    const context = { console, docblockPragmas: {}, testPath: path };
    this.#environment = new Environment({ globalConfig, projectConfig }, context);
    const { global } = this.#environment;
    global.console = console;
    global.__stryker__ = stryker;
    const coverage = { collectCoverage: false, collectCoverageFrom: [], coverageProvider: "v8" };
    const given = [projectConfig, this.#environment, resolver, transformer, cache, coverage, path];
    this.#runtime = new Runtime(...given, globalConfig);
    await this.#environment.setup();
    this.#circus = this.#runtime.requireInternalModule(CIRCUS);
    const { jestExpect } = this.#runtime.requireInternalModule(EXPECT);
    for (const name of GLOBALS) global[name] = this.#circus[name];
    global.expect = jestExpect;
    jestExpect.setState({ testPath: path });
    this.#circus.addEventHandler((event) => this.#watch(event, stryker, jestExpect));
    this.#circus.getState().testNamePattern = {
      test: (name) => !this.#hasFailed && this.#wanted(name),
    };
    // The entry loads it with the first call, and what a module does once would count as that test's alone.
    this.#runtime.requireModule(join(projectConfig.rootDir, "lib/two-factor.ts"));
    this.#runtime.requireModule(path);
  }

  #watch({ name, test }, stryker, jestExpect) {
    if (name === "test_start") {
      stryker.currentTestId = this.#idOf(titleOf(test));
      jestExpect.setState({ currentTestName: titleOf(test) });
    }
    // What is loaded from then on is no part of this test.
    if (name === "test_skip") stryker.currentTestId = undefined;
    if (name === "test_fn_failure" || name === "hook_failure") this.#hasFailed = true;
    if (name !== "test_done") return;
    for (const { error } of jestExpect.extractExpectedAssertionsErrors()) {
      this.#hasFailed = true;
      test.errors.push(error);
    }
    stryker.currentTestId = undefined;
  }

  /** Runs the tests that are wanted until one fails or hangs; returns those that ran, each with its errors. */
  async run(isWanted, testTimeout) {
    const state = this.#circus.getState();
    state.testTimeout = testTimeout;
    this.#wanted = isWanted;
    this.#hasFailed = false;
    state.unhandledErrors = [];
    const tests = testsIn(state.rootDescribeBlock);
    for (const test of tests) Object.assign(test, { errors: [], status: null, invocations: 0 });
    await this.#circus.run();
    const outside = state.unhandledErrors.map(String);
    const ran = tests.filter(({ status }) => status === "done");
    return ran.map((test, index) => ({
      title: titleOf(test),
      milliseconds: test.duration ?? 0,
      errors: [
        ...test.errors.map(([error] = []) => String(error)),
        ...(index === 0 ? outside : []),
      ],
    }));
  }

  async close() {
    this.#runtime.teardown();
    await this.#environment.teardown();
  }
}

function testsIn(block) {
  return block.children.flatMap((child) => (child.type === "test" ? [child] : testsIn(child)));
}

function titleOf({ name, parent }) {
  return parent.parent === undefined ? name : `${titleOf(parent)} ${name}`;
}
