/** The fields of a modal: each {id, control, isRequired, value(), problem()}. */

import { h, uniqueId } from "./dom.js";
import { selectButton } from "./select_button.js";
import { SELECT } from "./select_items.js";

const PARAGRAPH = 2;

const MAKERS = {
  4: textField,
  ...Object.fromEntries(Object.values(SELECT).map((type) => [type, selectField])),
  21: (component, label) => choicesField(component, label, "radio"),
  22: (component, label) => choicesField(component, label, "checkbox"),
  23: checkboxField,
};

/** Null for a kind that this page does not know, such as a file upload. */
export function modalField(component, label) {
  return MAKERS[component.type]?.(component, label) ?? null;
}

/** What all fields share: `read` gives the value, `isEmpty` says whether there is one. */
function field(component, label, { control, value, isEmpty }) {
  const isRequired = component.required ?? true;
  const problem = () => (isRequired && isEmpty() ? `${label} is required.` : null);
  return { id: component.custom_id, control, isRequired, value, problem };
}

function textField(component, label) {
  const isLong = component.style === PARAGRAPH;
  const control = h(isLong ? "textarea" : "input", {
    value: component.value ?? "",
    placeholder: component.placeholder,
    rows: isLong ? 4 : null,
    minlength: component.min_length,
    maxlength: component.max_length,
    autocomplete: "off",
    "aria-required": String(component.required ?? true),
  });
  const value = () => control.value;
  return field(component, label, { control, value, isEmpty: () => !control.value.trim() });
}

function selectField(component, label) {
  const preset = component.default_values?.map(({ id }) => id);
  const marked = component.options
    ?.filter((option) => option.default)
    .map((option) => option.value);
  let chosen = preset ?? marked ?? [];
  const onChoose = (_element, values) => {
    chosen = values;
  };
  const control = selectButton(component, { onChoose });
  return field(component, label, { control, value: () => chosen, isEmpty: () => !chosen.length });
}

function choicesField(component, label, type) {
  const name = uniqueId("choice");
  const boxes = component.options.map((option) =>
    h("input", { type, name, value: option.value, checked: Boolean(option.default) }),
  );
  const rows = component.options.map(({ label: text, description }, index) =>
    h(
      "label",
      { class: "choice" },
      boxes[index],
      h("span", {}, text, description && h("small", {}, description)),
    ),
  );
  const control = h(
    "div",
    { class: "choices", role: type === "radio" ? "radiogroup" : "group" },
    rows,
  );
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const value = () => (type === "radio" ? (chosen()[0] ?? null) : chosen());
  return field(component, label, { control, value, isEmpty: () => !chosen().length });
}

function checkboxField(component, label) {
  const control = h("input", {
    type: "checkbox",
    class: "lone-checkbox",
    checked: Boolean(component.default),
  });
  const value = () => control.checked;
  return field({ ...component, required: false }, label, { control, value, isEmpty: () => false });
}
