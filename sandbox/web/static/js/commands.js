/** The slash commands as one types them: "watch add" instead of a tree. */

import { state } from "./state.js";

const SLASH = 1;
const SUBCOMMAND = 1;
const GROUP = 2;

export const OPTION = {
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
};

/** Every command that can be run: {name, description, options, isPrivate}. */
export function runnable() {
  return state.commands
    .filter((command) => (command.type ?? SLASH) === SLASH)
    .flatMap((command) => leaves(command, command.name))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function leaves(node, name) {
  const options = node.options ?? [];
  const nested = options.filter(({ type }) => type === SUBCOMMAND || type === GROUP);
  if (!nested.length) return [{ name, description: node.description, options }];
  return nested.flatMap((child) => leaves(child, `${name} ${child.name}`));
}

/** Commands that fit what was typed after the slash, those that begin with it first. */
export function matching(typed) {
  const wanted = typed.trim().toLowerCase();
  const rank = ({ name, description }) => {
    if (name.startsWith(wanted)) return 0;
    if (name.includes(wanted)) return 1;
    return description.toLowerCase().includes(wanted) ? 2 : 3;
  };
  const ranked = runnable().map((command) => ({ command, rank: rank(command) }));
  const best = ranked.filter((each) => each.rank < 2);
  const shown = best.length ? best : ranked.filter((each) => each.rank < 3);
  return shown.sort((a, b) => a.rank - b.rank).map((each) => each.command);
}

/**
 * Read "/watch add post:… channel:…" (or just the first option's value after the name).
 * Returns {command, values} once the name is whole and followed by a space, else null.
 */
export function parse(text) {
  const found = runnable()
    .filter(({ name }) => text.toLowerCase().startsWith(`/${name} `))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (!found) return null;
  return { command: found, values: values(text.slice(found.name.length + 2), found.options) };
}

function values(rest, options) {
  if (!options.length || !rest.trim()) return {};
  const names = options.map(({ name }) => name.replace(/[^\p{L}\p{N}_-]/gu, "")).join("|");
  const marks = [...rest.matchAll(new RegExp(`(?:^|\\s)(${names}):`, "gu"))];
  if (!marks.length) return { [options[0].name]: rest.trim() };
  return Object.fromEntries(
    marks.map((mark, index) => {
      const from = mark.index + mark[0].length;
      return [mark[1], rest.slice(from, marks[index + 1]?.index).trim()];
    }),
  );
}

/** Required options come first, as in Discord. */
export const isRequired = (option) => Boolean(option.required);
