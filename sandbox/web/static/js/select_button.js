/** A button that shows what is chosen and opens the list to choose from. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openPicker } from "./picker.js";
import { selectItems } from "./select_items.js";

const LONG = 8;

export function selectButton(component, { isDisabled = false, onChoose }) {
  let items = selectItems(component);
  const placeholder = component.placeholder ?? "Make a selection";
  const text = h("span", { class: "select-text" });
  const max = component.max_values ?? 1;
  const min = component.min_values ?? 1;
  const show = () => {
    const chosen = items.filter((item) => item.selected).map((item) => item.label);
    text.textContent = chosen.join(", ") || placeholder;
    text.classList.toggle("is-placeholder", !chosen.length);
  };
  const done = (values) => {
    items = items.map((item) => ({ ...item, selected: values.includes(item.value) }));
    show();
    onChoose(element, values);
  };
  const open = () =>
    openPicker(element, {
      items,
      label: placeholder,
      min,
      max,
      hasFilter: items.length > LONG,
      onDone: done,
    });
  const element = h(
    "button",
    {
      type: "button",
      class: "select",
      disabled: isDisabled,
      "aria-haspopup": "listbox",
      data: { customId: component.custom_id ?? "" },
      on: { click: open },
    },
    text,
    icon("chevron"),
  );
  show();
  return element;
}
