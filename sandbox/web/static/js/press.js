/** What moves or is drawn anew under a pointer that is down loses its click: news wait for that. */

const LONGEST_MS = 2000; // some pointers are never said to be up, such as one that opens a select

let press = 0; // 0 is none, else the number of the one that is under way
let presses = 0;
const waiting = [];

document.addEventListener("pointerdown", begin, { capture: true });
for (const over of ["pointerup", "pointercancel"]) {
  // Once the click that comes with it is done.
  document.addEventListener(over, () => setTimeout(end, 0, press), { capture: true });
}

/** Do this now, or after the press that is under way; in the order in which it came. */
export function afterPress(work) {
  if (press) waiting.push(work);
  else work();
}

function begin({ button }) {
  if (button !== 0) return;
  presses += 1;
  press = presses;
  setTimeout(end, LONGEST_MS, press);
}

function end(which) {
  if (which !== press) return;
  press = 0;
  for (const work of waiting.splice(0)) work();
}
