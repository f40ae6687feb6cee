/** What can be done with a message or its author: the bot's context-menu commands, and copying. */

import { icon } from "./icons.js";
import { runOnTarget } from "./interact.js";
import { openMenu } from "./menu.js";
import { state, tell } from "./state.js";

const USER_COMMAND = 2;
const MESSAGE_COMMAND = 3;

export function openMessageMenu(anchor, message) {
  const items = commandItems(MESSAGE_COMMAND, message.id);
  if (message.content) items.push(copyItem("Copy text", message.content));
  items.push(copyItem("Copy message ID", message.id));
  openMenu(anchor, "Message actions", items);
}

export function openUserMenu(anchor, user) {
  openMenu(anchor, "Member actions", [
    ...commandItems(USER_COMMAND, user.id),
    copyItem("Copy user ID", user.id),
  ]);
}

function commandItems(type, targetId) {
  return state.commands
    .filter((command) => command.type === type)
    .map((command) => ({
      label: command.name,
      note: "app",
      icon: icon("dots"),
      run: () => runOnTarget(command.name, targetId),
    }));
}

const copyItem = (label, text) => ({ label, icon: icon("copy"), run: () => copy(text) });

/** Copy text, and say so. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    tell("toast", "Copied.");
  } catch {
    tell("toast", `The browser refused to copy. Here it is: ${text}`);
  }
}
