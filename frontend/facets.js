// Filters: lists of values with counts, chips for what is on, and the changes they make. Changes no filter in place.

import { h } from "./dom.js";
import { country, languageName, number, t, tOr } from "./language.js";
import { levelName } from "./label.js";

const ORDER = ["language", "level", "year", "kind", "agency", "meeting", "body", "country", "has_human_translation"];
const SHOWN = 6;

/** Filters with a value switched on or off. */
export function toggled(filters, name, value) {
  const old = filters[name] ?? [];
  const values = old.includes(value) ? old.filter((other) => other !== value) : [...old, value];
  const { [name]: _, ...rest } = filters;
  return values.length ? { ...rest, [name]: values } : rest;
}

/** Filters with a span of years; null leaves an end open. */
export function withYears(filters, from, to) {
  const { year_from: _, year_to: __, ...rest } = filters;
  return { ...rest, ...(from && { year_from: from }), ...(to && { year_to: to }) };
}

/** A button for each filter that is on, which removes it; and one that removes all. */
export function chips(filters, scheme, change) {
  const on = Object.entries(filters).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  if (!on.length) return [];
  const chip = ([name, value]) => chipFor(name, value, scheme, () => change(removed(filters, name, value)));
  return [...on.map(chip), h("button", { type: "button", class: "link", onclick: () => change({}) }, t("removeAll"))];
}

function chipFor(name, value, scheme, remove) {
  const [title, text] = described(name, value, scheme);
  const label = t("removeFilter", { name: title, value: text });
  return h("button", { type: "button", class: "chip", "aria-label": label, title: label, onclick: remove }, text, h("span", { "aria-hidden": "true" }, " ×"));
}

function described(name, value, scheme) {
  if (name === "year_from") return [t("facet_year"), t("yearSince", { year: String(value) })];
  if (name === "year_to") return [t("facet_year"), t("yearUntil", { year: String(value) })];
  const shown = valueName(name, value, scheme);
  const title = tOr(`facet_${name}`, name);
  return [title, name === "has_human_translation" ? `${title}: ${shown}` : shown];
}

function removed(filters, name, value) {
  if (name !== "year_from" && name !== "year_to") return toggled(filters, name, value);
  const { [name]: _, ...rest } = filters;
  return rest;
}

/** The lists. `on.toggle(name, value)` and `on.years(from, to)` are called when somebody chooses. */
export function facetLists(facets, filters, scheme, on) {
  const names = [...ORDER, ...Object.keys(facets).filter((name) => !ORDER.includes(name))];
  const lists = names.map((name) => facetList(name, facets[name] ?? [], filters, scheme, on)).filter(Boolean);
  const wide = matchMedia("(min-width: 60rem)").matches;
  const on_ = Object.keys(filters).length;
  const heading = h("summary", { "data-key": "filters" }, t("filters"), on_ ? ` (${on_})` : "");
  return [h("details", { class: "all-facets", open: wide || facetLists.open, ontoggle: (event) => (facetLists.open = event.target.open) }, heading, lists)];
}
facetLists.open = false;

function facetList(name, counted, filters, scheme, on) {
  const chosen = filters[name] ?? [];
  const missing = chosen.filter((value) => !counted.some((line) => line.value === value));
  const lines = [...ordered(name, counted, scheme), ...missing.map((value) => ({ value, count: 0 }))];
  if (!lines.length) return null;
  const boxes = lines.map((line) => checkbox(name, line, chosen.includes(line.value), scheme, on));
  const rest = boxes.slice(SHOWN);
  return h(
    "fieldset",
    { class: "facet" },
    h("legend", {}, tOr(`facet_${name}`, name)),
    boxes.slice(0, SHOWN),
    rest.length > 0 && h("details", { open: lines.slice(SHOWN).some((line) => chosen.includes(line.value)) }, h("summary", {}, t("more", { n: rest.length })), rest),
    name === "year" && years(filters, on),
  );
}

function ordered(name, counted, scheme) {
  const rank = (line) => scheme.levels.findIndex((level) => level.code === line.value);
  if (name === "level") return [...counted].sort((a, b) => rank(a) - rank(b));
  return name === "year" ? [...counted].sort((a, b) => Number(b.value) - Number(a.value)) : counted;
}

function checkbox(name, { value, count }, checked, scheme, on) {
  const box = h("input", { type: "checkbox", checked, "data-key": `${name}=${value}`, onchange: () => on.toggle(name, value) });
  return h("label", {}, box, h("span", { class: "value" }, valueName(name, value, scheme)), " ", h("span", { class: "count" }, number(count)));
}

function years(filters, on) {
  const input = (key, value, name) =>
    h("label", {}, t(key), " ", h("input", { type: "number", min: "1", max: "9998", step: "1", name, value: value ?? "", "data-key": name, onchange: (event) => change(event.target.closest(".years")) }));
  const change = (line) => {
    const [from, to] = [...line.querySelectorAll("input")].map((box) => (box.checkValidity() ? Number(box.value) || null : null));
    on.years(from, to);
  };
  return h("div", { class: "years" }, input("yearFrom", filters.year_from, "year-from"), " ", input("yearTo", filters.year_to, "year-to"));
}

/** A value of a facet in the interface's language, where it has a name there. */
export function valueName(name, value, scheme) {
  if (name === "language") return languageName(value);
  if (name === "level") return levelName(value, scheme);
  if (name === "country") return country(value);
  if (name === "kind") return tOr(`kind_${value}`, value);
  if (name === "has_human_translation") return t(String(value) === "true" ? "yes" : "no");
  return String(value);
}
