// The lines around the hits: how many, in which order, what the query was taken to mean, and the pages.

import { language, t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { keepButton } from "./kept-searches.js";
import { say, sayOr } from "./strings.js";

/** @import { Answer, Part } from "../service/answers.js" */

/** @type {("relevance" | "newest" | "oldest")[]} */
const SORTS = ["relevance", "newest", "oldest"];
const DEEPEST = 10_000;

/**
 * Above the hits. `sortBy` is called with another order, `keep` when the search is to be kept, `askAgency`, where one
 * may, when another agency is to be asked: what is like a passage can be neither.
 * @param {{ answer: Answer, sort: string, like: boolean }} state
 * @param {{ sortBy: (sort: string) => unknown, keep: () => unknown, askAgency: (() => unknown) | null }} on
 */
export function summary({ answer, sort, like }, { sortBy, keep, askAgency }) {
  /** @param {typeof SORTS[number]} name */
  const option = (name) => h("option", { value: name, selected: name === sort }, say(`sort_${name}`));
  /** @param {Event & { target: HTMLSelectElement }} event */
  const change = (event) => sortBy(event.target.value);
  const select = h("select", { id: "sort", "data-key": "sort", onchange: change }, SORTS.map(option));
  return h(
    "div",
    { class: "summary" },
    h("h2", { class: "total" }, say("documents", { n: answer.total })),
    !like && meaning(answer.interpretation),
    h("p", { class: "sort" }, !like && [keepButton(keep), askAgency && askButton(askAgency)], h("span", { class: "order" }, h("label", { for: "sort" }, say("sort")), " ", select)),
  );
}

/** @param {() => unknown} onclick */
const askButton = (onclick) => button({ class: "link", "data-key": "ask-agency", onclick }, say("agencyAsk"));

/** @param {Part[]} interpretation */
function meaning(interpretation) {
  const parts = interpretation.filter((part) => part.kind !== "note");
  const notes = interpretation.flatMap(({ words }) => (words ? [h("li", {}, h("bdi", {}, words[language()]))] : []));
  const list = notes.length ? h("ul", { class: "query-notes" }, notes) : null;
  return parts.length ? [searchedFor(parts), list] : [h("p", { class: "meaning" }), list];
}

/** @param {Part[]} parts */
function searchedFor(parts) {
  const shown = ignoredTogether(parts).map(({ kind, text, became, across, learned, spelled }) => {
    const taught = learned?.length ? ` · ${say("learnedFromTranslations", { words: learned.join(", ") })}` : "";
    const spelling = spelled ? ` · ${say("matchedBySpelling")}` : "";
    const title = became && `→ ${[became, ...(across ?? [])].join(", ")}${taught}${spelling}`;
    return h("bdi", { class: `meant ${kind}`, title }, sayOr(`part_${kind}`, text, { text }));
  });
  const between = shown.flatMap((part, at) => (at ? [" · ", part] : [part]));
  return h("p", { class: "meaning" }, say("searchedFor"), ": ", between);
}

/**
 * The parts of a query, those that were ignored gathered into one at the end.
 * @param {Part[]} parts
 */
function ignoredTogether(parts) {
  const ignored = parts.filter((part) => part.kind === "ignored");
  if (!ignored.length) return parts;
  const gathered = { kind: "ignored", text: ignored.map((part) => part.text).join(", "), became: "", across: [], learned: [], spelled: false };
  return [...parts.filter((part) => part.kind !== "ignored"), gathered];
}

/**
 * Below the hits: the way to earlier and later ones. `go` is called with an offset.
 * @param {{ total: number, offset: number }} answer
 * @param {number} size
 * @param {(offset: number) => unknown} go
 */
export function paging({ total, offset }, size, go) {
  if (total <= size) return null;
  const last = Math.min(offset + size, total);
  /** @param {"previous" | "next"} key @param {number} to @param {boolean} possible */
  const step = (key, to, possible) =>
    button({ class: "button", "data-key": key, disabled: !possible, onclick: () => go(to) }, say(key));
  const deep = offset + 2 * size > DEEPEST && last < total;
  return h(
    "nav",
    { class: "paging", "aria-label": say("paging") },
    step("previous", Math.max(0, offset - size), offset > 0),
    h("span", {}, say("pageOf", { page: offset / size + 1, pages: Math.ceil(total / size) }), " · ", t("shown", { from: offset + 1, to: last, total })),
    step("next", offset + size, last < total && !deep),
    deep && h("p", { class: "small" }, say("tooDeep")),
  );
}
