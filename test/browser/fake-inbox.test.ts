/** The fake's inbox in a browser: how it looks, a new text by itself, a failure chosen. */

import { FAKE_ACCOUNT, startFakeServer } from "../../lib/fake-signalwire/server";
import { signalwire } from "../../lib/senders/signalwire";
import { openWindow, sizesIn, useChromium, violationsIn, type Window } from "./chromium";

jest.setTimeout(120_000);

useChromium();

let fake: Awaited<ReturnType<typeof startFakeServer>>;
beforeEach(async () => {
  fake = await startFakeServer(0, () => undefined);
});
afterEach(() => fake.close());

const open = (colorScheme: "light" | "dark" = "light"): Promise<Window> =>
  openWindow({ port: 0 }, { cookie: "" }, { baseURL: fake.url, colorScheme });

function send(text: string): Promise<unknown> {
  const { project, token, number } = FAKE_ACCOUNT;
  const sender = signalwire({ apiBaseUrl: fake.url, project, token, number });
  const { signal } = new AbortController();
  const message = { to: "+12025550123", text, channel: "sms", code: "123456" } as const;
  return Promise.resolve(sender({ ...message, locale: "en", purpose: "", validFor: 60, signal }));
}

test.each(["light", "dark"] as const)(
  "in %s axe finds nothing wrong with the inbox",
  async (look) => {
    await send("123456 is your code.");
    const { page, faults } = await open(look);
    await page.goto("/");
    await page.getByText("Numbers that always fail").click();
    expect(await violationsIn(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect((await sizesIn(page)).over).toBe(0);
    expect(faults).toEqual([]);
  },
);

test("a new text is shown by itself, as text, and said", async () => {
  const { page, faults } = await open();
  await page.goto("/");
  await page.getByText("No texts yet.").waitFor();
  await page.waitForResponse(/\/list$/);
  await send("<b>654321</b> is your code.");
  await page.getByText("<b>654321</b> is your code.").waitFor();
  expect(await page.getByRole("status").textContent()).toBe("A new text or call has come.");
  expect(faults).toEqual([]);
});

test("a failure that is chosen on the page meets the next text, and no other", async () => {
  const { page } = await open();
  await page.goto("/");
  await page
    .getByLabel("What goes wrong")
    .selectOption({ label: "The recipient has opted out (21610)." });
  await page.getByRole("button", { name: "Choose" }).click();
  await page.getByText("The next request fails: The recipient has opted out (21610).").waitFor();
  await expect(send("one")).rejects.toMatchObject({ code: "cannot_text_number" });
  await send("two");
  await page.goto("/");
  expect(await page.locator("pre").allTextContents()).toEqual(["two"]);
});
