// The hits: each a document with its label and the passages that speak for it.

import { t } from "../languages/language.js";
import { facts, titles } from "../parts/document-facts.js";
import { h } from "../parts/dom.js";
import { badges } from "../parts/label.js";
import { address } from "../state/router.js";
import { evidence } from "./evidence.js";

/** @import { Hit, Scheme } from "../service/answers.js" */

const LONG = 420; // letters of the first passage that are shown
const SHORT = 260; // and of the others

/**
 * The list of hits.
 * @param {Hit[]} hits
 * @param {Scheme} scheme
 */
export function hitList(hits, scheme) {
  return h("ol", { class: "hits" }, hits.map((hit) => h("li", {}, hitCard(hit, scheme))));
}

/** @param {Hit} hit @param {Scheme} scheme */
function hitCard(hit, scheme) {
  const [name, other] = titles(hit.title, hit.language);
  const first = hit.evidence[0]?.page ?? 1;
  const to = { href: address(hit.document_id, first), "data-document": hit.document_id };
  const link = h("a", { class: "hit-title", ...to, lang: name.lang }, h("bdi", {}, name.text));
  return h(
    "article",
    { class: "hit" },
    h("h3", {}, link),
    other && h("p", { class: "other-title", lang: other.lang }, h("bdi", {}, other.text)),
    h("p", { class: "facts hit-facts" }, badges(hit.label, scheme), facts(hit, scheme), placesOf(hit)),
    hit.evidence.map((passage, at) => evidence(hit.document_id, passage, at === 0 ? LONG : SHORT)),
  );
}

/** @param {Hit} hit */
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
