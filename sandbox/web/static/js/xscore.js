/** How well the bot does, counted from the sandbox's side, in one sentence. */

import * as api from "./api.js";
import { h, replace } from "./dom.js";
import { setConnected } from "./state.js";

const PAUSE_MS = 3000;

/** Do something now and every few seconds while the page is looked at; a failure is tried again. */
export function everyFewSeconds(work) {
  const turn = async () => {
    if (!document.hidden) await work().catch(() => null);
    setTimeout(turn, PAUSE_MS);
  };
  turn();
}

const PACE = "X allows 75 liker look-ups per 15 minutes; in a rush, likes are grouped.";

export function startScore(root) {
  const tally = h("p");
  replace(root, tally, h("p", {}, PACE));
  root.hidden = true;
  everyFewSeconds(async () => {
    const { bot_connected: isConnected, score } = await api.status();
    setConnected(isConnected);
    root.hidden = !score;
    if (score) tally.textContent = sentence(score);
  });
}

function sentence({ likes, announced, missing, twice, p50_s: half, p95_s: most }) {
  if (!likes) return "Nobody has liked a watched post yet.";
  const counted = `${announced} of ${likes} likes announced, ${missing} not yet, ${twice} twice`;
  if (half === null || half === undefined) return `${counted}.`;
  return `${counted}; half of them within ${seconds(half)}, 95% within ${seconds(most)}.`;
}

const seconds = (value) => `${value.toFixed(1)} s`;
