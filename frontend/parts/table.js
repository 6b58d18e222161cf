// Shows rows in a table that one can filter while one types. A row that did not change is not drawn anew.

import { t } from "../languages/language.js";
import { h, keyed } from "./dom.js";
import { choiceField, lineField } from "./fields.js";

/** @import { Child } from "./dom.js" */

const MOST = 200; // rows drawn at once

/**
 * @template R
 * @typedef {object} Column
 * @property {string} head
 * @property {(row: R) => Child} cell
 * @property {(row: R) => string} [text] by which a row is found; none: it is not looked at
 */

/**
 * @template R
 * @typedef {object} Choice rows of which one value is chosen
 * @property {string} id
 * @property {string} label
 * @property {[value: string, words: string][]} choices
 * @property {(row: R) => string[]} values
 */

/**
 * @template R
 * @typedef {object} TableGiven
 * @property {string} id
 * @property {string} caption
 * @property {Column<R>[]} columns
 * @property {(row: R) => string} key
 * @property {Choice<R>[]} [choices]
 * @property {string} [empty] what is said while there is no row at all
 * @property {boolean} [filter] whether there is a line to filter by; there is, unless this is false
 */

/**
 * The table; `fill(rows)` shows these.
 * @template R
 * @param {TableGiven<R>} given
 */
export function table({ id, caption, columns, key, choices = [], empty = t("noRows"), filter = true }) {
  /** @type {R[]} */
  let all = [];
  const body = h("tbody", {});
  const said = h("p", { class: "small counted", role: "status" });
  const line = lineField(`${id}-filter`, t("filterRows"), { type: "search", oninput: () => draw() });
  const selects = choices.map((choice) => ({
    ...choice,
    field: choiceField(`${id}-${choice.id}`, choice.label, [["", t("all")], ...choice.choices], "", { onchange: () => draw() }),
  }));

  function draw() {
    const typed = filter ? line.value().toLocaleLowerCase() : "";
    const fitting = all.filter(
      (row) =>
        columns.some(({ text }) => !typed || text?.(row).toLocaleLowerCase().includes(typed)) &&
        selects.every(({ field, values }) => !field.value() || values(row).includes(field.value())),
    );
    keyed(body, fitting.slice(0, MOST).map((row) => ({ key: key(row), value: row, make: () => tableRow(row, columns) })));
    node.hidden = fitting.length === 0;
    const more = fitting.length > MOST ? ` ${t("rowsMore", { n: fitting.length - MOST })}` : "";
    if (fitting.length) said.textContent = filters || more ? t("rowsShown", { n: Math.min(MOST, fitting.length), total: all.length }) + more : "";
    else said.textContent = all.length ? t("noRowsFit") : empty;
  }

  const heads = h("tr", {}, columns.map(({ head }) => h("th", { scope: "col" }, head)));
  const node = h("table", { class: "rows", id }, h("caption", { class: "unseen" }, caption), h("thead", {}, heads), body);
  const filters = filter || choices.length ? h("div", { class: "abreast filters" }, filter && line.node, selects.map(({ field }) => field.node)) : null;
  const whole = h("div", {}, filters, said, node);
  /** @param {R[]} rows */
  const fill = (rows) => {
    all = rows;
    draw();
  };
  return { node: whole, fill };
}

/**
 * @template R
 * @param {R} row
 * @param {Column<R>[]} columns
 */
function tableRow(row, columns) {
  const cells = columns.map(({ head, cell }, at) =>
    at === 0 ? h("th", { scope: "row", "data-head": head }, cell(row)) : h("td", { "data-head": head }, cell(row)),
  );
  return h("tr", {}, cells);
}
