// Builds the small forms about signing in: fields, one button, and a place to say what went wrong. Keeps no value.

import { Problem } from "../service/problem.js";
import { h } from "./dom.js";
import { words } from "./notice.js";

/**
 * @import { Props } from "./dom.js"
 */

/**
 * @typedef {{ input: HTMLInputElement, parts: HTMLElement[] }} Field
 * @typedef {{ alarm: HTMLElement, press: HTMLButtonElement }} Shown
 * @typedef {object} FormParts
 * @property {import("./dom.js").Child[]} [above]
 * @property {Field[]} fields
 * @property {string} button
 * @property {import("./dom.js").Child[]} [below]
 * @property {(...values: string[]) => unknown} submit
 * @property {(problem: Problem) => string | null} [explain]
 * @property {string} [said] what is said above the button from the beginning
 */

/**
 * A field for the keyboard. `id` is its name too.
 * @param {string} id
 * @param {string} label
 * @param {Props} [more]
 * @returns {Field}
 */
export function field(id, label, more = {}) {
  const input = h("input", { id, name: id, required: true, ...more });
  return { input, parts: [h("label", { for: id }, label), input] };
}

/**
 * A field for a password.
 * @param {string} id
 * @param {string} label
 * @param {string} [autocomplete]
 */
export function secretField(id, label, autocomplete = "current-password") {
  return field(id, label, { type: "password", autocomplete });
}

/**
 * Six digits or a code: what a second factor is typed as.
 * @param {string} id
 * @param {string} label
 * @param {Props} [more]
 */
export function codeField(id, label, more = {}) {
  return field(id, label, { autocomplete: "one-time-code", autocapitalize: "characters", spellcheck: "false", ...more });
}

/**
 * A form of `fields` around one button. `submit` gets their values; what it throws is said above the button, in the
 * words that `explain` gives for the problem, or else in the usual ones.
 * @param {FormParts} parts
 */
export function form({ above = [], fields, button, below = [], submit, explain = () => null, said = "" }) {
  const alarm = h("p", { class: "said", role: "alert", hidden: !said }, said);
  const press = h("button", { class: "button primary" }, button);
  /** @param {SubmitEvent} event */
  const onsubmit = (event) => send(event, { fields, alarm, press, submit, explain });
  const node = h("form", { class: "asks", onsubmit }, above, alarm, fields.map(({ parts }) => parts), press, below);
  return { node, focus: () => fields[0].input.focus() };
}

/**
 * @param {SubmitEvent} event
 * @param {Required<Pick<FormParts, "fields" | "submit" | "explain">> & Shown} form
 */
async function send(event, { fields, alarm, press, submit, explain }) {
  event.preventDefault();
  press.disabled = true;
  alarm.hidden = true;
  try {
    await submit(...fields.map(({ input }) => input.value));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    alarm.textContent = explain(problem) ?? words(problem);
    alarm.hidden = false;
    const again = fields.find(({ input }) => input.type === "password") ?? fields[fields.length - 1];
    again.input.select();
    again.input.focus();
  } finally {
    press.disabled = false;
  }
}
