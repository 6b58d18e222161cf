// The reader's tools: back, pages, the places where something was found, zoom, download. Decides nothing itself.

import { t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";

/**
 * @typedef {object} Tools
 * @property {number} total pages
 * @property {(by: number) => void} step to the next place that was found, or back
 * @property {boolean} fromResults
 * @property {() => void} back
 * @property {(page: number) => void} turnTo
 * @property {(factor: number | null) => void} zoomBy null fits the width
 * @property {(() => void) | null} download null for those who may not
 */

/**
 * The toolbar; `at(page)` shows which page is open, `places(at, total)` which of the places found, counted from 0.
 * @param {Tools} on
 */
export function toolbar(on) {
  const pages = pageTools(on);
  const places = placeTools(on);
  const node = h(
    "div",
    { class: "tools" },
    worded(t(on.fromResults ? "backToResults" : "backToSearch"), t("backShort"), on.back, "← "),
    h("div", { class: "group" }, pages.before, pages.label, pages.box, pages.of, pages.after),
    places.node,
    zoomTools(on),
    on.download && worded(t("download"), t("downloadShort"), on.download),
  );
  return { node, at: (/** @type {number} */ page) => show(page, on.total, pages), places: places.tell };
}

/** @param {Tools} on */
function pageTools(on) {
  /** @param {Event & { target: HTMLInputElement }} event */
  const jump = (event) => on.turnTo(Math.trunc(Number(event.target.value)) || 1);
  const box = h("input", { id: "page-number", type: "number", min: "1", max: String(on.total), onchange: jump });
  return {
    box,
    label: h("label", { for: "page-number", class: "page-label" }, t("pageLabel")),
    of: h("span", {}, t("pageOf", { total: on.total })),
    before: sign("←", t("pagePrevious"), () => on.turnTo(Number(box.value) - 1)),
    after: sign("→", t("pageNext"), () => on.turnTo(Number(box.value) + 1)),
  };
}

/** @param {Tools} on */
function placeTools(on) {
  const said = h("span", { class: "place", role: "status" });
  const before = sign("↑", t("placePrevious"), () => on.step(-1));
  const after = sign("↓", t("placeNext"), () => on.step(1));
  const node = h("div", { class: "group", hidden: true }, before, said, after);
  /** @param {number} at @param {number} total */
  const tell = (at, total) => {
    node.hidden = total === 0;
    said.textContent = at < 0 ? t("places", { n: total }) : t("placeOf", { at: at + 1, n: total });
    before.setAttribute("aria-disabled", String(at === 0));
    after.setAttribute("aria-disabled", String(at === total - 1));
  };
  return { node, tell };
}

/** @param {Tools} on */
function zoomTools(on) {
  const fit = t("zoomFit");
  return h(
    "div",
    { class: "group zoom", role: "group", "aria-label": t("zoom") },
    sign("−", t("zoomOut"), () => on.zoomBy(0.8)),
    button({ class: "button", "aria-label": fit, onclick: () => on.zoomBy(null) }, wideAndNarrow(fit, "↔")),
    sign("+", t("zoomIn"), () => on.zoomBy(1.25)),
  );
}

/** @param {string} shown @param {string} said @param {() => void} onclick */
const sign = (shown, said, onclick) => button({ class: "button", "aria-label": said, title: said, onclick }, shown);

/** @param {string} wide @param {string} narrow @param {() => void} onclick @param {string} [before] */
const worded = (wide, narrow, onclick, before = "") =>
  button({ class: "button", title: wide, onclick }, before, wideAndNarrow(wide, narrow));

/**
 * Words for a wide screen and for a narrow one; the style sheet shows one of them.
 * @param {string} wide
 * @param {string} narrow
 */
const wideAndNarrow = (wide, narrow) => [
  h("span", { class: "wide" }, wide),
  h("span", { class: "narrow" }, narrow),
];

/**
 * The buttons at the ends stay focusable, so that the keyboard does not lose its place there.
 * @param {number} page
 * @param {number} total
 * @param {ReturnType<typeof pageTools>} pages
 */
function show(page, total, { box, before, after }) {
  box.value = String(page);
  before.setAttribute("aria-disabled", String(page <= 1));
  after.setAttribute("aria-disabled", String(page >= total));
}
