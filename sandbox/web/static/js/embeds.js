/** Embeds: a card with a coloured edge, as bots send them. */

import { h, isLocalPicture, link } from "./dom.js";
import { markdown } from "./markdown.js";
import { inline } from "./markdown_inline.js";
import { picture } from "./media.js";
import { messageTime } from "./time.js";

export function embeds(list) {
  return (list ?? []).map(embed);
}

function embed(data) {
  const element = h(
    "div",
    { class: "embed" },
    h(
      "div",
      { class: "embed-text" },
      data.author && byline(data.author),
      data.title && title(data),
      data.description && markdown(data.description),
      data.fields?.length && fields(data.fields),
    ),
    data.thumbnail && picture(data.thumbnail.url, { className: "embed-thumbnail" }),
    data.image && picture(data.image.url, { className: "embed-image" }),
    (data.footer || data.timestamp) && footer(data),
  );
  if (data.color !== undefined && data.color !== null) {
    element.style.setProperty("--edge", hexColour(data.color));
  }
  return element;
}

export const hexColour = (number) => `#${number.toString(16).padStart(6, "0")}`;

const small = (url) =>
  url && isLocalPicture(url) && h("img", { src: url, alt: "", class: "embed-icon" });

function byline({ name, url, icon_url: iconUrl }) {
  return h(
    "div",
    { class: "embed-author" },
    small(iconUrl),
    url ? link(url, name) : h("span", {}, name),
  );
}

function title({ title: text, url }) {
  return h("div", { class: "embed-title" }, url ? link(url, inline(text)) : inline(text));
}

/** Inline fields share a row, three at most. */
function fields(list) {
  const grid = h("div", { class: "embed-fields" });
  let row = [];
  const closeRow = () => {
    for (const element of row) element.dataset.share = row.length;
    row = [];
  };
  for (const field of list) {
    const element = h(
      "div",
      { class: "embed-field" },
      h("div", { class: "embed-field-name" }, inline(field.name)),
      markdown(field.value),
    );
    if (!field.inline || row.length === 3) closeRow();
    if (field.inline) row.push(element);
    grid.append(element);
  }
  closeRow();
  return grid;
}

function footer({ footer: note, timestamp }) {
  return h(
    "div",
    { class: "embed-footer" },
    small(note?.icon_url),
    note && h("span", {}, note.text),
    note && timestamp && h("span", { "aria-hidden": "true" }, "•"),
    timestamp && messageTime(new Date(timestamp)),
  );
}
