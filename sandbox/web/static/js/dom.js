/** Building elements. Text always becomes text nodes: nothing here reads markup. */

const PROPERTIES = new Set([
  "checked",
  "disabled",
  "hidden",
  "open",
  "readOnly",
  "required",
  "tabIndex",
  "textContent",
  "value",
]);

/** h("button", {class: "primary", on: {click}}, "Save"): children may be nodes, text, lists or null. */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [type, listener] of Object.entries(value))
        element.addEventListener(type, listener);
    } else if (name === "data") Object.assign(element.dataset, value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

export function append(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

export function replace(element, ...children) {
  element.replaceChildren();
  return append(element, ...children);
}

let lastId = 0;

/** An id that is unique in the document, for labels and listboxes. */
export function uniqueId(word) {
  lastId += 1;
  return `${word}-${lastId}`;
}

/** A link only where the address is a web address; else plain text. */
export function link(url, ...children) {
  if (!/^https?:\/\//i.test(url)) return h("span", {}, ...children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** A picture that this page may load: its own, the sandboxes' or inline. */
export function isLocalPicture(url) {
  try {
    const { protocol, hostname } = new URL(url, location.href);
    return protocol === "data:" || ["127.0.0.1", "localhost", location.hostname].includes(hostname);
  } catch {
    return false;
  }
}
