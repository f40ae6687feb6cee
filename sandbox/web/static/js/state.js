/** What the page knows, and who wants to hear when it changes. */

import * as api from "./api.js";

const listeners = new Map();

export const state = {
  guild: null, // {id, name, channels, forums, threads, members, roles}
  applicationId: null,
  me: null, // the member that the visitor plays
  channel: null, // or a thread
  commands: [],
  connected: false,
  unread: new Set(),
};

export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
}

export function tell(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

const TEXT_CHANNELS = new Set([0, 5]);
const FORUM = 15;
const THREADS = new Set([10, 11, 12]);

// The newest message of each channel and thread that the page has heard of.
const newest = new Map();

/** Note a channel's newest message; return whether there was none, or an older one, until now. */
export function noteNewest(channelId, messageId) {
  const isNews = BigInt(messageId) > (newest.get(channelId) ?? 0n);
  if (isNews) newest.set(channelId, BigInt(messageId));
  return isNews;
}

function markUnread({ channels, threads }) {
  for (const { id, last_message_id: last } of [...channels, ...threads]) {
    const isNews = last !== null && noteNewest(id, last);
    if (isNews && id !== state.channel?.id) state.unread.add(id);
  }
}

/** Mark where something came while no stream was open; what is open is read by itself. */
export async function markMissed() {
  const world = await api.discord.world();
  markUnread(world.guilds[0]);
  tell("unread");
}

export async function loadWorld() {
  const world = await api.discord.world();
  state.guild = world.guilds[0];
  state.applicationId = world.application_id;
  const inOrder = state.guild.channels.sort((a, b) => a.position - b.position);
  state.guild.channels = inOrder.filter(({ type }) => TEXT_CHANNELS.has(type));
  state.guild.forums = inOrder.filter(({ type }) => type === FORUM);
  state.me = member(state.me?.id) ?? people().find((person) => person.admin) ?? people()[0];
  const wasOpen = state.channel;
  state.channel = channel(wasOpen?.id) ?? channelOfAddress() ?? state.guild.channels[0];
  setConnected(world.connected);
  markUnread(world.guilds[0]);
  if (!wasOpen) state.unread.clear(); // who has just come has missed nothing
  tell("world");
  if (wasOpen && wasOpen.id !== state.channel.id) tell("channel");
}

export async function loadCommands() {
  const me = state.me;
  const commands = await api.discord.commands(state.guild.id, me.id);
  if (me.id !== state.me.id) return; // someone else by now
  state.commands = commands;
  tell("commands");
}

export function setConnected(connected) {
  if (state.connected === connected) return;
  state.connected = connected;
  tell("connected");
}

export function becomeMember(id) {
  state.me = member(id);
  tell("me");
}

// The address may name a channel, as in /#likes.
function channelOfAddress() {
  const name = decodeURIComponent(location.hash.slice(1));
  return [...state.guild.channels, ...state.guild.threads].find((each) => each.name === name);
}

export function openChannel(id) {
  state.channel = channel(id);
  history.replaceState(null, "", `#${encodeURIComponent(state.channel.name)}`);
  state.unread.delete(id);
  tell("channel");
}

export const member = (id) => state.guild?.members.find((each) => each.id === id);
export const channel = (id) =>
  [...(state.guild?.channels ?? []), ...(state.guild?.threads ?? [])].find(
    (each) => each.id === id,
  );
export const forum = (id) => state.guild?.forums.find((each) => each.id === id);
/** The names of the tags that a forum's post has. */
export const tagsOf = ({ parent_id: parent, applied_tags: applied }) =>
  (forum(parent)?.available_tags ?? [])
    .filter(({ id }) => applied?.includes(id))
    .map(({ name }) => name);
export const isThread = ({ type }) => THREADS.has(type);
/** The channel's name as it is written in a line. */
export const called = (each) => (isThread(each) ? each.name : `#${each.name}`);
/** What is open below a channel, and what the visitor reads or has not read, the oldest first. */
export const threadsOf = (id) =>
  state.guild.threads
    .filter(({ parent_id: parent }) => parent === id)
    .filter(
      (each) =>
        !each.thread_metadata.archived ||
        each.id === state.channel?.id ||
        state.unread.has(each.id),
    );
export const role = (id) => state.guild?.roles.find((each) => each.id === id);
export const people = () => state.guild.members.filter((each) => !each.bot);
export const nameOf = (person) => person.display_name ?? person.global_name ?? person.username;
