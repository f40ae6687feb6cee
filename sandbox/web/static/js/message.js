/** One message of the channel. */

import { attachments } from "./media.js";
import { avatar } from "./avatar.js";
import { components } from "./components.js";
import { append, h } from "./dom.js";
import { embeds } from "./embeds.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { inline } from "./markdown_inline.js";
import { openMessageMenu, openUserMenu } from "./message_menu.js";
import { member, nameOf, state, tell } from "./state.js";
import { messageTime } from "./time.js";

const SUPPRESS_EMBEDS = 1 << 2;
const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
const COMPONENTS_V2 = 1 << 15;
const GROUP_MS = 7 * 60_000;

const nameOfAuthor = (author) => nameOf(member(author.id) ?? author);
const commandOf = (message) => message.interaction?.name ?? message.interaction_metadata?.name;
const askerOf = (message) => message.interaction_metadata?.user ?? message.interaction?.user;
const hasHeadline = (message) => Boolean(commandOf(message) || message.referenced_message);

/** Whether the message goes under the one before it without a header of its own. */
function isGrouped(message, previous) {
  return Boolean(
    previous &&
    previous.author.id === message.author.id &&
    (previous.flags & EPHEMERAL) === (message.flags & EPHEMERAL) &&
    !hasHeadline(message) &&
    new Date(message.timestamp) - new Date(previous.timestamp) < GROUP_MS,
  );
}

export function renderMessage(message, previous) {
  const compact = isGrouped(message, previous);
  const name = nameOfAuthor(message.author);
  const classes = ["message"];
  if (compact) classes.push("is-grouped");
  if (message.flags & EPHEMERAL) classes.push("is-ephemeral");
  if (message.mentions?.some((user) => user.id === state.me.id) || message.mention_everyone) {
    classes.push("mentions-me");
  }
  return h(
    "article",
    {
      class: classes.join(" "),
      "aria-label": `Message by ${name}`,
      data: { id: message.id },
      on: { contextmenu: (event) => menuAtPointer(event, message) },
    },
    hasHeadline(message) && headline(message),
    !compact && h("div", { class: "message-avatar" }, avatar(name, message.author.avatar_url)),
    h(
      "div",
      { class: "message-main" },
      !compact && header(message, name),
      body(message, name),
      footnote(message),
    ),
    toolbar(message),
  );
}

/** Over links and text fields the browser's own menu is the useful one. */
function menuAtPointer(event, message) {
  if (event.target.closest("a, input, textarea")) return;
  event.preventDefault();
  openMessageMenu({ x: event.clientX, y: event.clientY }, message);
}

function headline(message) {
  const command = commandOf(message);
  if (command) {
    const asker = askerOf(message);
    const name = asker ? nameOfAuthor(asker) : "Someone";
    const person = member(asker?.id);
    return h(
      "div",
      { class: "headline" },
      avatar(name, person?.avatar_url ?? asker?.avatar_url, "is-small"),
      h(
        "span",
        {},
        h("b", {}, name),
        " used ",
        h("span", { class: "used-command" }, `/${command}`),
      ),
    );
  }
  const replied = message.referenced_message;
  const name = nameOfAuthor(replied.author);
  return h(
    "div",
    { class: "headline" },
    icon("reply"),
    avatar(name, replied.author.avatar_url, "is-small"),
    h(
      "span",
      { class: "headline-text" },
      h("b", {}, name),
      " ",
      inline(replied.content || "a message"),
    ),
  );
}

function header(message, name) {
  const open = (event) => openUserMenu(event.currentTarget, message.author);
  return h(
    "header",
    { class: "message-header" },
    h("button", { type: "button", class: "author", on: { click: open } }, name),
    message.author.bot && h("span", { class: "tag" }, "Bot"),
    messageTime(new Date(message.timestamp)),
  );
}

function body(message, name) {
  const element = h("div", { class: "message-body" });
  if (message.flags & LOADING) return append(element, thinking(name));
  const isV2 = message.flags & COMPONENTS_V2;
  if (!isV2 && message.content) append(element, markdown(message.content));
  if (message.edited_timestamp && (isV2 || message.content)) {
    append(element, h("span", { class: "edited", title: "This message was edited" }, "(edited)"));
  }
  if (isV2) return append(element, components(message.components, message));
  return append(
    element,
    attachments(message.attachments),
    !(message.flags & SUPPRESS_EMBEDS) && embeds(message.embeds),
    components(message.components, message),
  );
}

function thinking(name) {
  const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  return h("p", { class: "thinking" }, dots, `${name} is thinking…`);
}

function footnote(message) {
  if (!(message.flags & EPHEMERAL)) return null;
  const dismiss = () => tell("dismiss", message.id);
  return h(
    "p",
    { class: "footnote" },
    icon("eye"),
    "Only you can see this",
    h("span", { "aria-hidden": "true" }, "·"),
    h(
      "button",
      { type: "button", class: "text-button", on: { click: dismiss } },
      "Dismiss message",
    ),
  );
}

function toolbar(message) {
  const open = (event) => openMessageMenu(event.currentTarget, message);
  return h(
    "div",
    { class: "message-tools" },
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Message actions",
        "aria-haspopup": "menu",
        on: { click: open },
      },
      icon("dots"),
    ),
  );
}
