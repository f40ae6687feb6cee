/** Small panels in the top layer, placed beside what opened them. */

import { h } from "./dom.js";

const GAP = 6;

/** Show a panel beside `anchor` (an element or a point); it goes away by itself when left. */
export function openPanel(anchor, content, { className = "", align = "start", onClose } = {}) {
  const panel = h("div", { class: `panel ${className}`, popover: "auto" }, content);
  // What is outside an open dialog cannot be used, so a dialog's panels live inside it.
  const host = (anchor instanceof Element && anchor.closest("dialog")) || document.body;
  host.append(panel);
  panel.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    const hadFocus =
      panel.contains(document.activeElement) || document.activeElement === document.body;
    panel.remove();
    if (hadFocus && anchor instanceof HTMLElement && anchor.isConnected) anchor.focus();
    onClose?.();
  });
  panel.showPopover();
  place(panel, boxOf(anchor), align);
  return panel;
}

const boxOf = (anchor) =>
  anchor instanceof Element
    ? anchor.getBoundingClientRect()
    : { left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y, width: 0 };

function place(panel, box, align) {
  panel.style.minWidth = `${Math.min(box.width, innerWidth - 2 * GAP)}px`;
  const below = innerHeight - box.bottom - 2 * GAP;
  const above = box.top - 2 * GAP;
  const isBelow = panel.offsetHeight <= below || below >= above;
  panel.style.maxHeight = `${Math.max(120, isBelow ? below : above)}px`;
  const top = isBelow ? box.bottom + GAP : box.top - GAP - panel.offsetHeight;
  const left = align === "end" ? box.right - panel.offsetWidth : box.left;
  panel.style.top = `${Math.max(GAP, top)}px`;
  panel.style.left = `${Math.max(GAP, Math.min(left, innerWidth - panel.offsetWidth - GAP))}px`;
}
