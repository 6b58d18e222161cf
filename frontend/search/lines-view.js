// Many searches at once: pasted lines, a row of results for each, and the same as a table to take along.

import { number, t } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { announce, button, byId, h, save } from "../parts/dom.js";
import { choiceField } from "../parts/fields.js";
import { levelBadge } from "../parts/label.js";
import { notice, words } from "../parts/notice.js";
import { table } from "../parts/table.js";
import * as api from "../service/expert.js";
import { Problem } from "../service/problem.js";
import { address } from "../state/router.js";
import { linesOf, MOST_LINES } from "../text/lines.js";
import { say } from "./strings.js";

/** @import { LineRow, Scheme } from "../service/answers.js" */

/** @param {{ scheme: Scheme }} given */
export function linesView({ scheme }) {
  return new LinesView(scheme);
}

class LinesView {
  /** @param {Scheme} scheme */
  constructor(scheme) {
    this.scheme = scheme;
    this.node = h("section", { class: "work", "aria-labelledby": "lines-title" });
    /** @type {LineRow[]} */
    this.rows = [];
    this.typed = h("textarea", { id: "lines", rows: "8", spellcheck: "false", autocomplete: "off" });
    this.chosen = "any";
    this.redraw();
    /** @param {string} id the line whose best document this is, or null */
    this.queryOf = (id) => this.rows.find((row) => row.document_id === id)?.query ?? null;
  }

  enter() {
    if (!this.rows.length) this.typed.focus();
    else byId("lines-title").focus();
  }

  /** Draw everything anew but the lines that were typed. */
  redraw() {
    this.alarm = h("div", {});
    this.words = choiceField(
      "lines-words",
      say("linesWords"),
      [["any", say("linesWords_any")], ["all", say("linesWords_all")]],
      this.chosen,
      { onchange: (/** @type {Event & { target: HTMLSelectElement }} */ { target }) => (this.chosen = target.value) },
    );
    this.results = table({ id: "lines-found", caption: say("linesFound"), columns: this.columns(), key: (/** @type {LineRow} */ row) => String(row.line) });
    this.found = h("div", { hidden: !this.rows.length }, this.results.node);
    const press = h("button", { class: "button primary" }, say("linesAsk"));
    const csv = button({ class: "button", onclick: () => this.take((lines) => this.download(lines)) }, say("linesCsv"));
    /** @param {SubmitEvent} event */
    const onsubmit = (event) => {
      event.preventDefault();
      this.take((lines) => this.search(lines));
    };
    const field = h("div", { class: "field" }, h("label", { for: "lines" }, say("lines")), this.typed);
    const buttons = h("p", { class: "buttons" }, press, csv);
    const form = h("form", { class: "fields card", onsubmit }, field, this.words.node, this.alarm, buttons);
    const heading = h("h1", { id: "lines-title", tabindex: "-1" }, t("titleLines"));
    const lead = h("p", {}, say("linesLead", { most: MOST_LINES }));
    this.node.replaceChildren(h("div", { class: "work-head" }, heading, lead), form, this.found);
    this.results.fill(this.rows);
  }

  columns() {
    return [
      { head: say("line"), cell: (/** @type {LineRow} */ { line }) => number(line) },
      { head: say("lineQuery"), cell: (/** @type {LineRow} */ { query }) => h("bdi", {}, query), text: (/** @type {LineRow} */ { query }) => query },
      { head: say("lineTotal"), cell: (/** @type {LineRow} */ { total }) => (total === null ? "" : number(total)) },
      { head: say("lineBest"), cell: (/** @type {LineRow} */ row) => this.best(row), text: (/** @type {LineRow} */ row) => Object.values(row.title).join(" ") },
    ];
  }

  /** @param {LineRow} row */
  best(row) {
    if (row.code) return words(new Problem(422, { code: row.code, detail: row.error }));
    if (!row.document_id) return say("lineNothing");
    const [name] = titles(row.title, row.language);
    const to = h("a", { href: address(row.document_id, row.page ?? 1), lang: name.lang }, h("bdi", {}, name.text));
    return [to, " ", row.label && levelBadge(row.label.level, this.scheme), row.text && h("p", { class: "quiet-line" }, h("bdi", {}, row.text))];
  }

  /**
   * Do something with the lines, and say what went wrong.
   * @param {(lines: string[]) => Promise<unknown>} act
   */
  async take(act) {
    const lines = linesOf(this.typed.value);
    const wrong = !lines.length ? say("linesNone") : lines.length > MOST_LINES && say("linesMany", { n: lines.length, most: MOST_LINES });
    if (wrong) return this.alarm?.replaceChildren(h("p", { class: "said", role: "alert" }, wrong));
    this.alarm?.replaceChildren(h("p", { class: "waiting", "aria-busy": "true" }, t("searching")));
    try {
      await act(lines);
      this.alarm?.replaceChildren();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.alarm?.replaceChildren(notice(problem));
    }
  }

  /** @param {string[]} lines */
  async search(lines) {
    this.rows = (await api.searchLines(lines, this.chosen)).rows;
    this.results?.fill(this.rows);
    if (this.found) this.found.hidden = false;
    announce(t("rowsShown", { n: this.rows.length, total: this.rows.length }));
  }

  /** @param {string[]} lines */
  async download(lines) {
    save(await api.searchLinesCsv(lines, this.chosen));
  }
}
