/** The panel above the box: commands or suggestions, with a line on what is being filled in. */

import { h, replace } from "./dom.js";
import { Listbox } from "./listbox.js";

export class CommandMenu {
  constructor() {
    this.heading = h("p", { class: "menu-heading" });
    this.problem = h("p", { class: "problem", role: "alert" });
    this.note = h("p", { class: "menu-note", role: "status" });
    this.list = new Listbox({
      label: "Commands and choices",
      onPick: (item) => this.onPick?.(item),
    });
    this.element = h(
      "div",
      { class: "command-menu", hidden: true },
      this.heading,
      this.problem,
      this.note,
      this.list.element,
    );
  }

  get hasItems() {
    return !this.element.hidden && this.list.items.length > 0;
  }

  /** Say which option (or command) this is about. */
  describe(name, description, note = null) {
    replace(
      this.heading,
      h("b", {}, name),
      " ",
      description,
      note && h("span", { class: "tag" }, note),
    );
    replace(this.problem);
    this.element.hidden = false;
  }

  offer(control, items, note, onPick) {
    this.onPick = onPick;
    this.list.steerFrom(control);
    this.list.show(items);
    replace(this.note, note);
    this.element.hidden = !items.length && !note && !this.heading.hasChildNodes();
  }

  complain(text) {
    replace(this.problem, text);
    this.element.hidden = false;
  }

  key(event) {
    return this.hasItems && this.list.key(event);
  }

  pick() {
    if (this.list.active) this.onPick(this.list.active);
  }

  close() {
    this.list.show([]);
    this.list.control?.setAttribute("aria-expanded", "false");
    replace(this.heading);
    replace(this.problem);
    replace(this.note);
    this.element.hidden = true;
  }
}
