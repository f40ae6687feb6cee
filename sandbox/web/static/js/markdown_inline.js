/** Discord's inline markdown, made into nodes. Rules are tried in order at each place in the text. */

import { h, link, uniqueId } from "./dom.js";
import { called, channel, forum, member, nameOf, role, tell } from "./state.js";
import { timestamp } from "./time.js";

const RULES = [
  [/\\([^0-9A-Za-z\s])/y, ([, character]) => character],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, ([, , text]) => h("code", {}, text.trim())],
  [/<(https?:\/\/[^\s>]+)>/y, ([, url]) => link(url, url)],
  [
    /<t:(-?\d{1,12})(?::([tTdDfFR]))?>/y,
    ([, unix, style]) => timestamp(new Date(unix * 1000), style),
  ],
  [/<@!?(\d+)>/y, ([, id]) => mention("@", nameOf(member(id) ?? { username: "unknown-user" }))],
  [/<@&(\d+)>/y, ([, id]) => mention("@", role(id)?.name.replace(/^@/, "") ?? "unknown-role")],
  [/<#(\d+)>/y, ([, id]) => placeMention(channel(id) ?? forum(id))],
  [/<\/([^:>]{1,100}):\d+>/y, ([, name]) => command(name)],
  [/<a?:(\w+):\d+>/y, ([, name]) => `:${name}:`],
  [
    /\[((?:\\.|[^[\]\\])+)\]\(<?(https?:\/\/[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?: +"[^"]*")?\)/y,
    ([, text, url]) => link(url, inline(text)),
  ],
  [/https?:\/\/[^\s<]*[^\s<.,:;"'\]!?*_~|]/y, bareLink],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, ([, text]) => h("strong", {}, inline(text))],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, ([, text]) => h("u", {}, inline(text))],
  [/\b_((?:__|\\[\s\S]|[^\\_])+?)_\b/y, ([, text]) => h("em", {}, inline(text))],
  [
    /\*(?=\S)((?:\*\*|\\[\s\S]|[^*\\])*?[^*\s\\])\*(?!\*)/y,
    ([, text]) => h("em", {}, inline(text)),
  ],
  [/~~(?=\S)((?:\\[\s\S]|[^\\])+?)~~/y, ([, text]) => h("s", {}, inline(text))],
  [/\|\|((?:\\[\s\S]|[^\\])+?)\|\|/y, ([, text]) => spoiler(inline(text))],
  [/[\s\S][0-9A-Za-z \u00c0-\uffff]*?(?=[^0-9A-Za-z \u00c0-\uffff]|https?:|$)/y, ([text]) => text],
];

/** Return the text's nodes (and plain strings). */
export function inline(text) {
  const nodes = [];
  let at = 0;
  while (at < text.length) {
    for (const [rule, make] of RULES) {
      rule.lastIndex = at;
      const match = rule.exec(text);
      if (!match) continue;
      const node = make(match);
      // Making a node may parse inner text with the same rules; the place to go on is ours.
      at += node.consumed ?? match[0].length;
      nodes.push(node.node ?? node);
      break;
    }
  }
  return nodes;
}

/** A closing bracket ends an address unless the address opened it. */
function bareLink([match]) {
  let url = match;
  const count = (character) => url.split(character).length;
  while (url.endsWith(")") && count(")") > count("(")) url = url.slice(0, -1);
  return { node: link(url, url), consumed: url.length };
}

const placeMention = (place) => mention("", place ? called(place) : "#unknown");
const mention = (sign, name) => h("span", { class: "mention" }, sign + name);

/** Text that shows when it is pressed. */
export function spoiler(content, tag = "span") {
  const id = uniqueId("spoiler");
  const inner = h("span", { class: "spoiler-inner", id, "aria-hidden": "true" }, content);
  const reveal = (event) => {
    if (element.classList.contains("is-open")) return;
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    element.classList.add("is-open");
    element.removeAttribute("role");
    element.removeAttribute("tabindex");
    element.removeAttribute("aria-label");
    inner.removeAttribute("aria-hidden");
  };
  const element = h(
    tag,
    {
      class: "spoiler",
      role: "button",
      tabIndex: 0,
      "aria-label": "Spoiler, press to show",
      on: { click: reveal, keydown: reveal },
    },
    inner,
  );
  return element;
}

/** A command that can be tapped: the box opens it, to be filled in. */
function command(name) {
  const start = () => {
    tell("show", "chat");
    tell("command", name);
  };
  return h(
    "button",
    { type: "button", class: "mention command", on: { click: start } },
    `/${name}`,
  );
}
