// Asks in a dialog: fields, one button that does it, one that does not. Says on the spot what went wrong.

import { t } from "../languages/language.js";
import { Problem } from "../service/problem.js";
import { button, h } from "./dom.js";
import { words } from "./notice.js";

/** @import { Child } from "./dom.js" */

/**
 * @typedef {object} Asked
 * @property {string} title
 * @property {Child[]} parts what stands in it: words and fields
 * @property {string} press the words of the button that does it
 * @property {() => Promise<unknown>} submit what it does; throws a Problem where it did not
 * @property {boolean} [grave] it takes something away
 */

/**
 * Open the dialog; gives whether it was done. Escape and "Cancel" leave everything as it was.
 * @param {Asked} asked
 * @returns {Promise<boolean>}
 */
export function ask({ title, parts, press, submit, grave = false }) {
  const alarm = h("p", { class: "said", role: "alert", hidden: true });
  const doing = h("button", { class: grave ? "button primary grave" : "button primary" }, press);
  const leaving = button({ class: "button", onclick: () => dialog.close() }, t("cancel"));
  const heading = h("h2", { id: "dialog-title" }, title);
  let done = false;
  /** @param {SubmitEvent} event */
  const onsubmit = async (event) => {
    event.preventDefault();
    doing.disabled = true;
    alarm.hidden = true;
    done = await attempt(submit, alarm);
    doing.disabled = false;
    if (done) dialog.close();
    else alarm.scrollIntoView({ block: "nearest" });
  };
  const form = h("form", { class: "fields", onsubmit }, heading, parts, alarm, h("p", { class: "buttons" }, doing, leaving));
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" }, form);
  document.body.append(dialog);
  dialog.showModal();
  const first = form.querySelector("input, select, textarea");
  if (first instanceof HTMLElement) first.focus();
  return ended(dialog, () => done);
}

/**
 * Show something that must be noted, until it is closed.
 * @param {string} title
 * @param {Child[]} parts
 */
export function tell(title, parts) {
  const heading = h("h2", { id: "dialog-title" }, title);
  const closing = button({ class: "button primary", onclick: () => dialog.close() }, t("close"));
  const body = h("div", { class: "fields" }, heading, parts, h("p", { class: "buttons" }, closing));
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" }, body);
  document.body.append(dialog);
  dialog.showModal();
  return ended(dialog, () => true);
}

/**
 * Once the dialog is closed: nothing of it stays on the page.
 * @template T
 * @param {HTMLDialogElement} dialog
 * @param {() => T} outcome
 * @returns {Promise<T>}
 */
function ended(dialog, outcome) {
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(outcome());
    });
  });
}

/** @param {() => Promise<unknown>} submit @param {HTMLElement} alarm */
async function attempt(submit, alarm) {
  try {
    await submit();
    return true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    alarm.textContent = words(problem);
    alarm.hidden = false;
    return false;
  }
}
