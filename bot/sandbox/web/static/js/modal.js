/** Modals: a form in a dialog, made from what the bot sent. */

import { h, replace, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { selectButton } from "./select_button.js";
import { SELECT } from "./select_items.js";

const ROW = 1;
const TEXT_INPUT = 4;
const TEXT_DISPLAY = 10;
const LABEL = 18;
const PARAGRAPH = 2;

/** Open a modal; `submit(customId, values)` sends it and returns an error's sentence or null. */
export function openModal(modal, submit) {
  const fields = [];
  const body = modal.components.map((component) => part(component, fields));
  const problem = h("p", { class: "problem", role: "alert" });
  const titleId = uniqueId("modal");
  const cancel = () => dialog.close();
  const send = h("button", { type: "submit", class: "button primary" }, "Submit");
  const form = h(
    "form",
    { on: { submit: onSubmit } },
    h(
      "header",
      {},
      h("h2", { id: titleId }, modal.title),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", on: { click: cancel } }, icon("close")),
    ),
    h("div", { class: "modal-body" }, body, problem),
    h("footer", {}, h("button", { type: "button", class: "button ghost", on: { click: cancel } }, "Cancel"), send),
  );
  const dialog = h("dialog", { class: "modal", "aria-labelledby": titleId }, form);
  dialog.addEventListener("close", () => dialog.remove());

  async function onSubmit(event) {
    event.preventDefault();
    const missing = fields.find((field) => field.problem());
    replace(problem, missing?.problem() ?? null);
    if (missing) return;
    send.disabled = true;
    const error = await submit(modal.custom_id, Object.fromEntries(fields.map((field) => [field.id, field.value()])));
    send.disabled = false;
    if (error) replace(problem, error);
    else dialog.close();
  }

  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("input, textarea, .select")?.focus();
}

function part(component, fields) {
  switch (component.type) {
    case ROW:
      return component.components.map((each) => labelled(each, each.label, null, fields));
    case LABEL:
      return labelled(component.component, component.label, component.description, fields);
    case TEXT_DISPLAY:
      return markdown(component.content);
    default:
      return null;
  }
}

function labelled(component, label, description, fields) {
  const isSelect = Object.values(SELECT).includes(component.type);
  if (!isSelect && component.type !== TEXT_INPUT) return null;
  const field = isSelect ? selectField(component, label) : textField(component, label);
  fields.push(field);
  const labelId = uniqueId("label");
  field.control.setAttribute("aria-labelledby", labelId);
  return h(
    "div",
    { class: "modal-field" },
    h("span", { id: labelId, class: "modal-label" }, label, field.isRequired && h("span", { class: "required" }, " *")),
    description && h("small", {}, description),
    field.control,
  );
}

function textField(component, label) {
  const isRequired = component.required ?? true;
  const control = h(component.style === PARAGRAPH ? "textarea" : "input", {
    value: component.value ?? "", placeholder: component.placeholder ?? null, required: isRequired,
    minlength: component.min_length, maxlength: component.max_length,
    rows: component.style === PARAGRAPH ? 4 : null, autocomplete: "off",
  });
  return {
    id: component.custom_id, control, isRequired,
    value: () => control.value,
    problem: () => (isRequired && !control.value.trim() ? `${label} is required.` : null),
  };
}

function selectField(component, label) {
  const isRequired = component.required ?? true;
  let chosen = (component.options ?? []).filter((option) => option.default).map((option) => option.value);
  const choose = (_element, values) => {
    chosen = values;
  };
  const control = selectButton(component, { onChoose: choose });
  return {
    id: component.custom_id, control, isRequired,
    value: () => chosen,
    problem: () => (isRequired && !chosen.length ? `${label} is required.` : null),
  };
}
