/** Buttons and selects in messages. */

import { h, link } from "./dom.js";
import { icon } from "./icons.js";
import { useComponent } from "./interact.js";
import { selectButton } from "./select_button.js";
import { emoji } from "./select_items.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger" };
const LINK = 5;

export function button(component, message) {
  const label = [emoji(component.emoji), component.label && h("span", {}, component.label)];
  if (component.style === LINK) {
    const anchor = link(component.url, label, icon("open"));
    anchor.classList.add("button", "secondary");
    return anchor;
  }
  const press = () => {
    if (!isBusy(element)) busyWhile(element, useComponent(message.id, component.custom_id));
  };
  const element = h(
    "button",
    {
      type: "button",
      class: `button ${STYLES[component.style] ?? "secondary"}`,
      disabled: component.disabled,
      data: { customId: component.custom_id ?? "" },
      "aria-label": component.label ? null : component.emoji?.name,
      on: { click: press },
    },
    label,
  );
  return element;
}

export function select(component, message) {
  const choose = (element, values) =>
    busyWhile(element, useComponent(message.id, component.custom_id, values));
  return selectButton(component, { isDisabled: component.disabled, onChoose: choose });
}

const isBusy = (element) => element.classList.contains("is-busy");

/** Show that the answer is awaited; until then the control does nothing, but keeps the focus. */
async function busyWhile(element, work) {
  element.classList.add("is-busy");
  element.setAttribute("aria-busy", "true");
  await work;
  element.classList.remove("is-busy");
  element.removeAttribute("aria-busy");
}
