// The passages that speak for a hit: the original, and its translation where that was found or is asked for.

import { languageName, t, tOr } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { markedWithDoubts, SIGN } from "../parts/marks.js";
import { address } from "../state/router.js";
import { cut, densest, inUnits, stretch } from "../text/highlight.js";
import { OTHER } from "../text/translation.js";
import { say } from "./strings.js";

/** @import { Evidence, Span, WrittenIn } from "../service/answers.js" */

/**
 * @typedef {object} QuotedSide
 * @property {WrittenIn} lang
 * @property {string} text
 * @property {string} origin
 * @property {Span[]} found in UTF-16 units, as are the doubtful
 * @property {Span[]} doubtful
 */

/** @typedef {{ passage: string, page: number, title: string }} Like a passage whose like is looked for */

/**
 * A passage of a document, about `size` letters of each language.
 * @param {string} documentId
 * @param {Evidence} passage
 * @param {number} size
 * @param {() => unknown} similar called when its like is wanted
 */
export function evidence(documentId, passage, size, similar) {
  const to = address(documentId, passage.page);
  const shown = t("page", { n: passage.page });
  const said = `${shown}, ${t("openPage", { page: passage.page })}`;
  const page = h("a", { class: "page-link", href: to, "aria-label": said }, shown);
  /** @param {MouseEvent & { target: Element }} event */
  const open = (event) => {
    if (!event.target.closest("a, button") && getSelection()?.isCollapsed) location.hash = to;
  };
  const other = OTHER[passage.original];
  const [own, made] = [sideIn(passage, passage.original), other ? sideIn(passage, other) : null];
  if (!own) return null;
  const sides = made ? bothSides(own, made, size) : quotation(own, stretchOf(own, null, size));
  const alike = button({ class: "link like-it", "aria-label": `${say("similar")}, ${shown}`, onclick: similar }, say("similar"));
  return h("div", { class: "evidence", onclick: open }, page, h("div", {}, sides, alike));
}

/**
 * One side of a passage, its spans in UTF-16 units; null when there is none.
 * @param {Evidence} passage
 * @param {WrittenIn} lang
 * @returns {QuotedSide | null}
 */
function sideIn(passage, lang) {
  const side = lang === "en" || lang === "ru" ? passage[lang] : passage.other;
  if (!side) return null;
  const [found, doubtful] = [side.highlights, side.doubtful].map((spans) => inUnits(side.text, spans));
  return { lang, text: side.text, origin: side.origin, found, doubtful };
}

/** @param {QuotedSide} own @param {QuotedSide} made @param {number} size */
function bothSides(own, made, size) {
  const through = own.found.length === 0 && made.found.length > 0;
  const words = quotation(made, stretchOf(made, own, size));
  const target = h("div", { class: "translated" }, caption(made, through ? "found" : "origin"), words);
  const source = caption(own, "origin", unfolding(target, made.found.length > 0));
  return [source, quotation(own, stretchOf(own, made, size)), target];
}

/**
 * A button that shows and hides the translation.
 * @param {HTMLElement} target
 * @param {boolean} open
 */
function unfolding(target, open) {
  /** @param {boolean} now */
  const turn = (now) => {
    target.hidden = !now;
    node.textContent = say(now ? "hideTranslation" : "showTranslation");
    node.setAttribute("aria-expanded", String(now));
  };
  const node = button({ class: "link choose", onclick: () => turn(Boolean(target.hidden)) });
  turn(open);
  return node;
}

/**
 * The language of a side, and where its text comes from or that the search found it there.
 * @param {QuotedSide} side
 * @param {string} key
 * @param {Node | null} [beside]
 */
function caption({ lang, origin }, key, beside = null) {
  const whence = h("span", { class: key }, tOr(`${key}_${origin}`, origin));
  return h("p", { class: "side" }, languageName(lang), " · ", whence, beside);
}

/** @param {QuotedSide} side @param {Span} place */
function quotation(side, place) {
  const [shown, doubtful] = [cut(side.text, place, side.found), cut(side.text, place, side.doubtful)];
  const words = h("bdi", {});
  words.append(...markedWithDoubts(shown.text, shown.spans, doubtful.spans));
  const quoted = h("p", { class: "quotation", lang: side.lang }, words);
  return [quoted, doubtful.spans.length > 0 && h("p", { class: "small legend" }, SIGN, " ", say("doubtLegend"))];
}

/**
 * What to show of a side: where most was found, else about as far into the text as on the other side.
 * @param {QuotedSide} side
 * @param {QuotedSide | null} other
 * @param {number} size
 * @returns {Span}
 */
function stretchOf(side, other, size) {
  if (side.found.length || !other?.found.length) return stretch(side.text, side.found, size);
  const at = Math.round((side.text.length * densest(other.found, size)) / other.text.length);
  return stretch(side.text, [[at, at]], size);
}
