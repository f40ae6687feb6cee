/** Discord's block markdown: headings, subtext, quotes, lists and code around the inline rules. */

import { h } from "./dom.js";
import { inline } from "./markdown_inline.js";

const FENCE = /```(?:([A-Za-z0-9_+\-.#]+)\n)?\n*([\s\S]+?)\n*```/g;
const HEADING = /^(#{1,3}) +(.+)$/;
const SUBTEXT = /^-# +(.+)$/;
const QUOTE = /^> (.*)$/;
const QUOTE_REST = /^>>> /;
const ITEM = /^( *)([-*]|\d{1,9}\.) +(.+)$/;

/** Return a <div class="markdown"> holding the text. */
export function markdown(text) {
  const root = h("div", { class: "markdown" });
  let from = 0;
  for (const match of text.matchAll(FENCE)) {
    root.append(...blocks(trimBreak(text.slice(from, match.index))));
    root.append(h("pre", { tabIndex: 0 }, h("code", {}, match[2])));
    from = match.index + match[0].length;
  }
  root.append(...blocks(from ? text.slice(from).replace(/^\n/, "") : text));
  return root;
}

const trimBreak = (text) => text.replace(/\n$/, "");

function blocks(text) {
  if (!text) return [];
  const lines = text.split("\n");
  const nodes = [];
  let plain = [];
  const flush = () => {
    if (plain.length) nodes.push(h("p", {}, inline(plain.join("\n"))));
    plain = [];
  };
  while (lines.length) {
    const block = takeBlock(lines);
    if (block) {
      flush();
      nodes.push(block);
    } else plain.push(lines.shift());
  }
  flush();
  return nodes;
}

/** Take the block that the first line opens, or return null where it is plain text. */
function takeBlock(lines) {
  const [line] = lines;
  const heading = HEADING.exec(line);
  if (heading) {
    lines.shift();
    // A message is no section of the page: its headings are named by level only.
    const level = heading[1].length;
    return h(
      "div",
      { class: `h${level}`, role: "heading", "aria-level": level + 3 },
      inline(heading[2]),
    );
  }
  const subtext = SUBTEXT.exec(line);
  if (subtext) {
    lines.shift();
    return h("small", {}, inline(subtext[1]));
  }
  if (QUOTE_REST.test(line)) {
    const rest = lines.splice(0).join("\n").replace(QUOTE_REST, "");
    return h("blockquote", {}, blocks(rest));
  }
  if (QUOTE.test(line)) {
    const quoted = takeWhile(lines, QUOTE).map((match) => match[1]);
    return h("blockquote", {}, blocks(quoted.join("\n")));
  }
  if (ITEM.test(line)) return list(takeWhile(lines, ITEM));
  return null;
}

function takeWhile(lines, pattern) {
  const matches = [];
  let match;
  while (lines.length && (match = pattern.exec(lines[0]))) {
    matches.push(match);
    lines.shift();
  }
  return matches;
}

/** Items that are indented further belong to the item before them. */
function list(items, isTop = true) {
  const [, indent, mark] = items[0];
  const isOrdered = /\d/.test(mark);
  const element = h(isOrdered ? "ol" : "ul", isOrdered ? { start: parseInt(mark, 10) } : {});
  while (items.length && (isTop || items[0][1].length >= indent.length)) {
    if (items[0][1].length > indent.length) element.lastChild.append(list(items, false));
    else element.append(h("li", {}, inline(items.shift()[3])));
  }
  return element;
}
