/** The box at the bottom: plain messages, and commands from the moment a slash is typed. */

import { avatar } from "./avatar.js";
import { CommandForm } from "./command_form.js";
import { CommandMenu } from "./command_menu.js";
import { matching, parse, runnable } from "./commands.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { runCommand, writeMessage } from "./interact.js";
import { called, member, nameOf, on, state } from "./state.js";

let box;
let plain; // the box's content while no command is open
let menu;
let text;
let form = null; // the command being filled in

export function startComposer(root) {
  menu = new CommandMenu();
  text = h("textarea", {
    rows: 1,
    role: "combobox",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: 2000,
    enterkeyhint: "send",
    on: { input: typed, keydown: key, blur: () => !form && menu.close() },
  });
  const slash = h(
    "button",
    {
      type: "button",
      class: "icon-button slash",
      "aria-label": "Show the commands",
      on: { click: startSlash },
    },
    icon("slash"),
  );
  box = h("div", { class: "box" });
  const offline = h("p", { class: "offline", role: "status" });
  plain = h("div", { class: "plain" }, slash, text, sendButton());
  replace(root, menu.element, offline, box);
  replace(box, plain);
  on("world", label);
  on("channel", () => {
    leaveForm("");
    label();
  });
  on("me", () => leaveForm(""));
  on("command", (name) => startCommand(name));
  on("commands", () => !form && document.activeElement === text && typed());
  const sayWhat = (problem) => replace(offline, problem);
  const sayBot = () =>
    sayWhat(state.connected ? null : "The bot is not connected, so it cannot answer.");
  on("world", sayBot);
  on("connected", sayBot);
  on("live", sayBot);
  on("lost", () => sayWhat("The sandbox does not answer. Is it still running?"));
}

function sendButton() {
  return h(
    "button",
    { type: "button", class: "icon-button send", "aria-label": "Send", on: { click: send } },
    icon("send"),
  );
}

const NARROW = matchMedia("(width < 600px)");

function label() {
  const line = `Message ${called(state.channel)}`;
  text.setAttribute("aria-label", line);
  text.placeholder = NARROW.matches ? line : `${line} (/ for commands)`;
}

/** Open a command with some of its options filled in, as if it had been typed. */
export function startCommand(name, values = {}) {
  const command = runnable().find((each) => each.name === name);
  if (command) openForm(command, values);
}

function startSlash() {
  text.value = "/";
  text.focus();
  typed();
}

function typed() {
  if (!text.value.startsWith("/")) {
    menu.close();
    text.setAttribute("aria-expanded", "false");
    return;
  }
  const whole = parse(text.value);
  if (whole) {
    openForm(whole.command, whole.values);
    return;
  }
  const found = matching(text.value.slice(1));
  const bot = member(state.applicationId);
  const items = found.map((command) => ({
    value: command,
    label: `/${command.name}`,
    detail: command.description,
    note: command.options.map(({ name, required }) => (required ? name : `${name}?`)).join("  "),
    picture: bot && (() => avatar(nameOf(bot), bot.avatar_url)),
  }));
  text.setAttribute("aria-expanded", String(items.length > 0));
  menu.describe("Commands", state.commands.length ? "" : "The bot has registered none yet.");
  const isMiss = state.commands.length > 0 && !items.length;
  const note = isMiss ? `No command that ${nameOf(state.me)} may use fits this.` : null;
  menu.offer(text, items, note, ({ value }) => openForm(value, {}));
}

function key(event) {
  if (menu.key(event)) return;
  const isPick = event.key === "Enter" || (event.key === "Tab" && !event.shiftKey);
  if (menu.hasItems && isPick) {
    event.preventDefault();
    menu.pick();
  } else if (event.key === "Escape") menu.close();
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  }
}

async function send() {
  const content = text.value.trim();
  if (!content || content.startsWith("/")) return;
  text.value = "";
  await writeMessage(content);
}

function openForm(command, values) {
  menu.close();
  form = new CommandForm(command, {
    menu,
    onSend: run,
    onLeave: () => leaveForm(`/${command.name}`),
  });
  replace(box, form.element);
  form.prefill(values);
  form.focus();
}

function run(name, options) {
  leaveForm("");
  text.focus();
  runCommand(name, options);
}

function leaveForm(rest) {
  menu.close();
  text.value = rest;
  if (!form) return;
  form = null;
  replace(box, plain);
  text.focus();
  if (rest) typed();
}
