// Filters: lists of values with counts, and chips for what is on.

import { number, t, tOr } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { filterName, filterValues, valueName } from "../parts/value-names.js";
import { chosenOf, removed } from "../state/filters.js";
import { say } from "./strings.js";
import { yearBars } from "./year-bars.js";

/** @import { FacetValue, Filters, Scheme } from "../service/answers.js" */

/**
 * @typedef {{ value: string, count: number | null }} Line A value, and its count where it was counted.
 * @typedef {object} Listeners
 * @property {(name: string, value: string) => unknown} toggle
 * @property {(from: number | null, to: number | null) => unknown} years
 */

const ORDER = ["language", "level", "year", "kind", "agency", "meeting", "series", "body", "country", "has"];
const UNLISTED = new Set(["has_human_translation"]); // `has` says it too
const SHOWN = 6;
const MANY = 12; // values of a facet, of which one finds one by typing

/**
 * A button for each filter that is on, which removes it; and one that removes all.
 * @param {Filters} filters
 * @param {Scheme} scheme
 * @param {(filters: Filters) => unknown} change
 */
export function chips(filters, scheme, change) {
  const on = filterValues(filters);
  if (!on.length) return [];
  /** @param {import("../parts/value-names.js").FilterValue} filter */
  const chip = ([name, value]) => chipFor(name, value, scheme, () => change(removed(filters, name, value)));
  return [...on.map(chip), button({ class: "link", onclick: () => change({}) }, say("removeAll"))];
}

/**
 * @param {string} name
 * @param {string | number} value
 * @param {Scheme} scheme
 * @param {() => unknown} remove
 */
function chipFor(name, value, scheme, remove) {
  const [title, text] = filterName(name, value, scheme);
  const label = say("removeFilter", { name: title, value: text });
  const cross = h("span", { "aria-hidden": "true" }, " ×");
  return button({ class: "chip", "aria-label": label, title: label, onclick: remove }, h("bdi", {}, text), cross);
}

/**
 * The lists; `known` holds the values seen since the query was asked, for an answer counts only what is chosen.
 * `on.toggle(name, value)` and `on.years(from, to)` are called when somebody chooses.
 * @param {Record<string, FacetValue[]>} facets
 * @param {Record<string, string[]>} known
 * @param {Filters} filters
 * @param {Scheme} scheme
 * @param {Listeners} on
 */
export function facetLists(facets, known, filters, scheme, on) {
  const names = [...ORDER, ...Object.keys(facets).filter((name) => !ORDER.includes(name) && !UNLISTED.has(name))];
  /** @param {string} name */
  const list = (name) => facetList(name, facets[name] ?? [], known[name] ?? [], filters, scheme, on);
  const lists = names.map(list).filter((fieldset) => fieldset !== null);
  if (!lists.length) return [];
  return [unfolder(Object.keys(filters).length), h("div", { class: "facet-lists", id: "facet-lists" }, lists)];
}

let unfolded = false;

/**
 * On a narrow screen the lists are folded away under this button; on a wide one the style sheet hides it.
 * @param {number} count
 */
function unfolder(count) {
  const words = `${say("filters")}${count ? ` (${count})` : ""}`;
  /** @param {MouseEvent & { currentTarget: Element }} event */
  const flip = (event) => {
    unfolded = !unfolded;
    event.currentTarget.setAttribute("aria-expanded", String(unfolded));
  };
  const state = { "aria-expanded": String(unfolded), "aria-controls": "facet-lists" };
  return button({ class: "unfolder", "data-key": "filters", ...state, onclick: flip }, words);
}

/**
 * @param {string} name
 * @param {FacetValue[]} counted
 * @param {string[]} known
 * @param {Filters} filters
 * @param {Scheme} scheme
 * @param {Listeners} on
 */
function facetList(name, counted, known, filters, scheme, on) {
  const chosen = chosenOf(filters, name);
  const others = chosen.length ? [...new Set([...chosen, ...known])] : [];
  const missing = others.filter((value) => !counted.some((line) => line.value === value));
  const lines = ordered(name, [...counted, ...missing.map((value) => ({ value, count: null }))], scheme);
  const open = chosen.length > 0 || (name === "year" && Boolean(filters.year_from || filters.year_to));
  if (lines.length < 2 && !open) return null; // one value narrows nothing
  const legend = h("legend", {}, tOr(`facet_${name}`, name));
  if (name === "year") return h("fieldset", { class: "facet" }, legend, lines.length > 0 && yearBars(lines, chosen, on), years(filters, on));
  const boxes = lines.map((line) => checkbox(name, line, chosen.includes(line.value), scheme, on));
  const rest = boxes.slice(SHOWN);
  const chosenBelow = lines.slice(SHOWN).some((line) => chosen.includes(line.value));
  return h(
    "fieldset",
    { class: "facet" },
    legend,
    boxes.slice(0, SHOWN),
    rest.length > 0 &&
      h("details", { open: chosenBelow }, h("summary", {}, t("more", { n: rest.length })), lines.length > MANY && finder(name, boxes), rest),
  );
}

/**
 * A line that leaves those values standing whose words hold what is typed.
 * @param {string} name
 * @param {HTMLElement[]} boxes
 */
function finder(name, boxes) {
  const said = say("findValue", { facet: tOr(`facet_${name}`, name) });
  /** @param {Event & { target: HTMLInputElement }} event */
  const oninput = ({ target }) => {
    const typed = target.value.trim().toLocaleLowerCase();
    for (const box of boxes) box.hidden = !(box.textContent ?? "").toLocaleLowerCase().includes(typed);
  };
  return h("input", { type: "search", class: "find-value", "aria-label": said, placeholder: said, autocomplete: "off", oninput });
}

/** @param {string} name @param {Line[]} counted @param {Scheme} scheme */
function ordered(name, counted, scheme) {
  /** @param {Line} line */
  const rank = (line) => scheme.levels.findIndex((level) => level.code === line.value);
  return name === "level" ? [...counted].sort((a, b) => rank(a) - rank(b)) : counted;
}

/**
 * @param {string} name
 * @param {Line} line
 * @param {boolean} checked
 * @param {Scheme} scheme
 * @param {Listeners} on
 */
function checkbox(name, { value, count }, checked, scheme, on) {
  const change = () => on.toggle(name, value);
  const box = h("input", { type: "checkbox", checked, "data-key": `${name}=${value}`, onchange: change });
  const shown = h("bdi", { class: "value" }, valueName(name, value, scheme));
  return h("label", {}, box, shown, " ", h("span", { class: "count" }, count === null ? "" : number(count)));
}

/** @param {Filters} filters @param {Listeners} on */
function years(filters, on) {
  /** @param {HTMLInputElement} box */
  const year = (box) => (box.checkValidity() ? Number(box.value) || null : null);
  const change = () => on.years(year(from), year(to));
  const from = yearBox("year-from", filters.year_from, change);
  const to = yearBox("year-to", filters.year_to, change);
  return h("div", { class: "years" }, h("label", {}, say("yearFrom"), " ", from), h("label", {}, say("yearTo"), " ", to));
}

/** @param {string} key @param {number | undefined} value @param {() => void} change */
function yearBox(key, value, change) {
  const limits = { min: "1", max: "9998", step: "1" };
  return h("input", { type: "number", ...limits, value: value ?? "", "data-key": key, onchange: change });
}
