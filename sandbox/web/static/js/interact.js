/** Doing things as the member whom the visitor plays, and saying so when they go wrong. */

import * as api from "./api.js";
import { openModal } from "./modal.js";
import { state, tell } from "./state.js";

const here = () => ({
  guild_id: state.guild.id,
  channel_id: state.channel.id,
  user_id: state.me.id,
});

/** Send an interaction; its messages arrive as live news. Returns the error's sentence or null. */
async function send(interaction) {
  try {
    const result = await api.discord.interact({ ...here(), ...interaction });
    if (result.modal) openModal(result.modal, submitModal);
    return result.error ?? null;
  } catch (error) {
    return error.message;
  }
}

/** Run a slash command; a failure is told in the channel, as nobody's message. */
export async function runCommand(command, options) {
  const channelId = state.channel.id;
  tell("sent");
  const error = await send({ command, options });
  if (error) tell("notice", { channelId, text: error, about: `/${command}` });
}

export async function runOnTarget(command, targetId) {
  const channelId = state.channel.id;
  const error = await send({ command, target_id: targetId });
  if (error) tell("notice", { channelId, text: error, about: command });
}

/** Press a button or choose in a select. */
export async function useComponent(messageId, customId, values) {
  const component = { message_id: messageId, custom_id: customId };
  if (values) component.values = values;
  const error = await send({ component });
  if (error) tell("toast", error);
}

/** Returns the error's sentence or null, for the modal to show. */
const submitModal = (customId, values) => send({ modal: { custom_id: customId, values } });

/** Choices for the option that is being typed; none where the bot does not answer. */
export async function autocomplete(command, options, focused) {
  try {
    const result = await api.discord.interact({
      ...here(),
      autocomplete: { command, options, focused },
    });
    return { choices: result.choices ?? [], error: result.error ?? null };
  } catch (error) {
    return { choices: [], error: error.message };
  }
}

export async function writeMessage(content) {
  const channelId = state.channel.id;
  try {
    tell("sent");
    await api.discord.write(channelId, state.me.id, content);
  } catch (error) {
    tell("notice", { channelId, text: error.message });
  }
}
