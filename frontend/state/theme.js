// Which colours somebody chose for this browser: light, dark, or as the system has them.

/** @typedef {"system" | "light" | "dark"} Theme */

const KEY = "tolmach.theme";
/** @type {Theme[]} in the order in which one follows the other */
const THEMES = ["system", "light", "dark"];

/** @returns {Theme} */
export function theme() {
  return THEMES.find((one) => one === localStorage.getItem(KEY)) ?? "system";
}

/** Choose the one after this; gives it. */
export function nextTheme() {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
  localStorage.setItem(KEY, next);
  return next;
}
