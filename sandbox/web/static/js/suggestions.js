/** What the list above the box offers for one option of a command. */

import { OPTION } from "./commands.js";
import { autocomplete } from "./interact.js";
import { channelItems, memberItems, roleItems } from "./select_items.js";

const SHOWN = 25;

const YES_NO = [
  { value: true, label: "True" },
  { value: false, label: "False" },
];

const SOURCES = {
  [OPTION.boolean]: () => YES_NO,
  [OPTION.user]: memberItems,
  [OPTION.channel]: (option) => channelItems(option.channel_types),
  [OPTION.role]: roleItems,
  [OPTION.mentionable]: () => [...memberItems(), ...roleItems()],
};

/** All that may be chosen for the option, or null where anything may be typed. */
export function closedList(option) {
  if (option.choices?.length)
    return option.choices.map(({ name, value }) => ({ label: name, value }));
  return SOURCES[option.type]?.(option) ?? null;
}

export function filtered(items, typed) {
  const wanted = typed.trim().toLowerCase().replace(/^[#@]/, "");
  return items
    .filter(({ label, detail }) => `${label} ${detail ?? ""}`.toLowerCase().includes(wanted))
    .slice(0, SHOWN);
}

/** Ask the bot; `options` holds what the other fields say. */
export async function asked(command, options, option) {
  const { choices, error } = await autocomplete(command, options, option.name);
  return { items: choices.map(({ name, value }) => ({ label: name, value })), error };
}

/** The value to send for typed text, or a sentence about what is wrong with it. */
export function typedValue(option, text) {
  const trimmed = text.trim();
  if (!trimmed) return { problem: `${option.name}: this option is required.` };
  const list = closedList(option);
  if (list) {
    const bare = (label) => label.toLowerCase().replace(/^[#@]/, "");
    const item = list.find(({ label }) => bare(label) === bare(trimmed));
    return item ? { value: item.value } : { problem: `${option.name}: choose one from the list.` };
  }
  if (option.type === OPTION.attachment)
    return { problem: "Files cannot be attached on this page." };
  if (option.type === OPTION.integer || option.type === OPTION.number)
    return numeric(option, trimmed);
  return { value: text };
}

function numeric(option, text) {
  const value = Number(text);
  const isWhole = option.type === OPTION.integer;
  if (!Number.isFinite(value) || (isWhole && !Number.isInteger(value))) {
    return { problem: `${option.name}: enter a ${isWhole ? "whole " : ""}number.` };
  }
  const { min_value: min = -Infinity, max_value: max = Infinity } = option;
  if (value < min) return { problem: `${option.name}: enter ${min} or more.` };
  if (value > max) return { problem: `${option.name}: enter ${max} or less.` };
  return { value };
}
