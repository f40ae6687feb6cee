/** Message components: rows of controls, and the layout pieces of Components V2. */

import { button, select } from "./controls.js";
import { h } from "./dom.js";
import { hexColour } from "./embeds.js";
import { markdown } from "./markdown.js";
import { spoiler } from "./markdown_inline.js";
import { fileCard, picture } from "./media.js";

const KINDS = {
  1: row,
  2: button,
  3: select,
  5: select,
  6: select,
  7: select,
  8: select,
  9: section,
  10: (component) => markdown(component.content),
  11: thumbnail,
  12: gallery,
  13: file,
  14: separator,
  17: container,
};

/** Return the nodes of a message's components; kinds that this page does not know are left out. */
export function components(list, message) {
  return (list ?? []).map((component) => KINDS[component.type]?.(component, message));
}

function row(component, message) {
  return h("div", { class: "action-row" }, components(component.components, message));
}

function section(component, message) {
  return h(
    "div",
    { class: "section" },
    h("div", { class: "section-text" }, components(component.components, message)),
    components([component.accessory], message),
  );
}

function container(component, message) {
  const element = h("div", { class: "container" }, components(component.components, message));
  if (component.accent_color !== undefined && component.accent_color !== null) {
    element.style.setProperty("--edge", hexColour(component.accent_color));
    element.classList.add("has-accent");
  }
  return component.spoiler ? spoiler(element, "div") : element;
}

/** `attachment://name` means one of the message's own files. */
function addressOf(media, message) {
  if (!media.url.startsWith("attachment://")) return media.url;
  const name = media.url.slice("attachment://".length);
  return message.attachments.find((each) => each.filename === name)?.url ?? media.url;
}

function thumbnail({ media, description, spoiler: isSpoiler }, message) {
  return picture(addressOf(media, message), {
    alt: description ?? "",
    className: "thumbnail",
    isSpoiler,
  });
}

function gallery({ items }, message) {
  const pictures = items.map(({ media, description, spoiler: isSpoiler }) =>
    picture(addressOf(media, message), {
      alt: description ?? "",
      className: "gallery-picture",
      isSpoiler,
    }),
  );
  const shown = h("div", { class: "gallery", data: { count: Math.min(items.length, 3) } }, pictures);
  const { width, height } = items[0].media;
  if (width && height) shown.style.setProperty("--shape", `${width} / ${height}`);
  return shown;
}

function file(component, message) {
  const url = addressOf(component.file, message);
  const own = message.attachments?.find((each) => each.url === url);
  const name = component.name ?? own?.filename ?? url.split("/").pop().split("?")[0];
  return fileCard({ url, name, size: component.size ?? own?.size, isSpoiler: component.spoiler });
}

function separator({ divider = true, spacing = 1 }) {
  return h("hr", {
    class: `separator${divider ? "" : " is-blank"}${spacing === 2 ? " is-large" : ""}`,
  });
}
