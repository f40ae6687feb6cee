/** Modals: a form in a dialog, made from what the bot sent. */

import { h, replace, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { modalField } from "./modal_fields.js";

const ROW = 1;
const TEXT_DISPLAY = 10;
const LABEL = 18;

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
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close", on: { click: cancel } },
        icon("close"),
      ),
    ),
    h("div", { class: "modal-body" }, body, problem),
    h(
      "footer",
      {},
      h("button", { type: "button", class: "button ghost", on: { click: cancel } }, "Cancel"),
      send,
    ),
  );
  const dialog = h("dialog", { class: "modal", "aria-labelledby": titleId }, form);
  dialog.addEventListener("close", () => dialog.remove());

  async function onSubmit(event) {
    event.preventDefault();
    const missing = fields.find((field) => field.problem());
    replace(problem, missing?.problem() ?? null);
    if (missing) return;
    send.disabled = true;
    const error = await submit(
      modal.custom_id,
      Object.fromEntries(fields.map((field) => [field.id, field.value()])),
    );
    send.disabled = false;
    if (error) replace(problem, error);
    else dialog.close();
  }

  document.body.append(dialog);
  dialog.showModal();
  fields[0]?.control.focus();
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
  const field = modalField(component, label);
  if (!field) return h("p", { class: "problem" }, `${label}: this page has no field of this kind.`);
  fields.push(field);
  const labelId = uniqueId("label");
  field.control.setAttribute("aria-labelledby", labelId);
  return h(
    "div",
    { class: "modal-field" },
    h(
      "span",
      { id: labelId, class: "modal-label" },
      label,
      field.isRequired && h("span", { class: "required" }, " *"),
    ),
    description && h("small", {}, description),
    field.control,
  );
}
