/** The list of posts; each card is drawn once and then kept true piece by piece. */

import { h, replace } from "./dom.js";
import { on } from "./state.js";
import { OWN_ACCOUNT, xWorld } from "./xdata.js";
import { PostCard } from "./xpost.js";

const OTHERS_NOTE = {
  true: "It may see who likes these, too.",
  false: "X tells the bot how many like these, not who.",
};

export function startPosts(root) {
  let cards = new Map();
  let arePublic = false; // whether X shows the likers of others' posts to the bot

  function draw() {
    const known = cards;
    cards = new Map(xWorld.posts.map((post) => [post.id, reuse(known.get(post.id), post)]));
    const own = xWorld.posts.filter((post) => post.author_id === OWN_ACCOUNT);
    const others = xWorld.posts.filter((post) => post.author_id !== OWN_ACCOUNT);
    replace(
      root,
      group("The bot’s account", "It may see who likes these.", own),
      group("Others", OTHERS_NOTE[arePublic], others),
    );
  }

  function reuse(card, post) {
    if (!card || card.text !== post.text) return new PostCard(post);
    card.update(post);
    return card;
  }

  const group = (title, note, posts) =>
    posts.length > 0 && [
      h("h3", { class: "x-heading" }, title, h("small", {}, note)),
      posts.map((post) => cards.get(post.id).element),
    ];

  on("x:loaded", draw);
  on("x:behaves", ({ likers }) => {
    if (arePublic === (likers === "public")) return;
    arePublic = !arePublic;
    draw();
  });
  on("x:counted", (post) => cards.get(post.id)?.update(post));
}
