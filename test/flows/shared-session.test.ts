/** Two second factors on one session: neither takes the other's code, and their developer hears of it once. */

import { twoFactor, type TwoFactorEvent } from "../../lib";
import { serve } from "../fakes/app";

test("a code that another twoFactor() of the same session has sent is none, and the developer is told of both", async () => {
  jest.spyOn(process, "emitWarning").mockReturnValue();
  const others: TwoFactorEvent[] = [];
  const s = await serve({
    before: (app) => {
      const other = twoFactor({
        secret: "another-secret-of-the-app-0123456789",
        user: (req) => req.session.user,
        appName: "Acme",
        sender: () => undefined,
        onEvent: (event) => others.push(event),
      });
      app.use("/other", other.router);
    },
  });
  const client = await s.signedIn();
  await client.ask();
  const answer = await client.post("/other/validate-auth", { auth_code: s.lastCode() });
  expect(answer.body).toMatchObject({ code: "no_challenge" });
  expect(others.filter(({ type }) => type === "fault")).toMatchObject([
    { reason: "session_shared" },
  ]);
  expect((await client.answer(s.lastCode())).status).toBe(200);
});
