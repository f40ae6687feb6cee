/** Pictures and files in messages, with spoilers and a larger view. */

import { h, isLocalPicture, link } from "./dom.js";
import { icon } from "./icons.js";
import { spoiler } from "./markdown_inline.js";

/** A picture that opens larger when it is pressed; a foreign one is only named, never fetched. */
export function picture(url, { alt = "", className = "picture", isSpoiler = false } = {}) {
  if (!isLocalPicture(url)) {
    return h(
      "p",
      { class: "foreign-picture" },
      icon("eye"),
      link(url, alt || "Picture on another site"),
    );
  }
  const image = h("img", { loading: "lazy", decoding: "async", alt, src: url });
  image.addEventListener("error", () => image.replaceWith(broken(alt)), { once: true });
  const open = () => enlarge(url, alt);
  const label = alt ? `Picture: ${alt}. Enlarge` : "Enlarge picture";
  const button = h(
    "button",
    { type: "button", class: className, "aria-label": label, on: { click: open } },
    image,
  );
  return isSpoiler ? spoiler(button, "div") : button;
}

const broken = (alt) =>
  h("span", { class: "broken-picture" }, alt || "The picture cannot be shown.");

function enlarge(url, alt) {
  const dialog = h(
    "dialog",
    { class: "lightbox", "aria-label": alt || "Picture", on: { click: () => dialog.close() } },
    h("img", { src: url, alt }),
    h("button", { type: "button", class: "icon-button", "aria-label": "Close" }, icon("close")),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const isPicture = ({ content_type: type, filename }) =>
  type ? type.startsWith("image/") : /\.(png|jpe?g|gif|webp|svg)$/i.test(filename);

export function attachments(list) {
  if (!list?.length) return null;
  return h("div", { class: "attachments" }, list.map(attachment));
}

function attachment(file) {
  const isSpoiler = file.filename.startsWith("SPOILER_");
  if (isPicture(file)) return picture(file.url, { alt: file.description ?? "", isSpoiler });
  return fileCard({ url: file.url, name: file.filename, size: file.size, isSpoiler });
}

export function fileCard({ url, name, size, isSpoiler = false }) {
  const isOurs = isLocalPicture(url);
  const title = isOurs ? h("a", { href: url, download: name }, name) : link(url, name);
  const card = h(
    "div",
    { class: "file-card" },
    icon("file"),
    h("span", {}, title, size !== undefined && h("small", {}, fileSize(size))),
  );
  return isSpoiler ? spoiler(card, "div") : card;
}

function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
