/** Shows times as local ones, and fills the phone beside a page with new texts. */

"use strict";

{
  const FORMATS = {
    time: { dateStyle: "medium", timeStyle: "short" },
    day: { dateStyle: "medium" },
    clock: { timeStyle: "medium" },
  };
  const EVERY_MS = 2000;

  const showLocal = (time) => {
    const format = new Intl.DateTimeFormat(undefined, FORMATS[time.dataset.shown]);
    time.textContent = format.format(new Date(time.dateTime));
  };

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const itemOf = ({ to, text, channel, at }) => {
    const time = make("time", { dateTime: new Date(at).toISOString() });
    time.dataset.shown = "clock";
    showLocal(time);
    const said = channel === "call" ? "Call to " : "To ";
    const head = make("p", { className: "hint" }, said, make("bdi", {}, to), " at ", time);
    const item = make("li", {}, head, make("p", { className: "text" }, text));
    item.dataset.at = at;
    return item;
  };

  const fill = async (inbox) => {
    const answer = await fetch(inbox.dataset.inbox, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const texts = await answer.json();
    const list = inbox.querySelector("ol");
    const newest = Number(list.firstElementChild?.dataset.at ?? 0);
    const fresh = texts.filter(({ at }) => at > newest);
    if (fresh.length === 0) return;
    list.prepend(...fresh.reverse().map(itemOf));
    inbox.querySelector(".empty")?.remove();
    inbox.querySelector("[role=status]").textContent =
      `Texts in the inbox: ${list.children.length}`;
  };

  for (const time of document.querySelectorAll("time[data-shown]")) showLocal(time);
  for (const inbox of document.querySelectorAll("[data-inbox]")) {
    const look = () => {
      // A demo that is stopped, or started again: the next look tries once more.
      if (!document.hidden) fill(inbox).catch(() => undefined);
    };
    setInterval(look, EVERY_MS);
    document.addEventListener("visibilitychange", look);
  }
}
