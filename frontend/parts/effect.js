// Shows what a change would do: a small matrix of who gains and loses how many documents of which level and originator.

import { number, t } from "../languages/language.js";
import { h } from "./dom.js";
import { levelBadge } from "./label.js";

/** @import { Count, Effect, Scheme } from "../service/answers.js" */

/**
 * The matrix, or that nobody gains or loses anything.
 * @param {Effect} effect
 * @param {Scheme} scheme
 */
export function effectTable({ people }, scheme) {
  const rows = people.flatMap(({ username, agency, gains, losses }) => lines(gains, losses).map((one) => ({ username, agency, ...one })));
  if (!rows.length) return h("p", { class: "effect-none" }, t("effectNone"));
  const heads = [t("effectWho"), t("effectLevel"), t("effectFrom"), t("effectGains"), t("effectLosses")];
  return h(
    "table",
    { class: "rows effect" },
    h("caption", {}, t("effectTitle")),
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, rows.map((row) => line(row, heads, scheme))),
  );
}

/**
 * @param {{ username: string, agency: string, level: string, from: string, gains: number, losses: number }} row
 * @param {string[]} heads
 * @param {Scheme} scheme
 */
function line({ username, agency, level, from, gains, losses }, heads, scheme) {
  return h(
    "tr",
    {},
    h("th", { scope: "row", "data-head": heads[0] }, h("bdi", {}, username), " ", h("span", { class: "small" }, agency)),
    h("td", { "data-head": heads[1] }, levelBadge(level, scheme)),
    h("td", { "data-head": heads[2] }, h("bdi", {}, from)),
    h("td", { class: "number gain", "data-head": heads[3] }, gains ? `+${number(gains)}` : "–"),
    h("td", { class: "number loss", "data-head": heads[4] }, losses ? `−${number(losses)}` : "–"),
  );
}

/** @param {Count[]} gains @param {Count[]} losses */
function lines(gains, losses) {
  /** @type {Map<string, { level: string, from: string, gains: number, losses: number }>} */
  const found = new Map();
  for (const [side, counts] of /** @type {["gains" | "losses", Count[]][]} */ ([["gains", gains], ["losses", losses]])) {
    for (const { level, agency, documents } of counts) {
      const key = `${level} ${agency}`;
      const old = found.get(key) ?? { level, from: agency, gains: 0, losses: 0 };
      found.set(key, { ...old, [side]: documents });
    }
  }
  return [...found.values()];
}
