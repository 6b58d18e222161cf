// The years of what was found as bars: one is chosen by a press, a span by dragging or by Shift and a press.

import { number } from "../languages/language.js";
import { button, h, restyle } from "../parts/dom.js";
import { heights, spanOf } from "../text/years.js";
import { say } from "./strings.js";

/** @typedef {{ value: string, count: number | null }} Line */

/**
 * The bars, from the earliest year to the latest.
 * @param {Line[]} lines
 * @param {string[]} chosen
 * @param {{ toggle: (name: string, value: string) => unknown, years: (from: number | null, to: number | null) => unknown }} on
 */
export function yearBars(lines, chosen, on) {
  /** @type {number | null} where a span begins */
  let start = null;
  const yearAt = (/** @type {Event} */ event) => {
    const bar = event.target instanceof Element ? event.target.closest("[data-year]") : null;
    return bar instanceof HTMLElement ? Number(bar.dataset.year) : null;
  };
  const node = h("div", { class: "year-bars", role: "group", "aria-label": say("yearBars") });
  /** @param {number | null} to */
  const span = (to) => {
    const from = start;
    if (from === null || to === null || from === to) return false;
    on.years(...spanOf(from, to));
    return true;
  };
  node.addEventListener("pointerdown", (event) => {
    if (!event.shiftKey) start = yearAt(event);
  });
  node.addEventListener("pointerup", (event) => {
    if (!event.shiftKey) span(yearAt(event)); // on another bar than it began: no press follows
  });
  /** @param {MouseEvent} event @param {string} value */
  const press = (event, value) => {
    if (event.shiftKey && span(Number(value))) return;
    start = Number(value);
    on.toggle("year", value);
  };
  const shown = heights(lines);
  node.append(
    ...shown.map(({ value, count, height }) => {
      const told = count === null ? value : say("yearBar", { year: value, n: count, shown: number(count) });
      const state = { "aria-label": told, title: told, "aria-pressed": String(chosen.includes(value)) };
      const onclick = (/** @type {MouseEvent} */ event) => press(event, value);
      const keyed = { "data-key": `year=${value}`, "data-year": value };
      return button({ class: "year-bar", ...keyed, ...state, onclick }, restyle(h("span", { class: "year-height" }), { height: `${height}%` }));
    }),
  );
  const ends = [shown[0], shown[shown.length - 1]].map(({ value }) => h("span", {}, value));
  return h("div", {}, node, h("div", { class: "year-ends", "aria-hidden": "true" }, ends));
}
