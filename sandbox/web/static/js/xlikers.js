/** People on X: those who like a post, and those who could. */

import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { timestamp } from "./time.js";
import { xWorld } from "./xdata.js";

const SOMEONE = { name: "Someone", username: "someone" };

/** One row a liker; people whom X counts but never lists are marked, and likes that it pushed. */
export function likerRows(likers, unlike) {
  return likers.map(({ user_id: id, at, visible, pushed }) => {
    const { name, username, profile_image_url: url } = xWorld.users.get(id) ?? SOMEONE;
    return h(
      "li",
      { class: "liker" },
      avatar(name, url, "is-small"),
      h("span", { class: "liker-name" }, h("bdi", {}, name), h("small", {}, `@${username}`)),
      !visible &&
        h(
          "span",
          { class: "tag", title: "X counts this like, but does not list the person." },
          "not listed",
        ),
      pushed &&
        h(
          "span",
          { class: "tag", title: "X told the bot of this like by itself; others are counted and read." },
          "pushed",
        ),
      timestamp(new Date(at * 1000), "R"),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": `Unlike as ${name}`,
          title: "Unlike",
          on: { click: () => unlike(id) },
        },
        icon("close"),
      ),
    );
  });
}

/** Everyone who does not like the post yet. */
export function personItems(post) {
  const likers = new Set(post.likers.map((liker) => liker.user_id));
  return [...xWorld.users.values()]
    .filter(({ id, suspended, deactivated }) => !likers.has(id) && !suspended && !deactivated)
    .map(({ id, name, username, profile_image_url: url, protected: isProtected }) => ({
      value: id,
      label: name,
      detail: `@${username}`,
      picture: () => avatar(name, url),
      note: isProtected ? "protected" : null,
    }));
}
