/** Asks the browser for a passkey when the form is sent, and sends with it what the browser gives. */

"use strict";

{
  const { startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;
  const start = { get: startAuthentication, create: startRegistration };

  const tell = (form, sentence) => {
    form.querySelector("[role=alert]").textContent = sentence;
  };

  const fill = async (form) => {
    const answer = await fetch(form.dataset.options, {
      method: "POST",
      headers: { Accept: "application/json" },
    });
    // Logged out, or a proof that has got too old meanwhile: the page itself leads on.
    if (!answer.ok) {
      location.reload();
      return;
    }
    const optionsJSON = await answer.json();
    const credential = await start[form.dataset.passkey]({ optionsJSON });
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      tell(form, "");
      fill(form).catch(() => {
        tell(form, "No passkey was used. Try again, or choose another way.");
      });
    });
  }
}
