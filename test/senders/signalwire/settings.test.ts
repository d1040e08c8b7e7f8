/** The options and variables of the SignalWire sender, and the sentences about wrong ones. */

import { signalwire, type SignalWireOptions } from "../../../lib/senders/signalwire/index";

const GOOD = {
  SIGNALWIRE_SPACE: "example.signalwire.com",
  SIGNALWIRE_PROJECT: "0f3c2b1a-1111-4222-8333-444455556666",
  SIGNALWIRE_TOKEN: "PT0123456789abcdef0123456789abcdef",
  SIGNALWIRE_NUMBER: "+12025550100",
};
const OPTION_OF = {
  SIGNALWIRE_SPACE: "space",
  SIGNALWIRE_PROJECT: "project",
  SIGNALWIRE_TOKEN: "token",
  SIGNALWIRE_NUMBER: "number",
} as const;
type Variable = keyof typeof GOOD;
const VARIABLES = Object.keys(GOOD) as Variable[];

const environment = process.env;
beforeEach(() => {
  process.env = { ...environment, ...GOOD };
});
afterEach(() => {
  process.env = environment;
});

/** What the factory throws, as one line. */
function complaint(options?: unknown): string {
  try {
    signalwire(options as SignalWireOptions);
  } catch (error) {
    return String(error);
  }
  return "nothing";
}

describe("the settings of signalwire()", () => {
  test("come from the environment", () => {
    expect(typeof signalwire()).toBe("function");
    expect(typeof signalwire({})).toBe("function");
  });

  test("are taken as options where the environment is empty", () => {
    for (const variable of VARIABLES) Reflect.deleteProperty(process.env, variable);
    const options = Object.fromEntries(VARIABLES.map((name) => [OPTION_OF[name], GOOD[name]]));
    expect(complaint(options)).toBe("nothing");
  });

  test("as options win over the environment", () => {
    for (const name of VARIABLES) process.env[name] = "\n";
    const options = Object.fromEntries(VARIABLES.map((name) => [OPTION_OF[name], GOOD[name]]));
    expect(complaint(options)).toBe("nothing");
  });

  describe.each(VARIABLES)("%s", (variable) => {
    const option = OPTION_OF[variable];

    test("is named with its option where it is missing, and no other value is shown (R92)", () => {
      Reflect.deleteProperty(process.env, variable);
      const said = complaint({ [option]: undefined });
      expect(said).toContain(`Expected ${variable} to be set`);
      expect(said).toContain(`\`${option}\``);
      expect(said).not.toContain(GOOD.SIGNALWIRE_TOKEN);
    });

    test.each(["", " ", "\t\r\n"])("counts as missing where it is %j", (blank) => {
      process.env[variable] = blank;
      expect(complaint()).toContain(`Expected ${variable} to be set`);
      process.env[variable] = GOOD[variable];
      expect(complaint({ [option]: blank })).toContain(`Expected \`${option}\` to be set`);
    });

    test.each([null, 5, true, [GOOD[variable]], {}, () => GOOD[variable]])(
      "is refused as an option of another type: %p",
      (value) => {
        expect(complaint({ [option]: value })).toContain(`Expected \`${option}\` to be`);
      },
    );

    test.each([
      "your-space",
      "YOUR_PROJECT_ID",
      "YourAuthToken",
      "your_signalwire_number",
      "<token>",
      "PTxxxxxxxxxxxx",
      "PT...",
      "PT",
      "changeme",
      "TODO",
      "undefined",
      "null",
    ])("is refused while it is an example's, or what a script left there: %s", (value) => {
      process.env[variable] = value;
      expect(complaint()).toMatch(new RegExp(`Expected ${variable} to be .*example file`));
    });

    test("never shows its value, which may be another's: the token in the wrong line (R92)", () => {
      process.env[variable] = "PT secret-of-mine";
      const said = complaint();
      expect(said).toContain(`Expected ${variable} to be`);
      expect(said).not.toContain("secret-of-mine");
    });

    test.each(["\n", "\r", " ", "\u00a0", "\0", '"', "'", "`"])(
      "is refused with %j at its end, or around it",
      (mark) => {
        for (const written of [GOOD[variable] + mark, mark + GOOD[variable] + mark]) {
          process.env[variable] = written;
          expect(complaint()).toContain(`Expected ${variable} to be`);
        }
      },
    );

    test.each(["\ufeff", "${IT}", "$IT", "{{it}}", "[it]", "%IT%"])(
      "is refused where %j stands before it or in its place",
      (rest) => {
        for (const written of [rest + GOOD[variable], rest]) {
          process.env[variable] = written;
          expect(complaint()).toContain(`Expected ${variable} to be`);
        }
      },
    );
  });
});

describe("the Space", () => {
  test.each([
    "example.signalwire.com",
    "https://example.signalwire.com",
    "https://example.signalwire.com/",
    "example.signalwire.com/",
    "HTTPS://Example.SignalWire.COM/",
    "sms.at-your-service.example.org",
  ])("is accepted as %s (R93)", (space) => {
    expect(complaint({ space })).toBe("nothing");
  });

  test.each([
    "example",
    "example.com",
    "your-space.signalwire.com",
    "http://example.signalwire.com",
    "https://https://example.signalwire.com",
    "example.signalwire.com:443",
    "example.signalwire.com/api/laml",
    "example.signalwire.com?x=1",
    "example.signalwire.com#x",
    "example.signalwire.com//",
    "user@example.signalwire.com",
    "https://user:secret@example.signalwire.com",
    "example.signal wire.com",
    "example.signalwire.com.",
    ".signalwire.com",
    "example..com",
    "-example.signalwire.com",
    "example-.signalwire.com",
    "exämple.signalwire.com",
    "127.0.0.1",
    "[::1]",
    `${"a".repeat(64)}.signalwire.com`,
    `${"a.".repeat(130)}com`,
  ])("is refused as %s (R93)", (space) => {
    const said = complaint({ space });
    expect(said).toContain("Expected `space` to be the whole host name");
    expect(said).toContain("example.signalwire.com");
    expect(said).not.toContain("secret");
  });
});

describe("the other settings", () => {
  test.each(["PT0123", "a/b", "a b", "../x", "a%2fb", "ü", "a".repeat(65)])(
    "refuse the project %s",
    (project) => {
      expect(complaint({ project })).toContain("Expected `project` to be");
    },
  );

  test.each(["a b", "tökén", "a\u0000b", "a".repeat(257)])("refuse the token %j", (token) => {
    const said = complaint({ token });
    expect(said).toContain("Expected `token` to be");
    expect(said).not.toContain(token);
  });

  test("refuse the project ID in the token's place, and show it nowhere", () => {
    process.env["SIGNALWIRE_TOKEN"] = GOOD.SIGNALWIRE_PROJECT;
    expect(complaint()).toMatch(/Expected SIGNALWIRE_TOKEN to be .*; got the project ID again/);
    expect(complaint()).not.toContain(GOOD.SIGNALWIRE_PROJECT);
    const { SIGNALWIRE_PROJECT: token } = GOOD;
    expect(complaint({ token })).toContain("Expected `token` to be");
  });

  test.each(["12025550100", "+1 202 555 0100", "+0202555010", "+1202", "+12025550100x", "Acme"])(
    "refuse the number %s",
    (number) => {
      expect(complaint({ number })).toContain("Expected `number` to be");
    },
  );

  test("need no number where a messaging service picks it", () => {
    Reflect.deleteProperty(process.env, "SIGNALWIRE_NUMBER");
    expect(complaint({ messagingServiceSid: "0f3c2b1a-aaaa" })).toBe("nothing");
  });

  test("refuse a number beside a messaging service", () => {
    const both = { messagingServiceSid: "0f3c2b1a-aaaa", number: "+12025550100" };
    expect(complaint(both)).toContain("Expected one of `number` and `messagingServiceSid`");
  });

  test.each(["", "a b", "a/b", 5, null])("refuse the messaging service %p", (value) => {
    expect(complaint({ messagingServiceSid: value })).toContain("Expected `messagingServiceSid`");
  });
});

describe("an option of signalwire()", () => {
  test.each([
    ["timeout", [undefined, 0.1, 0.25, 10, 60], [0, 0.09, 60.1, -1, NaN, Infinity, "10", null]],
    ["maxConcurrent", [undefined, 1, 1000], [0, 1001, 1.5, -1, NaN, "10", null]],
    ["maxPrice", [undefined, 0.0001, 0.05, 1], [0, -1, 0.00001, 0.05001, 101, NaN, "0.05", null]],
    [
      "statusCallback",
      [undefined, "https://app.example/sms?x=1", "https://u:p@app.example/"],
      ["http://app.example/", "/sms", "app.example", "https://a b/", "https://a\n.b/", "", 5, null],
    ],
    [
      "apiBaseUrl",
      [
        undefined,
        "https://gateway.example/api/laml/",
        "http://localhost:1",
        "http://127.8.9.1:1",
        "http://[::1]:1",
      ],
      [
        "http://gateway.example",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "http://[::2]:1",
        "https://user:p@gateway.example",
        "https://gateway.example/?x",
        "https://gateway.example/?x=1",
        "https://gateway.example/#x",
        "ftp://localhost",
        "file:///etc",
        " https://gateway.example",
        "",
        5,
        null,
      ],
    ],
  ] as [string, unknown[], unknown[]][])(
    "%s is checked: no address without TLS but this machine's (R94)",
    (option, good, bad) => {
      for (const value of good) expect(complaint({ [option]: value })).toBe("nothing");
      for (const value of bad) {
        expect(complaint({ [option]: value })).toContain(`TypeError: Expected \`${option}\` to be`);
      }
    },
  );

  test("shows no password of a status callback that is wrong", () => {
    const statusCallback = "http://user:hunter2@app.example/";
    expect(complaint({ statusCallback })).not.toContain("hunter2");
  });

  test("apiBaseUrl needs no Space, but a wrong one is still refused", () => {
    Reflect.deleteProperty(process.env, "SIGNALWIRE_SPACE");
    const apiBaseUrl = "https://gateway.example";
    expect(complaint({ apiBaseUrl })).toBe("nothing");
    expect(complaint({ apiBaseUrl, space: "x" })).toContain("Expected `space`");
  });

  test.each([
    ["tokn", "token"],
    ["Number", "number"],
    ["maxPrise", "maxPrice"],
    ["timeOut", "timeout"],
    ["status_callback", "statusCallback"],
    ["messagingServiceSID", "messagingServiceSid"],
  ])("is refused as %s, which may mean %s", (wrong, right) => {
    const said = complaint({ [wrong]: "x" });
    expect(said).toContain(`Unknown option \`${wrong}\` of signalwire()`);
    expect(said).toContain(`Did you mean \`${right}\`?`);
  });

  test.each([null, 5, "x", []])("object is refused as %p", (options) => {
    expect(complaint(options)).toContain("Expected signalwire() to be given an object of options");
  });
});

describe("the client that signalwire() stands on", () => {
  interface Module {
    signalwire: typeof signalwire;
  }

  /** The factory, with something else in the client's place. */
  function withClient(client: () => unknown): Module["signalwire"] {
    let made: Module["signalwire"] | undefined;
    jest.isolateModules(() => {
      jest.doMock("@signalwire/compatibility-api", client);
      made = jest.requireActual<Module>("../../../lib/senders/signalwire/index").signalwire;
    });
    if (made === undefined) throw new Error("not loaded");
    return made;
  }
  afterEach(() => {
    jest.dontMock("@signalwire/compatibility-api");
  });

  test("is missed at the call, not at the import, in a sentence that says how to install it", () => {
    const missing = withClient(() => {
      const message = "Cannot find module '@signalwire/compatibility-api'";
      throw Object.assign(new Error(message), { code: "MODULE_NOT_FOUND" });
    });
    expect(() => missing()).toThrow("npm install @signalwire/compatibility-api");
  });

  test("may fail on its own account, which is not hidden", () => {
    const broken = withClient(() => {
      throw Object.assign(new Error("Cannot find module 'axios'"), { code: "MODULE_NOT_FOUND" });
    });
    expect(() => broken()).toThrow("axios");
  });

  test("is refused where it is another than the one known", () => {
    const foreign = withClient(() => ({}));
    expect(() => foreign()).toThrow("version 3");
  });
});
