/** How this X behaves: a switch or a choice each, with a sentence that says what it means now. */

import * as api from "./api.js";
import { h, replace, uniqueId } from "./dom.js";
import { on, tell } from "./state.js";
import { CHOICES, choiceRow } from "./xchoices.js";

const SWITCHES = [
  {
    name: "likers",
    label: "Likers are public",
    on: "public",
    off: "private",
    onMeans: "Anyone may see who liked a post, as it was before June 2024.",
    offMeans: "X shows who liked a post to its author only, as it does today.",
  },
  {
    name: "liking",
    label: "Liking is allowed",
    on: "allowed",
    off: "refused",
    onMeans: "The bot may like and unlike posts with its own account.",
    offMeans: "X refuses likes through its API, as on its self-serve tiers today.",
  },
  {
    name: "push",
    label: "X pushes likes",
    on: "on",
    off: "off",
    onMeans: "X tells the bot of each like by itself; it connects again within a minute or so.",
    offMeans: "X's stream is away: the bot counts likes, and reads who gave them.",
  },
];

export function startSettings(root) {
  const rows = [
    ...SWITCHES.map((each) => switchRow(each)),
    ...CHOICES.map((each) => choiceRow(each)),
  ];
  const now = h("span", { class: "settings-now" });
  replace(
    root,
    h(
      "details",
      {},
      h("summary", {}, h("span", {}, "How X behaves"), now),
      h(
        "div",
        { class: "settings-rows" },
        rows.map((row) => row.element),
      ),
    ),
  );
  const show = (settings) => {
    rows.forEach((row) => row.show(settings));
    const listing =
      settings.listing === "all" ? "" : `, ${settings.listing.replace("_", " ")} listed`;
    now.textContent = `likers ${settings.likers}, liking ${settings.liking}${listing}`;
    tell("x:behaves", settings);
  };
  const load = () => api.x.settings().then(show, (error) => tell("toast", error.message));
  on("x:settings", show);
  on("live", load);
}

function switchRow(spec) {
  const noteId = uniqueId("meaning");
  const note = h("p", { id: noteId });
  const input = h("input", {
    type: "checkbox",
    role: "switch",
    "aria-describedby": noteId,
    on: { change },
  });

  function show(settings) {
    input.checked = settings[spec.name] === spec.on;
    note.textContent = input.checked ? spec.onMeans : spec.offMeans;
  }

  async function change() {
    try {
      // What came of it is told as `x:settings`.
      await api.x.change({ [spec.name]: input.checked ? spec.on : spec.off });
    } catch (error) {
      input.checked = !input.checked;
      tell("toast", error.message);
    }
  }

  return {
    element: h(
      "div",
      { class: "switch-row" },
      h("label", {}, input, h("span", {}, spec.label)),
      note,
    ),
    show,
  };
}
