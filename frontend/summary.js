// The lines around the hits: how many, in which order, what the query was taken to mean, and the pages.

import { h } from "./dom.js";
import { t, tOr } from "./language.js";

const SORTS = ["relevance", "newest", "oldest"];
const DEEPEST = 10_000;

/** Above the hits. `sortBy` is called with another order. */
export function summary({ answer, sort }, sortBy) {
  const option = (name) => h("option", { value: name, selected: name === sort }, t(`sort_${name}`));
  const select = h("select", { id: "sort", "data-key": "sort", onchange: (event) => sortBy(event.target.value) }, SORTS.map(option));
  return h(
    "div",
    { class: "summary" },
    h("h2", { class: "total" }, t("documents", { n: answer.total })),
    meaning(answer.interpretation),
    h("p", { class: "sort" }, h("label", { for: "sort" }, t("sort")), " ", select),
  );
}

function meaning(parts) {
  if (!parts.length) return h("p", { class: "meaning" });
  const shown = parts.map((part) => h("span", { class: `part ${part.kind}` }, tOr(`part_${part.kind}`, "{text}").replace("{text}", part.text)));
  return h("p", { class: "meaning" }, t("searchedFor"), ": ", shown.flatMap((part, at) => (at ? [" · ", part] : [part])));
}

/** Below the hits: the way to earlier and later ones. `go` is called with an offset. */
export function paging({ answer, offset }, size, go) {
  const { total } = answer;
  if (total <= size) return null;
  const last = Math.min(offset + size, total);
  const step = (key, to, possible) => h("button", { type: "button", class: "button", "data-key": key, disabled: !possible, onclick: () => go(to) }, t(key));
  const deep = offset + 2 * size > DEEPEST && last < total;
  return h(
    "nav",
    { class: "paging", "aria-label": t("paging") },
    step("previous", Math.max(0, offset - size), offset > 0),
    h("span", {}, t("shown", { from: offset + 1, to: last, total })),
    step("next", offset + size, last < total && !deep),
    deep && h("p", { class: "small" }, t("tooDeep")),
  );
}
