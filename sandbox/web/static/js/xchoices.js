/** Settings of this X with more than two values: a list to choose from, with what the choice means. */

import * as api from "./api.js";
import { h, replace, uniqueId } from "./dom.js";
import { tell } from "./state.js";

const LATE_S = [0, 10, 60];

export const CHOICES = [
  {
    name: "listing",
    label: "X lists",
    options: [
      {
        value: "all",
        label: "all likers",
        means: "Page by page to the first one, as since January 2022.",
      },
      {
        value: "newest_100",
        label: "the newest 100",
        means: "The 100 most recent likes, and no page after them, as in 2021.",
      },
      {
        value: "first_100",
        label: "the first 100",
        means: "Whoever was among the first 100 to like a post; X’s reference says so until today.",
      },
    ],
  },
  {
    name: "list_order",
    label: "Its lists begin with",
    options: [
      { value: "newest_first", label: "the newest like", means: "As X described it in 2021." },
      { value: "oldest_first", label: "the oldest like", means: "As X’s own emulator does it." },
    ],
  },
  {
    name: "list_lag_s",
    label: "Its lists are late by",
    options: LATE_S.map((seconds) => late(seconds)),
    other: late,
  },
];

function late(seconds) {
  const means = seconds
    ? `The count moves at once, and the list ${seconds} seconds after it.`
    : "A like is in the list as soon as it is in the count.";
  return { value: seconds, label: `${seconds} s`, means };
}

export function choiceRow(spec) {
  const noteId = uniqueId("meaning");
  const note = h("p", { id: noteId });
  const input = h("select", { "aria-describedby": noteId, on: { change } });
  let options = spec.options;
  let chosen = spec.options[0];

  function show(settings) {
    const value = settings[spec.name];
    // A test may have set what the list does not have.
    const known = spec.options.some((option) => option.value === value);
    options = known || !spec.other ? spec.options : [...spec.options, spec.other(value)];
    chosen = options.find((option) => option.value === value);
    replace(
      input,
      options.map((option, index) => h("option", { value: index }, option.label)),
    );
    input.value = options.indexOf(chosen);
    note.textContent = chosen.means;
  }

  async function change() {
    try {
      // What came of it is told as `x:settings`.
      await api.x.change({ [spec.name]: options[input.value].value });
    } catch (error) {
      input.value = options.indexOf(chosen);
      tell("toast", error.message);
    }
  }

  return {
    element: h(
      "div",
      { class: "choice-row" },
      h("label", {}, h("span", {}, spec.label), input),
      note,
    ),
    show,
  };
}
