/** `express-sms-2fa fake-signalwire` as a process: the real sender texts into it, and no other site gets in. */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import type { Message } from "../../lib";
import { isSignedBy } from "../../lib/delivery/callback-signature";
import { FAILURES } from "../../lib/fake-signalwire/failures";
import { signalwire } from "../../lib/senders/signalwire";
import { COMMAND, runCommand, startFake } from "./command";
import { start } from "../services/process";

type Fake = Awaited<ReturnType<typeof startFake>>;

let fake: Fake;
beforeAll(async () => {
  fake = await startFake();
});
afterAll(async () => {
  await fake.end();
});

const environment = process.env;
beforeEach(() => {
  const lines = [...fake.output().matchAll(/^(SIGNALWIRE_\w+)=(.*)$/gm)];
  process.env = { ...environment };
  for (const [, name = "", value] of lines) process.env[name] = value;
});
afterEach(() => {
  process.env = environment;
});

const MESSAGE: Message = {
  to: "+14155550123",
  text: "123456 is your code.",
  code: "123456",
  channel: "sms",
  locale: "en",
  purpose: "",
  validFor: 600,
  signal: new AbortController().signal,
};

const send = (changes: Partial<Message> = {}, options: Parameters<typeof signalwire>[0] = {}) =>
  Promise.resolve(signalwire(options)({ ...MESSAGE, ...changes }));

/** One request with headers that `fetch` would not send. */
async function ask(path: string, options: http.RequestOptions = {}, body = "") {
  const request = http.request(fake.url + path, options);
  request.on("error", () => undefined);
  request.end(body);
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, text };
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

const choose = (form: string, headers: http.OutgoingHttpHeaders = {}) =>
  ask("/failure", { method: "POST", headers: { ...FORM, ...headers } }, form);

test("with the settings that it says, the real sender texts into its inbox", async () => {
  await send();
  const { text, headers } = await ask("/");
  expect(text).toContain("123456 is your code.");
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(JSON.parse((await ask("/inbox.json")).text)).toContainEqual(
    expect.objectContaining({ to: MESSAGE.to, channel: "sms", text: MESSAGE.text }),
  );
});

test("a hostile text stands there as it was sent, and is no part of the page", async () => {
  const hostile = `</pre><script>alert(1)</script><img src=x onerror="alert(2)"> ' &`;
  await send({ text: hostile });
  for (const path of ["/", "/list"]) {
    const { text } = await ask(path);
    expect(text).toContain("&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x");
    expect(text).not.toContain("<script>");
    expect(text).not.toContain("<img");
  }
});

test.each([
  "+12025550171",
  "+12025550172",
  "+12025550173",
  "+12025550174",
  "+12025550175",
  "+12025550176",
  "+12025550178",
])("a text to %s fails as the page says", async (to) => {
  await expect(send({ to })).rejects.toThrow();
  const listed = JSON.parse((await ask("/inbox.json")).text) as { to: string }[];
  expect(listed.map((item) => item.to)).not.toContain(to);
});

test("a failure chosen on the page is that of the next request, or of all until another is chosen", async () => {
  expect((await choose("failure=landline&every=")).status).toBe(303);
  await expect(send()).rejects.toThrow();
  await send();
  await choose("failure=down&every=yes");
  expect((await ask("/")).text).toContain("Every request fails");
  await expect(send()).rejects.toThrow();
  await expect(send()).rejects.toThrow();
  await choose("failure=&every=");
  await send();
});

test("another site chooses nothing, and reads nothing by a name of its own that leads here", async () => {
  for (const headers of [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example" },
    { origin: "null" },
  ]) {
    expect([headers, (await choose("failure=hang&every=yes", headers)).status]).toEqual([
      headers,
      403,
    ]);
  }
  const port = new URL(fake.url).port;
  for (const host of [`evil.example:${port}`, "127.0.0.1", `127.0.0.1.evil.example:${port}`]) {
    for (const path of ["/", "/inbox.json", "/2010-04-01/Accounts/x/Messages.json"]) {
      const { status, text } = await ask(path, { headers: { host } });
      expect([host, path, status, text]).toEqual([host, path, 421, "Use http://127.0.0.1.\n"]);
    }
  }
  const { headers } = await ask("/inbox.json", { headers: { origin: "https://evil.example" } });
  expect(headers["access-control-allow-origin"]).toBeUndefined();
});

test("a body without end, a failure that is none and a page that is none are refused, and it lives on", async () => {
  const huge = "x".repeat(200_000);
  const path = "/2010-04-01/Accounts/x/Messages.json";
  expect((await ask(path, { method: "POST", headers: FORM }, huge)).status).toBe(413);
  expect((await choose(`failure=${huge}`)).status).toBe(400);
  expect((await choose("failure=no-such")).status).toBe(400);
  expect((await choose("")).status).toBe(400);
  for (const odd of ["/constructor", "/__proto__", "/list/", "/failure"]) {
    expect([odd, (await ask(odd)).status]).toEqual([odd, 404]);
  }
  expect((await ask("/", { method: "DELETE" })).status).toBe(405);
  expect((await ask("/")).status).toBe(200);
});

test("a caller that hangs up in the middle of a form ends its own exchange, and it lives on", async () => {
  const other = await startFake();
  const headers = { ...FORM, "content-length": "100" };
  const asked = http.request(`${other.url}/failure`, { method: "POST", headers });
  asked.on("error", () => undefined);
  asked.write("failure=");
  await once(asked, "socket");
  await once(asked.socket as Socket, "connect");
  asked.destroy();
  // One may be answered before the end of that connection is heard of, but not all of them.
  for (let each = 0; each < 5; each += 1) {
    expect((await fetch(`${other.url}/list`)).status).toBe(200);
  }
  await other.end();
});

test("its callbacks are signed with the key that it says, and tell of what was not delivered", async () => {
  const told: [string, boolean][] = [];
  let url = "";
  const done = new Promise<void>((resolve) => {
    const app = http.createServer((request, response) => {
      void (async () => {
        let body = "";
        for await (const chunk of request) body += String(chunk);
        const form = new URLSearchParams(body);
        const signature = String(request.headers["x-signalwire-signature"]);
        const isSigned = isSignedBy(["PSK_fake_signalwire"], url, [...form], signature);
        told.push([form.get("MessageStatus") ?? "", isSigned]);
        response.end();
        if (told.length < 2) return;
        app.close();
        resolve();
      })();
    });
    app.listen(0, "127.0.0.1", () => {
      url = `http://127.0.0.1:${(app.address() as AddressInfo).port}/delivery-status`;
      const fields = new URLSearchParams({
        To: "+12025550179",
        From: "+12025550100",
        Body: "x",
        StatusCallback: url,
      });
      const project = process.env["SIGNALWIRE_PROJECT"] ?? "";
      const basic = Buffer.from(`${project}:${process.env["SIGNALWIRE_TOKEN"] ?? ""}`);
      const headers = { ...FORM, authorization: `Basic ${basic.toString("base64")}` };
      const path = `/2010-04-01/Accounts/${project}/Messages.json`;
      void ask(path, { method: "POST", headers }, fields.toString());
    });
  });
  await done;
  expect(told).toEqual([
    ["sent", true],
    ["undelivered", true],
  ]);
});

test("a port in use is one sentence, and a wrong one is wrong usage", () => {
  const { port } = new URL(fake.url);
  const { status, stderr, stdout } = runCommand(["fake-signalwire", "--port", port]);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(
    `Port ${port} is in use. End the program that has it, or choose another: --port ${Number(port) + 1}.\n`,
  );
  for (const wrong of [["--port", "x"], ["--port", "65536"], ["--port"], ["--nope"], ["hunter2"]]) {
    const run = runCommand(["fake-signalwire", ...wrong]);
    expect([wrong, run.status]).toEqual([wrong, 2]);
    expect(run.stderr).toMatch(/^Expected .*\nSee express-sms-2fa --help\.\n$/);
    expect(run.stderr).not.toContain("hunter2");
  }
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends it cleanly", async (signal) => {
  const other = start(process.execPath, [COMMAND, "fake-signalwire", "--port", "0"]);
  const ended = once(other.process, "exit");
  while (!other.output().includes("Ctrl+C"))
    await once(other.process.stdout ?? other.process, "data");
  // An open connection holds nothing up.
  const [, url = ""] = /at (http:\S+),/.exec(other.output()) ?? [];
  const open = http.request(`${url}/failure`, { method: "POST" });
  open.on("error", () => undefined);
  open.write("x");
  await once(open, "socket");
  other.process.kill(signal);
  expect(await ended).toEqual([0, null]);
});

test("a base URL of the environment that is plain http to another machine is refused", async () => {
  process.env["SIGNALWIRE_API_BASE_URL"] = "http://fake.example";
  expect(() => signalwire()).toThrow(
    "Expected SIGNALWIRE_API_BASE_URL to be an https URL, or http to a loopback host",
  );
  // A Space that the code names is where its texts go.
  process.env["SIGNALWIRE_API_BASE_URL"] = fake.url;
  const before = (await ask("/inbox.json")).text;
  const signal = AbortSignal.abort();
  await expect(send({ signal }, { space: "example.signalwire.com" })).rejects.toThrow();
  expect((await ask("/inbox.json")).text).toBe(before);
});

test("the table of docs/command-line.md is that of the numbers that fail", () => {
  const guide = readFileSync(join(__dirname, "..", "..", "docs", "command-line.md"), "utf8");
  const rows = [...guide.matchAll(/^\| `(\+\d+)` \| (.*?) +\|$/gm)].map(([, ...cells]) => cells);
  expect(rows).toEqual(FAILURES.map(({ number, words }) => [number, words]));
});
