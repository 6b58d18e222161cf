// The hits: each a document with its label and the passages that speak for it.

import { t } from "../languages/language.js";
import { alsoIn, facts, otherPaper, titles } from "../parts/document-facts.js";
import { h } from "../parts/dom.js";
import { badges } from "../parts/label.js";
import { address } from "../state/router.js";
import { evidence } from "./evidence.js";

/**
 * @import { Hit, Scheme } from "../service/answers.js"
 * @import { Like } from "./evidence.js"
 */

const LONG = 420; // letters of the first passage that are shown
const SHORT = 260; // and of the others

/**
 * The list of hits. `similar` is called with a passage whose like is wanted.
 * @param {Hit[]} hits
 * @param {Scheme} scheme
 * @param {(like: Like) => unknown} similar
 */
export function hitList(hits, scheme, similar) {
  return h("ol", { class: "hits" }, hits.map((hit) => h("li", {}, hitCard(hit, scheme, similar))));
}

/** @param {Hit} hit @param {Scheme} scheme @param {(like: Like) => unknown} similar */
function hitCard(hit, scheme, similar) {
  const [name, other] = titles(hit.title, hit.language);
  const first = hit.evidence[0]?.page ?? 1;
  const to = { href: address(hit.document_id, first), "data-document": hit.document_id };
  /** @param {Hit["evidence"][number]} passage @param {string} title */
  const similarTo = ({ passage_id: passage, page }, title) => () => similar({ passage, page, title });
  const link = h("a", { class: "hit-title", ...to, lang: name.lang }, h("bdi", {}, name.text));
  return h(
    "article",
    { class: "hit" },
    h("h3", {}, link),
    other && h("p", { class: "other-title", lang: other.lang }, h("bdi", {}, other.text)),
    h(
      "p",
      { class: "facts hit-facts" },
      badges(hit.label, scheme),
      facts(hit, scheme),
      placesOf(hit),
      !hit.pair?.title && otherPaper(hit.pair, address),
    ),
    secondPaper(hit.pair),
    hit.evidence.map((passage, at) => evidence(hit.document_id, passage, at === 0 ? LONG : SHORT, similarTo(passage, name.text))),
  );
}

/**
 * The hit's translation by people, where it was found too: it has no card of its own.
 * @param {Hit["pair"]} pair
 */
function secondPaper(pair) {
  if (!pair?.title) return null;
  const { document_id: id, language, title, page, places } = pair;
  const text = title[language] ?? titles(title, language)[0].text;
  const link = h("a", { class: "second-title", href: address(id, page ?? 1), "data-document": id, lang: language }, h("bdi", {}, text));
  return h("p", { class: "facts hit-facts" }, h("span", {}, alsoIn(pair)), link, placesOf({ places }));
}

/** @param {Pick<Hit, "places">} hit */
const placesOf = ({ places }) => places !== null && places > 0 && h("span", {}, t("places", { n: places }));

/**
 * Move the focus from hit to hit; above the first is the search box. Returns whether there was anywhere to go.
 * @param {Element} list
 * @param {number} by
 * @param {() => void} toBox
 */
export function stepThroughHits(list, by, toBox) {
  const links = [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(".hit-title"))];
  if (!links.length) return false;
  const card = document.activeElement?.closest(".hit") ?? null;
  const to = links.findIndex((title) => title.closest(".hit") === card) + by;
  if (card === null && by < 0) return false;
  if (to < 0) toBox();
  else links[Math.min(to, links.length - 1)].focus();
  document.activeElement?.closest(".hit")?.scrollIntoView({ block: "nearest" });
  return true;
}
