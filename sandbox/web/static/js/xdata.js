/** X's side as the page knows it: the posts, who likes them, and the people. */

import * as api from "./api.js";
import { on, tell } from "./state.js";

/** The account that the bot reads and likes with. */
export const OWN_ACCOUNT = "2244994945";

const RELOAD_PAUSE_MS = 250;

export const xWorld = { posts: [], users: new Map() };

let heard = 0; // how many likes and unlikes were told so far

async function load() {
  const before = heard;
  const world = await api.x.world();
  xWorld.users = new Map(world.users.map((user) => [user.id, user]));
  xWorld.posts = world.posts.toSorted(
    (a, b) => rank(a) - rank(b) || (BigInt(a.id) < BigInt(b.id) ? 1 : -1),
  );
  tell("x:loaded");
  // What was told on the way may be missing in what was read.
  if (heard !== before) reloadSoon();
}

const rank = (post) => (post.author_id === OWN_ACCOUNT ? 0 : 1);

export const post = (id) => xWorld.posts.find((each) => each.id === id);
export const nameOfUser = (id) => xWorld.users.get(id)?.name ?? "Someone";

/** The post that a newcomer is sent to: one whose likers the bot may see. */
export async function firstPostUrl() {
  return xWorld.posts[0]?.url ?? null;
}

/** The same, but one that the bot does not watch yet. */
export async function unwatchedPostUrl() {
  const { watched } = await api.status();
  return xWorld.posts.find(({ id }) => !watched.includes(id))?.url ?? null;
}

function liked(news) {
  const { post_id: id, user_id: userId, username, name, at, like_count: count } = news;
  const item = post(id);
  heard += 1;
  if (!item) return;
  if (!xWorld.users.has(userId)) {
    const picture = `/x/sandbox/media/profile/${userId}_normal.png`;
    xWorld.users.set(userId, { id: userId, username, name, profile_image_url: picture });
  }
  item.like_count = count;
  item.likers = item.likers.filter((liker) => liker.user_id !== userId);
  item.likers.unshift({ user_id: userId, at, visible: news.visible, pushed: news.pushed });
  tell("x:counted", item);
}

function unliked({ post_id: id, user_id: userId, like_count: count }) {
  const item = post(id);
  heard += 1;
  if (!item) return;
  item.like_count = count;
  item.likers = item.likers.filter((liker) => liker.user_id !== userId);
  tell("x:counted", item);
}

const reload = () => load().catch((error) => tell("toast", error.message));

let isWaiting = false;

/** Many changes at once are one reason to read the world anew. */
function reloadSoon() {
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(() => {
    isWaiting = false;
    reload();
  }, RELOAD_PAUSE_MS);
}

export function followX() {
  on("x:like.create", liked);
  on("x:like.delete", unliked);
  // Settings change who is listed.
  for (const type of ["post.create", "post.update", "post.delete", "user.update", "settings"])
    on(`x:${type}`, reloadSoon);
  on("live", reload);
}
