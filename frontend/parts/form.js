// Builds the small forms about signing in: fields, one button, and a place to say what went wrong. Keeps no value.

import { h } from "./dom.js";
import { words } from "./notice.js";

/** A field for the keyboard. `id` is its name too. */
export function field(id, label, more = {}) {
  const input = h("input", { id, name: id, required: true, ...more });
  return { input, parts: [h("label", { for: id }, label), input] };
}

/** A field for a password. */
export function secretField(id, label, autocomplete = "current-password") {
  return field(id, label, { type: "password", autocomplete });
}

/** Six digits or a code: what a second factor is typed as. */
export function codeField(id, label, more = {}) {
  return field(id, label, { autocomplete: "one-time-code", autocapitalize: "characters", spellcheck: "false", ...more });
}

/**
 * A form of `fields` around one button. `submit` gets their values; what it throws is said above the button, in the
 * words that `explain` gives for the problem, or else in the usual ones.
 */
export function form({ above = [], fields, button, below = [], submit, explain = () => null, said = "" }) {
  const alarm = h("p", { class: "said", role: "alert", hidden: !said }, said);
  const press = h("button", { class: "button primary" }, button);
  const onsubmit = (event) => send(event, { fields, alarm, press, submit, explain });
  const node = h("form", { class: "asks", onsubmit }, above, alarm, fields.map(({ parts }) => parts), press, below);
  return { node, focus: () => fields[0].input.focus() };
}

async function send(event, { fields, alarm, press, submit, explain }) {
  event.preventDefault();
  press.disabled = true;
  alarm.hidden = true;
  try {
    await submit(...fields.map(({ input }) => input.value));
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    alarm.textContent = explain(problem) ?? words(problem);
    alarm.hidden = false;
    const again = (fields.find(({ input }) => input.type === "password") ?? fields.at(-1)).input;
    again.select();
    again.focus();
  } finally {
    press.disabled = false;
  }
}
