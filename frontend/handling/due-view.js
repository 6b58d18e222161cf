// Documents that are due: kept for as long as their schedule says. Each can be proposed for disposal; none goes by itself.

import { day, t, tOr } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { announce, button, byId, h } from "../parts/dom.js";
import { badges } from "../parts/label.js";
import { notice, outcomeWords } from "../parts/notice.js";
import { table } from "../parts/table.js";
import { keptFor } from "../parts/value-names.js";
import * as changes from "../service/changes.js";
import { Problem } from "../service/problem.js";
import * as registrar from "../service/registrar.js";
import { disposing } from "./acts.js";
import { say } from "./strings.js";

/**
 * @import { DocumentChange, DueDocument, Scheme } from "../service/answers.js"
 * @typedef {DueDocument & { waits: boolean }} DueRow `waits`: somebody has proposed to remove it
 */

const MOST = 200; // that the service lists

/** @param {{ scheme: Scheme }} given */
export function dueView({ scheme }) {
  const node = h("section", { class: "work due", "aria-labelledby": "due-title" });
  /** @type {DueRow[] | null} */
  let rows = null;
  let drawn = frame(node, dueTable(scheme, dispose));

  function show() {
    drawn.list.node.hidden = rows === null;
    drawn.list.fill(rows ?? []);
    drawn.most.textContent = rows && rows.length >= MOST ? say("dueMost", { n: rows.length }) : "";
  }

  /** @param {DueRow} row */
  async function dispose(row) {
    const outcome = await disposing(row);
    if (!outcome) return;
    drawn.outcome.textContent = outcomeWords(outcome);
    announce(outcomeWords(outcome));
    await load();
    byId("due-title").focus();
  }

  async function load() {
    node.setAttribute("aria-busy", "true");
    try {
      rows = await listed();
      drawn.trouble.replaceChildren();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      rows = null;
      drawn.trouble.replaceChildren(notice(problem, load));
    }
    node.removeAttribute("aria-busy");
    show();
  }

  const redraw = () => {
    drawn = frame(node, dueTable(scheme, dispose));
    show();
  };
  const enter = () => {
    drawn.outcome.textContent = "";
    byId("due-title").focus();
    return load();
  };
  return { node, enter, redraw };
}

/**
 * What stands around the list, which is not shown before it is known.
 * @param {HTMLElement} node
 * @param {ReturnType<typeof dueTable>} list
 */
function frame(node, list) {
  const outcome = h("p", { class: "outcome", role: "status" });
  const trouble = h("div", {});
  const most = h("p", { class: "small" });
  const title = h("h1", { id: "due-title", tabindex: "-1" }, t("titleDue"));
  const head = h("div", { class: "work-head" }, title, h("p", {}, say("dueLead")), h("p", { class: "small" }, say("dueHold")));
  list.node.hidden = true;
  node.replaceChildren(head, outcome, trouble, list.node, most);
  return { outcome, trouble, list, most };
}

/** @returns {Promise<DueRow[]>} */
async function listed() {
  const [due, proposals] = await Promise.all([registrar.due(), changes.proposals()]);
  const gone = proposals.filter(({ kind }) => kind === "dispose" || kind === "remove");
  const waiting = new Set(gone.map(({ change }) => /** @type {DocumentChange} */ (change).document_id));
  return due.map((row) => ({ ...row, waits: waiting.has(row.document_id) }));
}

/** @param {Scheme} scheme @param {(row: DueRow) => unknown} dispose */
function dueTable(scheme, dispose) {
  /** @param {DueRow} row */
  const name = ({ title }) => titles(title, Object.keys(title)[0])[0];
  /** @param {DueRow} row */
  const nameCell = (row) => {
    const { text, lang } = name(row);
    return h("a", { href: `#/handling/${encodeURIComponent(row.document_id)}`, lang }, h("bdi", {}, text));
  };
  /** @param {DueRow} row */
  const kind = ({ schedule }) => tOr(`kind_${schedule.kind}`, schedule.kind);
  /** @param {DueRow} row */
  const since = ({ kept_since: from }) => h("time", { datetime: from }, day(from));
  /** @param {DueRow} row */
  const acts = (row) =>
    row.waits
      ? h("a", { href: "#/proposals" }, say("dueWaits"))
      : button({ class: "button slim", onclick: () => dispose(row) }, say("dispose"), h("span", { class: "unseen" }, ` ${name(row).text}`));
  return table({
    id: "due",
    caption: t("titleDue"),
    empty: say("dueNone"),
    key: (/** @type {DueRow} */ row) => row.document_id,
    columns: [
      { head: say("dueDocument"), cell: nameCell, text: (row) => Object.values(row.title).join(" ") },
      { head: say("dueKind"), cell: kind, text: kind },
      { head: say("removedLabel"), cell: (row) => badges(row.label, scheme), text: (row) => row.label.originators.join(" ") },
      { head: say("dueSince"), cell: since },
      { head: say("dueFor"), cell: (row) => keptFor(row.schedule.years) },
      { head: say("dueActs"), cell: acts },
    ],
  });
}
