/** The open channel: its messages in order, kept true by the live news. */

import * as api from "./api.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { renderMessage } from "./message.js";
import { renderNotice } from "./notice.js";
import { called, isThread, on, state, tagsOf } from "./state.js";

const NEAR_END_PX = 80;
const SHOWN = 300; // older messages leave the page; it stays quick however long the demo runs

let messages = []; // oldest first
let log;
let scroller;
let jump;
let opening = 0;

export function startChat(root) {
  log = h("div", { class: "log", role: "log", "aria-label": "Messages", "aria-live": "polite" });
  jump = h(
    "button",
    { type: "button", class: "jump", hidden: true, on: { click: toEnd } },
    "New messages",
    icon("chevron"),
  );
  scroller = h(
    "div",
    { class: "scroller", tabIndex: 0, "aria-label": "Messages of the channel", role: "group" },
    log,
  );
  scroller.addEventListener("scroll", () => isNearEnd() && (jump.hidden = true));
  // Pictures arrive after their message and would push it out of sight.
  scroller.addEventListener("load", () => wasNearEnd && toEnd(), { capture: true });
  replace(root, scroller, jump);
  on("channel", reload);
  on("live", reload);
  on("me", clear);
  on("dismiss", remove);
  on("sent", toEnd);
  on("notice", notice);
  on("discord:message.create", ({ channel_id: id, message }) => receive(id, message));
  on("discord:message.update", ({ channel_id: id, message }) => receive(id, message));
  on("discord:message.delete", ({ channel_id: id, message, message_id: messageId }) => {
    if (id === state.channel?.id) remove(message?.id ?? messageId);
  });
}

async function reload() {
  opening += 1;
  const mine = opening;
  messages = [];
  let loaded = [];
  let problem = null;
  try {
    loaded = await api.discord.messages(state.channel.id, state.me.id);
  } catch (error) {
    problem = error.message;
  }
  if (mine !== opening) return; // another channel was opened meanwhile
  const news = messages;
  messages = loaded.slice(-SHOWN);
  replace(log, welcome());
  for (const [index, message] of messages.entries()) {
    log.append(renderMessage(message, messages[index - 1]));
  }
  for (const message of news) upsert(message);
  if (problem) notice({ channelId: state.channel.id, text: problem });
  toEnd();
}

/** What one member saw is not for the next one. */
function clear() {
  opening += 1;
  messages = [];
  replace(log);
}

function receive(channelId, message) {
  if (channelId !== state.channel?.id) return;
  const shouldFollow = isNearEnd();
  upsert(message);
  if (shouldFollow) {
    while (messages.length > SHOWN) remove(messages[0].id);
    toEnd();
  } else jump.hidden = false;
}

/** IDs grow with time; those of equal length compare as text. */
const isAfter = (a, b) => a.length - b.length || (a > b ? 1 : -1);

function upsert(message) {
  const at = messages.findIndex((each) => each.id === message.id);
  if (at >= 0) {
    messages[at] = message;
    redraw(at);
    return;
  }
  let index = messages.length;
  while (index > 0 && isAfter(messages[index - 1].id, message.id) > 0) index -= 1;
  messages.splice(index, 0, message);
  const element = renderMessage(message, messages[index - 1]);
  const next = messages[index + 1] && elementOf(messages[index + 1].id);
  if (next) {
    next.before(element);
    redraw(index + 1);
  } else log.append(element);
}

const elementOf = (id) => log.querySelector(`[data-id="${CSS.escape(id)}"]`);

/** Draw a message anew; a button that had the focus keeps it. */
function redraw(index) {
  const message = messages[index];
  const old = message && elementOf(message.id);
  if (!old) return;
  const focused = old.contains(document.activeElement) && document.activeElement.dataset.customId;
  const element = renderMessage(message, messages[index - 1]);
  old.replaceWith(element);
  if (focused) element.querySelector(`[data-custom-id="${CSS.escape(focused)}"]`)?.focus();
}

function remove(id) {
  const index = messages.findIndex((message) => message.id === id);
  if (index < 0) return;
  elementOf(id)?.remove();
  messages.splice(index, 1);
  redraw(index);
}

function notice({ channelId, text, about }) {
  if (channelId !== state.channel.id) return;
  log.append(renderNotice(text, about));
  toEnd();
}

function welcome() {
  const name = called(state.channel);
  const isBelow = isThread(state.channel);
  const tags = tagsOf(state.channel).map((tag) => h("li", {}, tag));
  return h(
    "div",
    { class: "welcome" },
    h("span", { class: "welcome-mark" }, icon(isBelow ? "reply" : "hash")),
    h("h2", {}, isBelow ? name : `Welcome to ${name}`),
    h("p", {}, state.channel.topic || `This is where ${isBelow ? "the thread" : name} begins.`),
    tags.length > 0 && h("ul", { class: "tags", "aria-label": "Tags" }, tags),
  );
}

let wasNearEnd = true;

function isNearEnd() {
  wasNearEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
  return wasNearEnd;
}

function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
  jump.hidden = true;
  wasNearEnd = true;
}
