/** One post on X's side: what it says, how many like it, who, and buttons to like it as somebody. */

import * as api from "./api.js";
import { avatar } from "./avatar.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { picture } from "./media.js";
import { copy } from "./message_menu.js";
import { openPicker } from "./picker.js";
import { tell } from "./state.js";
import { full } from "./time.js";
import { xWorld } from "./xdata.js";
import { likerRows, personItems } from "./xlikers.js";

const FEW = 3;
const MANY = 100;
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

async function attempt(work) {
  try {
    await work;
  } catch (error) {
    tell("toast", error.message);
  }
}

export class PostCard {
  constructor(post) {
    this.post = post;
    this.text = post.text;
    this.shownCount = post.like_count;
    this.isExpanded = false;
    this.count = h("span", { class: "like-count" }, format(post.like_count));
    this.likers = h("ul", { class: "likers", "aria-label": "Who likes this post, newest first" });
    this.more = h("button", {
      type: "button",
      class: "text-button",
      "aria-expanded": "false",
      on: { click: () => this.#toggle() },
    });
    this.element = h(
      "article",
      { class: "post", "aria-label": `Post by ${this.#author.name}`, data: { postId: post.id } },
      this.#header(),
      h("p", { class: "post-text", dir: "auto" }, post.text),
      post.pictures.map((url) => picture(url, { className: "post-picture" })),
      post.poll && poll(post.poll),
      this.#actions(),
      this.likers,
      this.more,
    );
    this.#drawLikers();
  }

  get #author() {
    return xWorld.users.get(this.post.author_id) ?? { name: "Someone", username: "someone" };
  }

  update(post) {
    this.post = post;
    if (post.like_count !== this.shownCount) this.#roll(post.like_count);
    this.#drawLikers();
  }

  /** Let the number move the way it goes. */
  #roll(count) {
    this.count.dataset.way = count > this.shownCount ? "up" : "down";
    this.shownCount = count;
    const fresh = h(
      "span",
      { class: "like-count is-rolling", data: { way: this.count.dataset.way } },
      format(count),
    );
    this.count.replaceWith(fresh);
    this.count = fresh;
  }

  #header() {
    const { name, username, profile_image_url: url } = this.#author;
    const made = new Date(this.post.created_at);
    return h(
      "header",
      { class: "post-header" },
      avatar(name, url),
      h(
        "span",
        { class: "post-author" },
        h("b", {}, h("bdi", {}, name)),
        h("small", {}, `@${username}`),
      ),
      h("time", { datetime: made.toISOString(), title: full(made) }, day.format(made)),
    );
  }

  #actions() {
    const { id } = this.post;
    const like = () => attempt(api.x.likeAsNew(id));
    const copyLink = () => copy(this.post.url);
    const choose = ({ currentTarget }) =>
      openPicker(currentTarget, {
        items: personItems(this.post),
        label: "Like as",
        hasFilter: true,
        onDone: ([userId]) => attempt(api.x.likeAs(id, userId)),
      });
    return h(
      "div",
      { class: "post-actions" },
      h(
        "span",
        { class: "like-total" },
        icon("heart"),
        this.count,
        h("span", { class: "visually-hidden" }, "likes"),
      ),
      h(
        "button",
        {
          type: "button",
          class: "button like like-new",
          title: "A new person likes this post",
          on: { click: like },
        },
        "Like as someone new",
      ),
      h(
        "button",
        {
          type: "button",
          class: "button like like-as",
          "aria-haspopup": "listbox",
          "aria-label": "Like as a person of your choice",
          on: { click: choose },
        },
        icon("people"),
        icon("chevron"),
      ),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Copy the post's link",
          title: "Copy link",
          on: { click: copyLink },
        },
        icon("copy"),
      ),
    );
  }

  #toggle() {
    this.isExpanded = !this.isExpanded;
    this.#drawLikers();
  }

  #drawLikers() {
    const { likers, id } = this.post;
    const hadFocus = this.likers.contains(document.activeElement);
    const shown = likers.slice(0, this.isExpanded ? MANY : FEW);
    replace(
      this.likers,
      likerRows(shown, (userId) => attempt(api.x.unlike(id, userId))),
    );
    this.more.hidden = likers.length <= FEW;
    this.more.setAttribute("aria-expanded", String(this.isExpanded));
    this.more.textContent = this.isExpanded
      ? "Show fewer"
      : `Show ${Math.min(likers.length, MANY) - FEW} more`;
    if (hadFocus) this.more.focus();
  }
}

const format = (count) => new Intl.NumberFormat("en").format(count);

function poll(options) {
  const total = options.reduce((sum, option) => sum + option.votes, 0) || 1;
  return h(
    "ul",
    { class: "poll", "aria-label": "Poll" },
    options.map((option) => pollRow(option, total)),
  );
}

function pollRow({ label, votes }, total) {
  const share = Math.round((votes / total) * 100);
  const row = h("li", {}, h("span", {}, label), h("b", {}, `${share}%`));
  row.style.setProperty("--share", `${share}%`);
  return row;
}
