/** What is wrong with the app's own `user`: a 503 for its visitors, one sentence in the terminal for its developer. */

import { serve } from "../fakes/app";

// A process is warned of each once, so each stands here once.
test.each([
  ["throws", "`user` threw", () => raise()],
  ["gives no id", "`id` that is a string or a number", () => ({ _id: 7, phone: "+12025550123" })],
  ["gives a phone of digits alone", "`phone` that is a string", () => ({ id: 7, phone: 12025 })],
])("a `user` that %s is named in one warning, and nobody gets in", async (_what, told, user) => {
  const warned = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const s = await serve({ user: user as never });
  const client = await s.signedIn();
  for (let each = 0; each < 2; each += 1) {
    expect((await client.ask()).body).toMatchObject({ status: 503, code: "unavailable" });
    expect(await client.visit()).toBe(503);
  }
  expect(warned.mock.calls).toEqual([
    [
      expect.stringContaining(told),
      expect.objectContaining({ type: "ExpressSms2faWarning", code: "SMS2FA_USER" }),
    ],
  ]);
  warned.mockRestore();
});

function raise(): never {
  throw new Error("The row of ann is not there.");
}
