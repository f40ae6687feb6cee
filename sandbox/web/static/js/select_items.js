/** What a select or a command option lets one choose from: members, roles, channels or given options. */

import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { nameOf, state } from "./state.js";

export const SELECT = { string: 3, user: 5, role: 6, mentionable: 7, channel: 8 };

export function memberItems() {
  return state.guild.members.map((each) => ({
    value: each.id,
    label: nameOf(each),
    detail: `@${each.username}`,
    picture: () => avatar(nameOf(each), each.avatar_url),
  }));
}

export function roleItems() {
  return state.guild.roles.map((each) => ({
    value: each.id,
    label: each.name.startsWith("@") ? each.name : `@${each.name}`,
    picture: () => colourDot(each.color),
  }));
}

export function channelItems(types) {
  return [...state.guild.channels, ...state.guild.forums]
    .filter((each) => !types?.length || types.includes(each.type))
    .map((each) => ({ value: each.id, label: `#${each.name}`, picture: () => icon("hash") }));
}

function colourDot(colour) {
  const dot = h("span", { class: "role-dot" });
  if (colour) dot.style.setProperty("--role", `#${colour.toString(16).padStart(6, "0")}`);
  return dot;
}

/** The items of a select component of any kind. */
export function selectItems(component) {
  const defaults = new Set((component.default_values ?? []).map((each) => each.id));
  const mark = (items) => items.map((item) => ({ ...item, selected: defaults.has(item.value) }));
  switch (component.type) {
    case SELECT.user:
      return mark(memberItems());
    case SELECT.role:
      return mark(roleItems());
    case SELECT.mentionable:
      return mark([...memberItems(), ...roleItems()]);
    case SELECT.channel:
      return mark(channelItems(component.channel_types));
    default:
      return component.options.map((option) => ({
        value: option.value,
        label: option.label,
        detail: option.description,
        picture: option.emoji && (() => emoji(option.emoji)),
        selected: Boolean(option.default),
      }));
  }
}

/** A standard emoji as itself; a custom one by its name, since its picture is elsewhere. */
export function emoji(data) {
  if (!data?.name) return null;
  return h("span", { class: "emoji" }, data.id ? `:${data.name}:` : data.name);
}
