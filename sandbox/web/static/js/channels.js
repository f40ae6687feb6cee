/** The left column: the server, its channels, and who the visitor is. */

import { avatar } from "./avatar.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import {
  becomeMember,
  nameOf,
  noteNewest,
  on,
  openChannel,
  people,
  state,
  threadsOf,
} from "./state.js";

export function startChannels(root) {
  const name = h("h1", { class: "guild-name" });
  const list = h("ul", { class: "channel-list" });
  const you = h("div", { class: "you" });
  const heading = h("h2", { class: "column-heading" }, "Channels");
  replace(root, name, h("nav", { "aria-label": "Channels" }, heading, list), you);

  const drawChannels = () => {
    const hadFocus = list.contains(document.activeElement);
    const { channels, forums } = state.guild;
    replace(list, [...channels.map(channelRow), ...forums.map(forumRow)]);
    if (hadFocus) list.querySelector("[aria-current]")?.focus();
  };
  const draw = () => {
    replace(
      name,
      h("span", { class: "guild-mark", "aria-hidden": "true" }, icon("heart")),
      state.guild.name,
    );
    drawChannels();
    drawYou(you);
  };
  on("world", draw);
  on("me", () => drawYou(you));
  on("channel", drawChannels);
  on("unread", drawChannels);
  on("discord:message.create", ({ channel_id: id, message }) => {
    noteNewest(id, message.id);
    if (id === state.channel?.id) return;
    state.unread.add(id);
    drawChannels();
  });
}

const channelRow = (channel) => h("li", {}, place(channel, "hash"), threadList(channel));

/** A forum has nothing to read itself: its posts are threads. */
function forumRow(forum) {
  const name = h("span", { class: "channel-name" }, forum.name);
  return h("li", {}, h("div", { class: "forum" }, icon("chat"), name), threadList(forum));
}

function threadList(parent) {
  const threads = threadsOf(parent.id);
  if (!threads.length) return null;
  const label = `Threads of #${parent.name}`;
  const rows = threads.map((thread) => h("li", {}, place(thread, "reply")));
  return h("ul", { class: "thread-list", "aria-label": label }, rows);
}

function place(channel, mark) {
  const isOpen = channel.id === state.channel.id;
  const isUnread = state.unread.has(channel.id);
  return h(
    "button",
    {
      type: "button",
      class: `channel${isUnread ? " is-unread" : ""}`,
      title: channel.name,
      "aria-current": isOpen ? "page" : null,
      on: { click: () => openChannel(channel.id) },
    },
    icon(mark),
    h("span", { class: "channel-name" }, channel.name),
    isUnread &&
      h("span", { class: "unread" }, h("span", { class: "visually-hidden" }, "new messages")),
  );
}

function drawYou(root) {
  const { me } = state;
  const hadFocus = root.contains(document.activeElement);
  const choice = h(
    "select",
    { id: "you-are", on: { change: (event) => becomeMember(event.target.value) } },
    people().map((person) => h("option", { value: person.id }, describe(person))),
  );
  choice.value = me.id;
  replace(
    root,
    avatar(nameOf(me), me.avatar_url),
    h("div", { class: "you-text" }, h("label", { for: "you-are" }, "You are"), choice),
  );
  if (hadFocus) choice.focus();
}

const describe = (person) => `${nameOf(person)} (${person.admin ? "admin" : "member"})`;
