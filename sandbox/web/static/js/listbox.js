/** A listbox that is steered from another element (its control), by keys or by pointer. */

import { h, replace, uniqueId } from "./dom.js";
import { icon } from "./icons.js";

export class Listbox {
  /**
   * Items are {value, label, detail?, note?, picture?, selected?}; `onPick` gets one.
   * `picture` makes an element, so that a long list costs only what it shows.
   */
  constructor({ label, onPick, isMultiple = false }) {
    this.items = [];
    this.index = -1;
    this.onPick = onPick;
    this.control = null;
    this.element = h("ul", {
      class: "listbox",
      role: "listbox",
      id: uniqueId("list"),
      "aria-label": label,
      "aria-multiselectable": isMultiple ? "true" : null,
    });
  }

  /** The element that keeps the focus while the list is steered. */
  steerFrom(control) {
    this.control = control;
    control.setAttribute("aria-controls", this.element.id);
  }

  show(items, activeIndex = 0) {
    this.items = items;
    this.options = items.map((item, index) => this.#option(item, index));
    replace(this.element, this.options);
    this.activate(Math.min(activeIndex, items.length - 1), { isQuiet: true });
  }

  #option(item, index) {
    return h(
      "li",
      {
        role: "option",
        id: uniqueId("option"),
        class: "option",
        "aria-selected": String(Boolean(item.selected)),
        on: {
          // The control must not lose the focus to a press.
          mousedown: (event) => event.preventDefault(),
          click: () => this.onPick(item),
          mousemove: () => this.index !== index && this.activate(index, { isQuiet: true }),
        },
      },
      item.picture && h("span", { class: "option-picture" }, item.picture()),
      h(
        "span",
        { class: "option-text" },
        h("span", { class: "option-label" }, item.label),
        item.detail && h("span", { class: "option-detail" }, item.detail),
      ),
      item.note && h("span", { class: "option-note" }, item.note),
      item.selected && icon("check"),
    );
  }

  activate(index, { isQuiet = false } = {}) {
    this.options?.[this.index]?.classList.remove("is-active");
    this.index = index;
    const option = this.options?.[index];
    if (!option) {
      this.control?.removeAttribute("aria-activedescendant");
      return;
    }
    option.classList.add("is-active");
    this.control?.setAttribute("aria-activedescendant", option.id);
    if (!isQuiet) option.scrollIntoView({ block: "nearest" });
  }

  move(step) {
    const count = this.items.length;
    if (count) this.activate((this.index + step + count) % count);
  }

  get active() {
    return this.items[this.index] ?? null;
  }

  /** Handle a key of the control; return whether it was one of ours. */
  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (!this.items.length || !(event.key in steps)) return false;
    event.preventDefault();
    this.move(steps[event.key]);
    return true;
  }
}
