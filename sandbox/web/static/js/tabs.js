/** On a phone one column is shown at a time; the bar at the bottom says which. */

import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { on } from "./state.js";

const TABS = [
  ["channels", "Channels", "hash"],
  ["chat", "Chat", "chat"],
  ["x", "X", "heart"],
];

export function startTabs(root) {
  const buttons = TABS.map(([name, label, picture]) =>
    h(
      "button",
      { type: "button", class: "tab", data: { tab: name }, on: { click: () => show(name) } },
      icon(picture),
      label,
    ),
  );
  replace(root, buttons);

  function show(name) {
    document.body.dataset.tab = name;
    for (const button of buttons) {
      if (button.dataset.tab === name) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
  }

  show("chat");
  on("show", show);
  on("channel", () => show("chat"));
}
