/** The live news: one EventSource for both worlds, opened anew when the visitor becomes someone else. */

import { afterPress } from "./press.js";
import { tell } from "./state.js";

let source = null;

/**
 * Tell every event as `discord:<type>` or `x:<type>`. `live` is told when the stream is open:
 * what is read from then on cannot miss anything. `isAgain` says that there was a gap,
 * which began with `lost`. The browser tries again by itself.
 */
export function listenAs(userId) {
  source?.close();
  let wasOpen = false;
  source = new EventSource(`/events?as=${encodeURIComponent(userId)}`);
  source.addEventListener("message", ({ data }) => {
    const news = JSON.parse(data);
    afterPress(() => tell(`${news.source}:${news.type}`, news.data));
  });
  source.addEventListener("error", () => tell("lost"));
  source.addEventListener("open", () => {
    const isAgain = wasOpen;
    wasOpen = true;
    afterPress(() => tell("live", { isAgain }));
  });
}
