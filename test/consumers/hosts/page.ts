// The script of a page, in TypeScript: no types of Node.js or Express are at hand.
import {
  createClient,
  TwoFactorRefusal,
  withTwoFactor,
  type Problem,
  type Requested,
} from "express-sms-2fa/client";

const twoFactor = createClient({ baseUrl: "/2fa" });

async function verify(problem: Problem): Promise<void> {
  const requested: Requested = await twoFactor.requestCode(problem.ask);
  if (requested.status === "verified") return;
  const code = window.prompt(`The code that was sent to ${requested.to}`) ?? "";
  await twoFactor.submitCode(code).catch((error: unknown) => {
    if (error instanceof TwoFactorRefusal && error.code === "wrong_code") return verify(problem);
    throw error;
  });
}

export const guardedFetch = withTwoFactor(fetch, { onTwoFactorRequired: verify });
console.log(typeof guardedFetch);
