// One's own roles with their ends, and where one is signed in.

import { moment, t } from "../languages/language.js";
import { h } from "../parts/dom.js";
import { levelDot, levelName } from "../parts/label.js";
import { roleName } from "../parts/value-names.js";
import { say } from "./strings.js";

/**
 * @import { Child } from "../parts/dom.js"
 * @import { Grant, OwnSession, Scheme } from "../service/answers.js"
 */

/** @param {Grant[]} grants @param {Scheme} scheme */
export function grantsTable(grants, scheme) {
  const open = grants.filter(({ state }) => state !== "over");
  if (!open.length) return h("p", {}, say("noGrants"));
  const rows = open.map(({ role, clearance, need_to_know: words, starts, ends, state }) => [
    roleName(role),
    levelDot(clearance, scheme, levelName(clearance, scheme)),
    words.join(", ") || "–",
    starts ? moment(starts) : "–",
    ends ? moment(ends) : t("always"),
    t(`grant_${state}`),
  ]);
  return plainTable([say("role"), say("clearance"), say("words"), say("from"), say("until"), say("state")], rows);
}

/** @param {OwnSession[]} sessions */
export function sessionsTable(sessions) {
  const rows = sessions.map(({ begun, last_used: used, expires_at: ends, this: own }) => [
    [moment(begun), own && ` (${say("thisOne")})`],
    moment(used),
    moment(ends),
  ]);
  return plainTable([say("begun"), say("lastUsed"), say("ends")], rows);
}

/** @param {string[]} heads @param {Child[][]} rows */
export function plainTable(heads, rows) {
  /** @param {Child[]} cells */
  const line = (cells) =>
    h("tr", {}, cells.map((cell, at) => (at ? h("td", { "data-head": heads[at] }, cell) : h("th", { scope: "row", "data-head": heads[at] }, cell))));
  return h("table", { class: "rows" }, h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))), h("tbody", {}, rows.map(line)));
}
