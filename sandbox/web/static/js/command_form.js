/** The box while a command is filled in: its name, a pill for each option, and the list above. */

import { CommandField } from "./command_field.js";
import { OPTION, isRequired } from "./commands.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";

export class CommandForm {
  /** `menu` shows suggestions; `onSend(name, options)` and `onLeave()` end the form. */
  constructor(command, { menu, onSend, onLeave }) {
    Object.assign(this, { command, menu, onSend, onLeave });
    this.fields = [];
    this.current = null;
    this.pills = h("span", { class: "pills" });
    this.more = h("span", { class: "more-options" });
    this.element = h(
      "form",
      {
        class: "command-form",
        "aria-label": `Command /${command.name}`,
        on: {
          submit: (event) => this.#submit(event),
          keydown: (event) => this.#key(event),
          focusout: (event) => this.#left(event),
        },
      },
      h(
        "span",
        { class: "command-line" },
        h("span", { class: "command-name" }, `/${command.name}`),
        this.pills,
        this.more,
      ),
      h(
        "button",
        { type: "submit", class: "icon-button send", "aria-label": "Run the command" },
        icon("send"),
      ),
    );
    for (const option of command.options.filter(isRequired)) this.#add(option);
    this.#drawMore();
  }

  /** Put values into the fields, by option name. */
  prefill(values) {
    for (const option of this.command.options) {
      if (values[option.name] === undefined) continue;
      const field = this.fields.find((each) => each.option === option) ?? this.#add(option);
      field.text = values[option.name];
    }
    this.#drawMore();
  }

  focus() {
    const next = this.fields.find((field) => field.isEmpty) ?? this.fields.at(-1);
    if (next) next.input.focus();
    else {
      this.menu.describe(this.command.name, this.command.description);
      this.element.querySelector(".send").focus();
    }
  }

  /** What autocomplete is told: the field being typed as it is, and the others that are right. */
  drafts() {
    const options = {};
    for (const field of this.fields) {
      const value = field === this.current ? field.draft : field.read()?.value;
      if (value !== undefined) options[field.option.name] = value;
    }
    return options;
  }

  focused(field) {
    this.current = field;
    const { name, description } = field.option;
    this.menu.describe(name, description, isRequired(field.option) ? "required" : "optional");
  }

  suggest(field, items, note) {
    if (field !== this.current) return;
    field.input.setAttribute("aria-expanded", String(items.length > 0));
    this.menu.offer(field.input, items, note, (item) => this.#picked(field, item));
  }

  #add(option) {
    const field = new CommandField(option, this);
    this.fields.push(field);
    this.pills.append(field.element);
    return field;
  }

  #drawMore() {
    const used = new Set(this.fields.map((field) => field.option));
    const rest = this.command.options.filter(
      (each) => !used.has(each) && each.type !== OPTION.attachment,
    );
    replace(
      this.more,
      rest.map((option) =>
        h(
          "button",
          {
            type: "button",
            class: "more-option",
            title: option.description,
            "aria-label": `Add option ${option.name}: ${option.description}`,
            on: { click: () => this.#addByHand(option) },
          },
          `+ ${option.name}`,
        ),
      ),
    );
  }

  #addByHand(option) {
    const field = this.#add(option);
    this.#drawMore();
    field.input.focus();
  }

  #remove(field) {
    const index = this.fields.indexOf(field);
    this.fields.splice(index, 1);
    field.element.remove();
    this.#drawMore();
    (this.fields[index - 1]?.input ?? this.element.querySelector(".send")).focus();
  }

  #picked(field, item) {
    field.pick(item);
    const next = this.fields.find((each) => each.isEmpty && isRequired(each.option));
    this.menu.close();
    if (next) next.input.focus();
    else field.input.setSelectionRange(item.label.length, item.label.length);
  }

  #key(event) {
    const field = this.fields.find((each) => each.input === event.target);
    if (event.key === "Escape") {
      event.preventDefault();
      if (field && this.menu.hasItems) this.menu.close();
      else this.onLeave();
      return;
    }
    if (!field) {
      if (event.key === "Backspace") this.onLeave();
      return;
    }
    if (this.menu.key(event)) return;
    const isPick = event.key === "Enter" || (event.key === "Tab" && !event.shiftKey);
    if (isPick && this.menu.hasItems && !field.picked) {
      event.preventDefault();
      this.menu.pick();
    } else if (event.key === "Backspace" && field.isEmpty) {
      event.preventDefault();
      if (isRequired(field.option)) this.onLeave();
      else this.#remove(field);
    }
  }

  #left({ relatedTarget }) {
    if (!this.element.contains(relatedTarget)) this.menu.close();
  }

  #submit(event) {
    event.preventDefault();
    const options = {};
    for (const field of this.fields) {
      const answer = field.read();
      field.markWrong(Boolean(answer?.problem));
      if (answer?.problem) {
        field.input.focus();
        this.menu.complain(answer.problem);
        return;
      }
      if (answer) options[field.option.name] = answer.value;
    }
    this.onSend(this.command.name, options);
  }
}
