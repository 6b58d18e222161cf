// Builds the fields of work forms: a label, a control, a hint. Moments are asked for and shown in one's own zone.

import { t } from "../languages/language.js";
import { h } from "./dom.js";

/**
 * @import { Child, Props } from "./dom.js"
 * @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control
 */

/**
 * @template {Control} C
 * @typedef {{ node: HTMLElement, control: C, value: () => string }} Asking
 */

/**
 * @template {Control} C
 * @param {string} label
 * @param {C} control
 * @param {string} [hint]
 * @returns {Asking<C>}
 */
function labelled(label, control, hint = "") {
  const described = hint && h("p", { class: "hint", id: `${control.id}-hint` }, hint);
  if (hint) control.setAttribute("aria-describedby", `${control.id}-hint`);
  const node = h("div", { class: "field" }, h("label", { for: control.id }, label), control, described);
  return { node, control, value: () => control.value.trim() };
}

/**
 * @typedef {Props & { hint?: string }} Hinted
 * @type {(id: string, label: string, more?: Hinted) => Asking<HTMLInputElement>} a line of text
 */
export const lineField = (id, label, { hint = "", ...more } = {}) =>
  labelled(label, h("input", { id, type: "text", autocomplete: "off", maxlength: "2000", ...more }), hint);

/** @type {(id: string, label: string, more?: Hinted) => Asking<HTMLInputElement>} a day */
export const dayField = (id, label, { hint = "", ...more } = {}) => labelled(label, h("input", { id, type: "date", ...more }), hint);

/**
 * A choice: values with their words.
 * @param {string} id
 * @param {string} label
 * @param {[value: string, words: string][]} choices
 * @param {string} [chosen]
 * @param {Props} [more]
 */
export function choiceField(id, label, choices, chosen = "", more = {}) {
  const options = choices.map(([value, words]) => h("option", { value, selected: value === chosen }, words));
  return labelled(label, h("select", { id, ...more }, options));
}

/** Why something is done: the trail keeps it. */
export const reasonField = () =>
  labelled(t("reason"), h("textarea", { id: "reason", required: true, minlength: "3", maxlength: "2000", rows: "2" }));

/**
 * A moment; `value()` is ISO 8601 in UTC, or "".
 * @param {string} id
 * @param {string} label
 * @param {string | null} [iso]
 */
export function momentField(id, label, iso = null) {
  const input = h("input", { id, type: "datetime-local", value: iso ? local(iso) : "" });
  const field = labelled(label, input);
  return { ...field, value: () => (input.value ? new Date(input.value).toISOString() : "") };
}

/** @param {string} iso as a field of the browser takes it: in one's own zone, without naming it */
function local(iso) {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/**
 * Fields side by side where there is room.
 * @param {...Child} fields
 */
export const row = (...fields) => h("div", { class: "abreast" }, fields);
