/** Round pictures of people; where there is none, their initial on a colour of their own. */

import { h, isLocalPicture } from "./dom.js";

export function avatar(name, url, className = "") {
  const classes = `avatar ${className}`;
  if (!url || !isLocalPicture(url)) return initial(name, classes);
  const image = h("img", { class: classes, loading: "lazy", decoding: "async", alt: "", src: url });
  image.addEventListener("error", () => image.replaceWith(initial(name, classes)), { once: true });
  return image;
}

function initial(name, classes) {
  const [first = "?"] = name.replace(/[^\p{L}\p{N}]/gu, "") || "?";
  const element = h("span", { class: `${classes} is-initial`, "aria-hidden": "true" }, first);
  element.style.setProperty("--hue", hue(name));
  return element;
}

function hue(name) {
  let sum = 7;
  for (const character of name) sum = (sum * 31 + character.codePointAt(0)) % 360;
  return sum;
}
