/** The page's own small line icons. */

import { svg } from "./dom.js";

const PATHS = {
  chat: "M4 5h16v11H9l-5 4z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  chevron: "M6 9l6 6 6-6",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v11H9zM5 15V4h10",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  file: "M6 3h8l4 4v14H6zM14 3v5h4",
  hash: "M9 4L7 20M17 4l-2 16M4 9h16M3.5 15h16",
  heart:
    "M12 20.5S3.5 15.5 3.5 9.3C3.5 6.5 5.6 4.5 8 4.5c1.7 0 3.2 1 4 2.5.8-1.5 2.3-2.5 4-2.5 2.4 0 4.5 2 4.5 4.8 0 6.2-8.5 11.2-8.5 11.2z",
  open: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  pen: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.5a3.3 3.3 0 0 1 0 6.2M18 14.5c2.2.8 3.5 2.8 3.5 5.5",
  reply: "M10 7L5 12l5 5M5 12h8c4 0 6 2 6 6",
  send: "M4 12L20 4l-5 16-3.5-6.5z",
  slash: "M16 4L8 20",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
};

export function icon(name) {
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" },
    svg("path", { d: PATHS[name] }),
  );
}
