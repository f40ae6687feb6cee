/** A menu of actions, opened by a button or by the right mouse button. */

import { h } from "./dom.js";
import { openPanel } from "./popover.js";

/** Items are {label, note?, icon?, run}. `anchor` is an element or a point {x, y}. */
export function openMenu(anchor, label, items) {
  const entries = items.map((item) =>
    h(
      "button",
      {
        type: "button",
        role: "menuitem",
        tabIndex: -1,
        class: "menu-item",
        on: { click: () => choose(item) },
      },
      item.icon,
      h("span", {}, item.label),
      item.note && h("small", {}, item.note),
    ),
  );
  const menu = h("div", { role: "menu", "aria-label": label, on: { keydown: steer } }, entries);

  function choose(item) {
    panel.hidePopover();
    item.run();
  }

  function steer(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Tab") panel.hidePopover();
    if (!(event.key in steps)) return;
    event.preventDefault();
    const at = entries.indexOf(document.activeElement);
    entries[(at + steps[event.key] + entries.length) % entries.length].focus();
  }

  const panel = openPanel(anchor, menu, { className: "menu" });
  entries[0]?.focus();
}
