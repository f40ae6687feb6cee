/** What X has charged so far, by its published prices. */

import * as api from "./api.js";
import { h, replace } from "./dom.js";
import { everyFewSeconds } from "./xscore.js";

const dollars = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  minimumFractionDigits: 3,
});

export function startMoney(root) {
  const total = h("b", { class: "money" });
  const rows = h("ul", { class: "money-rows" });
  replace(root, h("details", {}, h("summary", {}, h("span", {}, "X has charged"), total), rows));
  everyFewSeconds(async () => {
    const charges = await api.x.charges();
    total.textContent = dollars.format(Number(charges.total_usd));
    const charged = Object.entries(charges.by_resource).filter(([, { count }]) => count > 0);
    replace(rows, charged.map(resourceRow));
  });
}

function resourceRow([name, { count, usd }]) {
  const words = name.replaceAll("_", " ");
  return h(
    "li",
    {},
    h("span", {}, `${count} × ${words}`),
    h("span", {}, dollars.format(Number(usd))),
  );
}
