/** Writing a new post as the bot's own account. */

import * as api from "./api.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { on, tell } from "./state.js";
import { nameOfUser, OWN_ACCOUNT } from "./xdata.js";

export function startWriting(root) {
  const text = h("textarea", {
    rows: 1,
    maxlength: 280,
    "aria-label": "Text of a new post",
    on: { input: draw, keydown: key },
  });
  const send = h(
    "button",
    { type: "submit", class: "button primary", disabled: true },
    icon("pen"),
    "Post",
  );
  const form = h("form", { on: { submit } }, text, send);
  replace(root, form);

  function draw() {
    send.disabled = !text.value.trim();
  }

  function key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  }

  async function submit(event) {
    event.preventDefault();
    const written = text.value.trim();
    if (!written) return;
    try {
      await api.x.write(OWN_ACCOUNT, written);
      text.value = "";
      draw();
    } catch (error) {
      tell("toast", error.message);
    }
  }

  on("x:loaded", () => {
    text.placeholder = `Write a post as ${nameOfUser(OWN_ACCOUNT)}`;
  });
}
