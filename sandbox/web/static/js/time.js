/** Times as people read them, and <time> elements that stay true while they are shown. */

import { h } from "./dom.js";

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};
const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

function ago(date, now = Date.now()) {
  const seconds = Math.round((date.getTime() - now) / 1000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(seconds, "second");
}

export const full = (date) => new Intl.DateTimeFormat("en", STYLES.F).format(date);

/** One of Discord's timestamp styles; R counts on by itself. */
export function timestamp(date, style = "f") {
  if (Number.isNaN(date.getTime())) return h("span", {}, "Invalid date");
  const isRelative = style === "R";
  const text = isRelative ? ago(date) : new Intl.DateTimeFormat("en", STYLES[style]).format(date);
  return h(
    "time",
    { datetime: date.toISOString(), title: full(date), data: isRelative ? { relative: "" } : {} },
    text,
  );
}

const isSameDay = (a, b) => a.toDateString() === b.toDateString();

/** "Today at 14:05", as beside a message's author. */
export function messageTime(date) {
  const now = new Date();
  const yesterday = new Date(now.getTime() - 86_400_000);
  const clock = new Intl.DateTimeFormat("en", STYLES.t).format(date);
  let text = `${new Intl.DateTimeFormat("en", STYLES.d).format(date)} ${clock}`;
  if (isSameDay(date, now)) text = `Today at ${clock}`;
  else if (isSameDay(date, yesterday)) text = `Yesterday at ${clock}`;
  return h("time", { datetime: date.toISOString(), title: full(date), class: "when" }, text);
}

setInterval(() => {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const text = ago(new Date(element.dateTime));
    if (element.textContent !== text) element.textContent = text;
  }
}, 1000);
