/** What the page itself has to say: in the channel, or briefly above the box. */

import { h } from "./dom.js";
import { on } from "./state.js";

const TOAST_MS = 6000;

/** A failure in the channel, which only the visitor sees and can dismiss. */
export function renderNotice(text, about) {
  const element = h(
    "div",
    { class: "notice", role: "alert" },
    h("p", {}, about && h("b", {}, `${about}: `), text),
    h(
      "p",
      { class: "footnote" },
      "Only you can see this",
      h("span", { "aria-hidden": "true" }, "·"),
      h(
        "button",
        { type: "button", class: "text-button", on: { click: () => element.remove() } },
        "Dismiss message",
      ),
    ),
  );
  return element;
}

export function startToasts(root) {
  on("toast", (text) => {
    const toast = h("div", { class: "toast", role: "status" }, text);
    root.append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  });
}
