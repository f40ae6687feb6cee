/** Starts the page: every part is given its place, then the worlds are read and listened to. */

import * as api from "./api.js";
import { startChannels } from "./channels.js";
import { startChat } from "./chat.js";
import { startComposer } from "./composer.js";
import { h, replace } from "./dom.js";
import { startHint } from "./hint.js";
import { icon } from "./icons.js";
import { listenAs } from "./live.js";
import { startToasts } from "./notice.js";
import {
  called,
  channel,
  forum,
  isThread,
  loadCommands,
  loadWorld,
  markMissed,
  on,
  setConnected,
  state,
  tell,
} from "./state.js";
import { startTabs } from "./tabs.js";
import { startXPanel } from "./xpanel.js";

const place = (id) => document.getElementById(id);

startChannels(place("channels"));
startChat(place("messages"));
startComposer(place("composer"));
startToasts(place("toasts"));
startHint(place("hint"));
startTabs(place("tabs"));
startXPanel(place("x"));

function drawChannelHeader() {
  const { name, topic, parent_id: parentId } = state.channel;
  const parent = isThread(state.channel) ? (channel(parentId) ?? forum(parentId)) : null;
  const about = parent ? `in #${parent.name}` : topic;
  const mark = icon(parent ? "reply" : "hash");
  replace(place("channel-header"), mark, h("h2", {}, name), about && h("p", {}, about));
  document.title = `${called(state.channel)} · Likecord sandbox`;
}
on("world", drawChannelHeader);
on("channel", drawChannelHeader);

/** Work that may fail while the sandbox starts or stops; the visitor is told, the page lives on. */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    tell("toast", error.message);
  }
}

const reload = () => attempt(() => Promise.all([loadWorld(), loadCommands()]));

on("me", () => {
  listenAs(state.me.id);
  attempt(loadCommands);
});
on("live", ({ isAgain }) => (isAgain ? reload() : attempt(markMissed)));
on("discord:commands.update", () => attempt(loadCommands));
on("discord:bot.connected", ({ connected }) => setConnected(connected));
for (const type of ["create", "update", "delete"]) {
  on(`discord:channel.${type}`, () => attempt(loadWorld));
  on(`discord:thread.${type}`, () => attempt(loadWorld));
}

await attempt(async () => {
  await loadWorld();
  listenAs(state.me.id);
  await loadCommands();
});
