// Grants: every one, with its clearance, its words and its span; ending one.

import { moment, t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { levelDot, levelName } from "../parts/label.js";
import { table } from "../parts/table.js";
import { roleName } from "../parts/value-names.js";
import * as administrator from "../service/administrator.js";
import { board } from "./board.js";
import { ending } from "./changing.js";
import { say } from "./strings.js";

/**
 * @import { Grant, Scheme } from "../service/answers.js"
 * @import { Doing } from "./board.js"
 */

const STATES = /** @type {const} */ (["holds", "to_come", "over"]);
const ROLES = ["expert", "translator", "reviewer", "registrar", "administrator", "auditor"];

/** @param {{ scheme: Scheme }} given */
export function grantsView({ scheme }) {
  return board({
    id: "grants",
    words: () => ({ title: t("titleGrants"), lead: say("grantsLead") }),
    load: administrator.grants,
    table: (doing) => grantsTable(scheme, doing),
    head: () => [],
  });
}

/** @param {Scheme} scheme @param {Doing} doing */
function grantsTable(scheme, doing) {
  /** @param {Grant} row */
  const span = ({ starts, ends }) => `${starts ? moment(starts) : ""} – ${ends ? moment(ends) : t("always")}`;
  /** @param {Grant} row */
  const end = (row) =>
    row.state !== "over" && button({ class: "button slim", onclick: () => doing(() => ending(scheme, row)) }, say("end"), h("span", { class: "unseen" }, ` ${row.username}, ${roleName(row.role)}`));
  return table({
    id: "grants",
    caption: t("titleGrants"),
    key: (/** @type {Grant} */ row) => row.grant_id,
    choices: [
      { id: "role", label: say("role"), choices: ROLES.map((role) => [role, roleName(role)]), values: (row) => [row.role] },
      { id: "state", label: say("state"), choices: STATES.map((state) => [state, t(`grant_${state}`)]), values: (row) => [row.state] },
    ],
    columns: [
      { head: say("username"), cell: (row) => h("bdi", {}, row.username), text: (row) => row.username },
      { head: say("role"), cell: (row) => roleName(row.role), text: (row) => roleName(row.role) },
      { head: say("clearance"), cell: (row) => levelDot(row.clearance, scheme, levelName(row.clearance, scheme)), text: (row) => levelName(row.clearance, scheme) },
      { head: say("words"), cell: (row) => row.need_to_know.join(", ") || "–", text: (row) => row.need_to_know.join(" ") },
      { head: say("span"), cell: span },
      { head: say("state"), cell: (row) => t(`grant_${row.state}`) },
      { head: say("acts"), cell: end },
    ],
  });
}
