// Switches between light, dark, and what the system has; the style sheet reads the choice from the root element.

import { button, h } from "../parts/dom.js";
import { nextTheme, theme } from "../state/theme.js";
import { say } from "./strings.js";

/** Let the page have the colours that were chosen. */
export function wearTheme() {
  document.documentElement.dataset.theme = theme();
}

export function themeSwitch() {
  const said = say(`theme_${theme()}`);
  /** @param {MouseEvent & { currentTarget: HTMLElement }} event */
  const onclick = ({ currentTarget }) => {
    nextTheme();
    wearTheme();
    currentTarget.replaceWith(themeSwitch());
    document.getElementById("theme")?.focus();
  };
  const sign = h("span", { class: "theme-sign", "aria-hidden": "true" });
  return button({ class: "button slim theme", id: "theme", "data-key": "theme", "aria-label": said, title: said, onclick }, sign);
}
