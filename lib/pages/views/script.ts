/** The script of the pages. All works without it: it only fills in, counts down and holds second clicks. */

export const SCRIPT = `(() => {
  "use strict";
  const page = document.querySelector("[data-sms2fa]");
  if (!page) return;
  const status = page.querySelector("[role=status]");
  const clear = () => {
    status.textContent = "";
    status.classList.remove(page.dataset.sms2fa + "-told");
  };
  const say = (text) => {
    if (!status || !text) return;
    status.textContent = "";
    status.classList.add(page.dataset.sms2fa + "-told");
    // A change is what is read aloud, so it comes after the region stands empty.
    setTimeout(() => { status.textContent = text; }, 150);
  };

  const asking = new AbortController();
  for (const form of page.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      const button = form.querySelector("button");
      if (form.dataset.busy || (button && button.getAttribute("aria-disabled") === "true")) {
        event.preventDefault();
        return;
      }
      form.dataset.busy = "yes";
      // Nothing tells of a press that leads nowhere: Stop, a download, an answer without a page. The server
      // takes a second one for what it is, so the hold need only outlast a double click.
      setTimeout(() => { delete form.dataset.busy; }, 2000);
      asking.abort();
    });
  }
  addEventListener("pagehide", () => asking.abort());
  addEventListener("pageshow", () => {
    for (const form of page.querySelectorAll("form")) delete form.dataset.busy;
  });

  const field = page.querySelector("[data-code-form] input[name=auth_code]");
  if (field && "OTPCredential" in window && navigator.credentials) {
    navigator.credentials
      .get({ otp: { transport: ["sms"] }, signal: asking.signal })
      .then((credential) => {
        if (!credential || !credential.code || field.value) return;
        field.value = credential.code;
        say(status && status.dataset.filledIn);
      })
      .catch(() => undefined);
  }

  const notice = status && status.textContent.trim();
  say(notice);

  const list = page.querySelector("[data-codes]");
  if (list) {
    const codes = Array.from(list.children, (code) => code.textContent.trim());
    const text = [list.dataset.codes, ...codes, ""].join("\\n");
    const tools = {
      copy: navigator.clipboard && (() => navigator.clipboard.writeText(text).then(
        () => say(status && status.dataset.copied),
        () => getSelection().selectAllChildren(list),
      )),
      print: () => print(),
      download: () => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
        link.download = "recovery-codes.txt";
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      },
    };
    for (const button of page.querySelectorAll("[data-tool]")) {
      const use = tools[button.dataset.tool];
      button.hidden = !use;
      if (use) button.addEventListener("click", use);
    }
    // A page that the browser keeps for Back would show them to whoever comes next.
    addEventListener("pagehide", () => list.replaceChildren());
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) location.replace(location.href);
    });
  }

  const delivery = page.querySelector("[data-delivery]:empty");
  // Seconds between one question and the next, twelve of them in some four minutes.
  const pauses = [2, 3, 4, 6, 8, 10, 15, 20, 30, 40, 50, 60];
  const listen = () => {
    const pause = pauses.shift();
    if (pause && !asking.signal.aborted) setTimeout(hear, pause * 1000);
  };
  const hear = () => {
    // Nobody looks: it asks again when somebody does.
    if (document.hidden) {
      document.addEventListener("visibilitychange", hear, { once: true, signal: asking.signal });
      return;
    }
    const headers = { Accept: "application/json" };
    fetch(location.href, { headers, redirect: "error", signal: asking.signal })
      .then((answer) => answer.json())
      .then(({ news }) => {
        if (news === "") listen();
        if (!news) return;
        delivery.textContent = news;
        // That it is on its way is said no longer.
        if (status && status.textContent === notice) clear();
      })
      // What can't be asked, as under a policy that forbids it, is told at the next visit.
      .catch(() => undefined);
  };
  if (delivery) listen();

  const button = page.querySelector("[data-countdown]");
  if (button) {
    const end = Date.now() + Number(button.dataset.countdown) * 1000;
    const wait = page.querySelector("[data-wait]");
    const time = wait && wait.querySelector("[data-time]");
    const inWords = (seconds) => {
      const [amount, unit] =
        seconds < 90 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
      const style = { style: "unit", unit, unitDisplay: "long" };
      return new Intl.NumberFormat(page.lang + "-u-nu-latn", style).format(amount);
    };
    button.setAttribute("aria-disabled", "true");
    const tick = () => {
      const seconds = Math.ceil((end - Date.now()) / 1000);
      if (seconds > 0) {
        if (time) time.textContent = inWords(seconds);
        return;
      }
      clearInterval(timer);
      button.removeAttribute("aria-disabled");
      if (wait) wait.remove();
      for (const form of page.querySelectorAll("[data-after-wait]")) form.hidden = false;
      say(status && status.dataset.canResend);
    };
    const timer = setInterval(tick, 1000);
    tick();
  }
})();
`;
