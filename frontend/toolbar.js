// The reader's tools: back, pages, the pages where something was found, zoom, download. Decides nothing itself.

import { h } from "./dom.js";
import { t } from "./language.js";

/** The toolbar; `at(page)` shows which page is open. */
export function toolbar(on) {
  const box = h("input", { id: "page-number", type: "number", min: "1", max: String(on.total), onchange: (event) => on.turnTo(Math.trunc(Number(event.target.value)) || 1) });
  const before = button("←", "pagePrevious", () => on.turnTo(Number(box.value) - 1));
  const after = button("→", "pageNext", () => on.turnTo(Number(box.value) + 1));
  const found = on.matches.map((page) => h("button", { type: "button", class: "button match", "aria-label": t("openPage", { page }), onclick: () => on.turnTo(page) }, String(page)));
  const node = h(
    "div",
    { class: "tools" },
    h("button", { type: "button", class: "button back", onclick: on.back }, "← ", t(on.fromResults ? "backToResults" : "backToSearch")),
    h("div", { class: "group" }, before, h("label", { for: "page-number" }, t("pageLabel")), box, h("span", {}, t("pageOf", { total: on.total })), after),
    found.length > 0 && h("div", { class: "group matches" }, h("span", {}, t("matches")), found),
    h("div", { class: "group zoom", role: "group", "aria-label": t("zoom") }, button("−", "zoomOut", () => on.zoomBy(0.8)), worded("zoomFit", () => on.zoomBy(null)), button("+", "zoomIn", () => on.zoomBy(1.25))),
    on.download && worded("download", on.download),
  );
  return { node, at: (page) => show(page, on.total, { box, before, after, found }) };
}

const button = (sign, key, onclick) => h("button", { type: "button", class: "button", "aria-label": t(key), title: t(key), onclick }, sign);
const worded = (key, onclick) => h("button", { type: "button", class: "button", onclick }, t(key));

/** The buttons at the ends stay focusable, so that the keyboard does not lose its place there. */
function show(page, total, { box, before, after, found }) {
  box.value = String(page);
  before.setAttribute("aria-disabled", String(page <= 1));
  after.setAttribute("aria-disabled", String(page >= total));
  for (const match of found) match.toggleAttribute("aria-current", match.textContent === String(page));
}
