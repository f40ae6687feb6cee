/** A panel to pick one or several of a list, with a filter where the list is long. */

import { h, replace } from "./dom.js";
import { Listbox } from "./listbox.js";
import { openPanel } from "./popover.js";

const SHOWN = 60;

/**
 * Items are those of a Listbox. `onDone` gets the picked values: at once where one may be picked,
 * else when the panel is left.
 */
export function openPicker(anchor, { items, label, min = 1, max = 1, hasFilter = false, onDone }) {
  const isMultiple = max > 1;
  const initial = items.filter((item) => item.selected).map((item) => item.value);
  const picked = new Set(initial);
  let panel;
  const list = new Listbox({ label, isMultiple, onPick: pick });
  const filter = h("input", {
    class: "picker-filter",
    type: "text",
    placeholder: "Search",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": `Search: ${label}`,
    "aria-expanded": "true",
    "aria-autocomplete": "list",
  });
  const control = hasFilter ? filter : list.element;
  if (!hasFilter) list.element.tabIndex = 0;
  list.steerFrom(control);

  function pick(item) {
    if (!isMultiple) {
      finish(min === 0 && picked.has(item.value) ? [] : [item.value]);
      return;
    }
    if (picked.has(item.value)) picked.delete(item.value);
    else if (picked.size < max) picked.add(item.value);
    draw(list.index);
  }

  let isDone = false;
  function finish(values) {
    if (isDone) return;
    isDone = true;
    panel.hidePopover();
    if (values) onDone(values);
  }

  function draw(index = 0) {
    const wanted = filter.value.trim().toLowerCase();
    const shown = items
      .filter(
        (item) => !wanted || `${item.label} ${item.detail ?? ""}`.toLowerCase().includes(wanted),
      )
      .slice(0, SHOWN)
      .map((item) => ({ ...item, selected: picked.has(item.value) }));
    list.show(shown, index);
    if (!shown.length)
      replace(list.element, h("li", { class: "empty", role: "presentation" }, "Nothing found."));
  }

  const changed = () =>
    picked.size !== initial.length || initial.some((value) => !picked.has(value));
  const onClose = () => {
    if (isMultiple && !isDone && picked.size >= min && changed()) finish([...picked]);
  };
  filter.addEventListener("input", () => draw());
  control.addEventListener("keydown", (event) => {
    if (list.key(event)) return;
    const isPick = event.key === "Enter" || (event.key === " " && !hasFilter);
    if (isPick && list.active) {
      event.preventDefault();
      pick(list.active);
    }
    if (event.key === "Tab")
      finish(isMultiple && picked.size >= min && changed() ? [...picked] : null);
  });
  draw(
    Math.max(
      0,
      items.findIndex((item) => item.selected),
    ),
  );
  panel = openPanel(
    anchor,
    [hasFilter && filter, list.element, isMultiple && doneRow(finish, picked, min)],
    {
      className: "picker",
      onClose,
    },
  );
  control.focus();
}

function doneRow(finish, picked, min) {
  const done = () => finish(picked.size >= min ? [...picked] : null);
  return h(
    "button",
    { type: "button", class: "button primary picker-done", on: { click: done } },
    "Done",
  );
}
