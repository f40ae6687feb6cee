/** What a first-time visitor may try; once dismissed, it stays away. */

import { startCommand } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { on, tell } from "./state.js";
import { firstPostUrl, unwatchedPostUrl } from "./xdata.js";

const SEEN = "likecord.hint.seen";

export function startHint(root) {
  if (localStorage.getItem(SEEN)) return;
  const dismiss = () => {
    localStorage.setItem(SEEN, "yes");
    root.replaceChildren();
  };
  const card = h(
    "section",
    { class: "hint", "aria-label": "What to try" },
    h(
      "ol",
      {},
      h(
        "li",
        {},
        command("watch add", unwatchedPostUrl),
        " a post, such as one that you write ",
        xSide(),
        ": its new likers are announced.",
      ),
      h("li", {}, "Like that post there as somebody: the bot sees it within seconds."),
      h("li", {}, command("likers", firstPostUrl), " shows who likes it."),
    ),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Dismiss the hint",
        on: { click: dismiss },
      },
      icon("close"),
    ),
  );
  // Without the world there is nothing to try yet.
  on("world", () => card.isConnected || localStorage.getItem(SEEN) || root.append(card));
}

function xSide() {
  const show = () => tell("show", "x");
  return h("button", { type: "button", class: "text-button", on: { click: show } }, "on X’s side");
}

/** A command to start; `findPost` says with which post. */
function command(name, findPost) {
  const start = async () => {
    const post = await findPost().catch(() => null);
    tell("show", "chat");
    startCommand(name, { post: post ?? "" });
  };
  return h("button", { type: "button", class: "hint-command", on: { click: start } }, `/${name}`);
}
