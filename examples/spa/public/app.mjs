/** The page's script: whatever the guard refuses opens a dialog for the code, and is then asked for once more. */

import { createClient, TwoFactorRefusal, withTwoFactor } from "/client.mjs";

const element = (id) => document.getElementById(id);
const twoFactor = createClient({ baseUrl: "/2fa" });
const guardedFetch = withTwoFactor(fetch, { onTwoFactorRequired });

/** Resolves once the user has entered the right code, and throws where they give up. */
async function onTwoFactorRequired({ ask }) {
  await request(ask);
  element("ask").showModal();
  try {
    await new Promise((resolve, reject) => {
      element("answer").onsubmit = (event) => {
        event.preventDefault();
        twoFactor.submitCode(element("code").value, ask).then(resolve, showMistake);
      };
      element("again").onclick = () => request(ask).catch(showMistake);
      element("ask").onclose = () => reject(new Error("You gave up."));
      element("cancel").onclick = () => element("ask").close();
    });
  } finally {
    element("ask").onclose = null;
    element("ask").close();
    element("answer").reset();
  }
}

async function request(ask) {
  element("mistake").textContent = "";
  const { to } = await twoFactor.requestCode(ask);
  element("hint").textContent = to ? `We have texted it to ${to}.` : "";
}

function showMistake(error) {
  const left = error instanceof TwoFactorRefusal ? error.attemptsLeft : undefined;
  element("mistake").textContent =
    left === undefined ? error.message : `This is not the code. ${left} tries are left.`;
}

element("log-in").onclick = async () => {
  await fetch("/api/log-in", { method: "POST" });
  element("told").textContent = "You are logged in.";
};
element("balance").onclick = async () => {
  try {
    const answer = await guardedFetch("/api/balance");
    const { balance, title } = await answer.json();
    element("told").textContent = balance ?? title;
  } catch (error) {
    element("told").textContent = error.message;
  }
};
