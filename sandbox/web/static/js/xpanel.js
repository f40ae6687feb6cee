/** The right column: X's side of the story. */

import { h, replace } from "./dom.js";
import { on } from "./state.js";
import { startMoney } from "./xmoney.js";
import { startScore } from "./xscore.js";
import { startPosts } from "./xposts.js";
import { startSettings } from "./xsettings.js";
import { followX } from "./xdata.js";
import { startWriting } from "./xwrite.js";

export function startXPanel(root) {
  const part = (tag, name) => h(tag, { class: name });
  const [writing, posts, settings, money, score] = [
    part("section", "x-write"),
    part("section", "x-posts"),
    part("section", "x-settings"),
    part("section", "x-money"),
    part("footer", "x-score"),
  ];
  replace(
    root,
    h(
      "header",
      { class: "column-header" },
      h("h2", {}, "X’s side"),
      h("p", {}, "a small X on this machine"),
    ),
    h(
      "div",
      { class: "x-scroll", tabIndex: 0, role: "group", "aria-label": "Posts on X" },
      writing,
      posts,
    ),
    h("div", { class: "x-foot" }, settings, money, score),
  );
  startWriting(writing);
  startPosts(posts);
  startSettings(settings);
  startMoney(money);
  startScore(score);
  followX();
  on("show", (name) => name === "x" && root.querySelector(".like-new")?.focus());
}
