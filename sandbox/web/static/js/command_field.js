/** One option of the command being typed: a pill with its name and a field. */

import { isRequired } from "./commands.js";
import { h } from "./dom.js";
import { asked, closedList, filtered, typedValue } from "./suggestions.js";

const PAUSE_MS = 150;

export class CommandField {
  /** `form` is asked for the other fields' values and told what the list should show. */
  constructor(option, form) {
    this.option = option;
    this.form = form;
    this.picked = null; // the item chosen from the list, until the text is changed
    this.asking = 0;
    this.input = h("input", {
      type: "text",
      size: 6,
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-label": `${option.name}${isRequired(option) ? ", required" : ""}: ${option.description}`,
      "aria-required": String(isRequired(option)),
      autocomplete: "off",
      spellcheck: "false",
      enterkeyhint: "send",
      on: { input: () => this.#typed(), focus: () => this.#focused() },
    });
    this.element = h(
      "label",
      { class: "pill" },
      h("span", { class: "pill-name" }, option.name),
      this.input,
    );
  }

  get isEmpty() {
    return this.input.value === "";
  }

  set text(text) {
    this.input.value = text;
    this.#fit();
  }

  /** {value} or {problem}; null where an optional field was left empty. */
  read() {
    if (this.picked) return { value: this.picked.value };
    if (this.isEmpty && !isRequired(this.option)) return null;
    return typedValue(this.option, this.input.value);
  }

  /** What autocomplete is told of this field, however unfinished. */
  get draft() {
    return this.picked ? this.picked.value : this.input.value;
  }

  pick(item) {
    this.picked = item;
    this.text = item.label;
    this.markWrong(false);
  }

  markWrong(isWrong) {
    this.element.classList.toggle("is-wrong", isWrong);
    if (isWrong) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  #fit() {
    this.input.size = Math.min(Math.max(6, this.input.value.length + 1), 44);
  }

  #typed() {
    this.picked = null;
    this.#fit();
    this.markWrong(false);
    this.#suggest(PAUSE_MS);
  }

  #focused() {
    this.input.select();
    this.form.focused(this);
    this.#suggest(0);
  }

  async #suggest(pause) {
    this.asking += 1;
    const mine = this.asking;
    const list = closedList(this.option);
    if (list) {
      const items = this.picked ? list : filtered(list, this.input.value);
      this.form.suggest(this, items, items.length ? null : "Nothing fits.");
      return;
    }
    // Old choices do not fit the new text: until the bot answers there are none to pick.
    this.form.suggest(this, [], null);
    if (!this.option.autocomplete) return;
    this.form.suggest(this, [], "Loading choices…");
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (mine !== this.asking) return;
    const { items, error } = await asked(this.form.command.name, this.form.drafts(), this.option);
    if (mine === this.asking)
      this.form.suggest(this, items, error ?? (items.length ? null : "No choices for this."));
  }
}
