// Schedules: for how many years papers of a kind and a level are kept; setting, changing and ending one.

import { t, tOr } from "../languages/language.js";
import { ask } from "../parts/dialog.js";
import { button, h } from "../parts/dom.js";
import { choiceField, lineField, reasonField, row } from "../parts/fields.js";
import { levelDot, levelName } from "../parts/label.js";
import { table } from "../parts/table.js";
import { keptFor } from "../parts/value-names.js";
import * as administrator from "../service/administrator.js";
import { board } from "./board.js";
import { say } from "./strings.js";

/**
 * @import { Child } from "../parts/dom.js"
 * @import { Outcome, Schedule, Scheme } from "../service/answers.js"
 * @import { Doing } from "./board.js"
 */

const KINDS = ["agenda", "statement", "report", "recommendations", "resolution", "other"];
const MOST_YEARS = "200";

/** @param {{ scheme: Scheme }} given */
export function schedulesView({ scheme }) {
  return board({
    id: "schedules",
    words: () => ({ title: t("titleSchedules"), lead: say("schedulesLead") }),
    load: administrator.schedules,
    table: (doing) => schedulesTable(scheme, doing),
    head: (doing) => [button({ class: "button primary", onclick: () => doing(() => adding(scheme)) }, say("addSchedule"))],
  });
}

/** @param {string} kind */
const kindName = (kind) => tOr(`kind_${kind}`, kind);

/** @param {Scheme} scheme @param {Doing} doing */
function schedulesTable(scheme, doing) {
  /** @param {Schedule} schedule */
  const change = (schedule) =>
    button(
      { class: "button slim", onclick: () => doing(() => changing(scheme, schedule)) },
      say("change"),
      h("span", { class: "unseen" }, ` ${kindName(schedule.kind)}, ${levelName(schedule.level, scheme)}`),
    );
  return table({
    id: "schedules",
    caption: t("titleSchedules"),
    empty: say("schedulesNone"),
    key: (/** @type {Schedule} */ { kind, level }) => `${kind} ${level}`,
    columns: [
      { head: say("papers"), cell: ({ kind }) => kindName(kind), text: ({ kind }) => kindName(kind) },
      { head: say("level"), cell: ({ level }) => levelDot(level, scheme, levelName(level, scheme)), text: ({ level }) => levelName(level, scheme) },
      { head: say("kept"), cell: ({ years }) => keptFor(years) },
      { head: say("acts"), cell: change },
    ],
  });
}

/** @param {Scheme} scheme */
function adding(scheme) {
  const kinds = KINDS.map((kind) => /** @type {[string, string]} */ ([kind, kindName(kind)]));
  const levels = scheme.levels.map(({ code }) => /** @type {[string, string]} */ ([code, levelName(code, scheme)]));
  const kind = choiceField("new-kind", say("papers"), [["", t("choose")], ...kinds], "", { required: true });
  const level = choiceField("new-level", say("level"), [["", t("choose")], ...levels], "", { required: true });
  return setting([row(kind.node, level.node)], () => ({ kind: kind.value(), level: level.value() }), null);
}

/** @param {Scheme} scheme @param {Schedule} schedule */
function changing(scheme, { kind, level, years }) {
  const named = h("p", {}, h("strong", {}, kindName(kind)), " ", levelDot(level, scheme, levelName(level, scheme)));
  return setting([named], () => ({ kind, level }), years);
}

/**
 * Ask for the years and a reason; gives what became of it, or null.
 * @param {Child[]} parts
 * @param {() => { kind: string, level: string }} papers
 * @param {number | null} before null: for good so far
 * @returns {Promise<Outcome | null>}
 */
async function setting(parts, papers, before) {
  const first = before === null;
  const hint = say(first ? "yearsHint" : "yearsOrForGood");
  const years = lineField("new-years", say("years"), { type: "number", min: "1", max: MOST_YEARS, value: before ?? "", required: first, hint });
  const reason = reasonField();
  /** @type {Outcome | null} */
  let outcome = null;
  await ask({
    title: say("scheduleTitle"),
    parts: [h("p", { class: "tagline" }, say("scheduleLead")), ...parts, years.node, reason.node],
    press: say("schedulePress"),
    submit: async () => {
      const typed = years.value();
      outcome = await administrator.setSchedule({ ...papers(), years: typed ? Number(typed) : null }, reason.value());
    },
  });
  return outcome;
}
