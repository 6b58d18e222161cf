// The reader's tools: back, pages, finding and the places found, zoom, download. Decides nothing itself.

import { t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { say } from "./strings.js";
import { keepStrip, stripChosen } from "./thumbnails.js";

/**
 * @typedef {object} Tools
 * @property {number} total pages
 * @property {(by: number) => void} step to the next place that was found, or back
 * @property {((query: string) => unknown) | null} find looks for words in the document; null for those who may not search
 * @property {string} query what was looked for last
 * @property {boolean} fromResults
 * @property {((by: 1 | -1) => boolean) | null} hasResult whether there is a next result, or one before
 * @property {(by: 1 | -1) => void} toResult
 * @property {() => void} back
 * @property {(page: number) => void} turnTo
 * @property {(factor: number | null) => void} zoomBy null fits the width
 * @property {((chosen: boolean) => unknown) | null} strip shows the strip of pages, or hides it; null where there is one page
 * @property {(() => unknown) | null} print null for those who may take nothing away
 * @property {(() => void) | null} download null for those who may not
 */

/**
 * The toolbar; `at(page)` shows which page is open, `places(at, total)` which of the places found, counted from 0;
 * `toFind` puts the caret where one types what to find, `toStrip` shows the strip of pages or hides it.
 * @param {Tools} on
 */
export function toolbar(on) {
  const pages = pageTools(on);
  const places = placeTools(on);
  const strip = on.strip && stripSwitch(on.strip);
  const node = h(
    "div",
    { class: "tools" },
    worded(say(on.fromResults ? "backToResults" : "backToSearch"), say("backShort"), on.back, "← "),
    h("div", { class: "group" }, pages.before, pages.label, pages.box, pages.of, pages.after, strip),
    places.node,
    on.hasResult && resultTools(on, on.hasResult),
    zoomTools(on),
    (on.print || on.download) && takeTools(on),
  );
  return { node, at: (/** @type {number} */ page) => show(page, on.total, pages), places: places.tell, toFind: places.toFind, toStrip: () => strip?.click() };
}

/** @param {Tools} on */
function pageTools(on) {
  /** @param {Event & { target: HTMLInputElement }} event */
  const jump = (event) => on.turnTo(Math.trunc(Number(event.target.value)) || 1);
  const box = h("input", { id: "page-number", type: "number", min: "1", max: String(on.total), onchange: jump });
  return {
    box,
    label: h("label", { for: "page-number", class: "page-label" }, say("pageLabel")),
    of: h("span", {}, t("pageOf", { total: on.total })),
    before: sign("←", say("pagePrevious"), () => on.turnTo(Number(box.value) - 1)),
    after: sign("→", say("pageNext"), () => on.turnTo(Number(box.value) + 1)),
  };
}

/** @param {Tools} on */
function placeTools(on) {
  const said = h("span", { class: "place", role: "status" });
  const before = sign("↑", say("placePrevious"), () => on.step(-1));
  const after = sign("↓", say("placeNext"), () => on.step(1));
  const box = findBox(on.query);
  /** @param {SubmitEvent} event */
  const onsubmit = (event) => {
    event.preventDefault();
    on.find?.(box.value.trim());
  };
  const node = h("form", { class: "group find", onsubmit }, on.find && box, before, said, after);
  /** @param {number} at @param {number} total */
  const tell = (at, total) => {
    for (const way of [before, after]) way.hidden = total === 0;
    if (total === 0) said.textContent = on.find && box.value.trim() ? say("notInIt") : "";
    else said.textContent = at < 0 ? t("places", { n: total }) : say("placeOf", { at: at + 1, n: total });
    before.setAttribute("aria-disabled", String(at === 0));
    after.setAttribute("aria-disabled", String(at === total - 1));
  };
  tell(-1, 0);
  said.textContent = "";
  return { node, tell, toFind: () => box.select() };
}

/** @param {string} query */
function findBox(query) {
  /** @param {KeyboardEvent & { target: HTMLInputElement }} event */
  const onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation(); // it leaves the field, not the document
    event.target.blur();
  };
  const said = say("findIn");
  const plain = { type: "search", maxlength: "4000", autocomplete: "off", autocapitalize: "none", spellcheck: "false" };
  return h("input", { id: "find-within", ...plain, value: query, placeholder: said, "aria-label": said, onkeydown });
}

/** @param {Tools} on @param {(by: 1 | -1) => boolean} has */
function resultTools(on, has) {
  /** @param {1 | -1} by @param {"resultPrevious" | "resultNext"} key @param {string} shown */
  const way = (by, key, shown) => {
    const node = sign(shown, say(key), () => on.toResult(by));
    node.setAttribute("aria-disabled", String(!has(by)));
    return node;
  };
  return h("div", { class: "group" }, way(-1, "resultPrevious", "«"), way(1, "resultNext", "»"));
}

/** @param {Tools} on */
function zoomTools(on) {
  return h(
    "div",
    { class: "group zoom", role: "group", "aria-label": say("zoom") },
    sign("−", say("zoomOut"), () => on.zoomBy(0.8)),
    sign("↔", say("zoomFit"), () => on.zoomBy(null)),
    sign("+", say("zoomIn"), () => on.zoomBy(1.25)),
  );
}

/** @param {Tools} on */
function takeTools({ print, download }) {
  const printing = print && button({ class: "button", "data-key": "print", onclick: print }, say("print"));
  return h("div", { class: "group" }, printing, download && worded(t("download"), say("downloadShort"), download));
}

/** @param {(chosen: boolean) => unknown} choose */
function stripSwitch(choose) {
  const press = () => {
    keepStrip(!stripChosen());
    node.setAttribute("aria-pressed", String(stripChosen()));
    choose(stripChosen());
  };
  const about = { title: say("stripNote"), "aria-pressed": String(stripChosen()), "data-key": "strip", onclick: press };
  const node = button({ class: "button strip-choice", ...about }, say("strip"));
  return node;
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
