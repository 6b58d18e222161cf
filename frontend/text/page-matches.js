// Finds what a search matched on a page: the sentences, their words in both languages, and their boxes.

import { clipped, inUnits } from "./highlight.js";
import { OTHER } from "./translation.js";

/** @import { Hit, PageContent, PlacedBox, Segment, Side, Span } from "../service/answers.js" */

/**
 * @typedef {object} PageMatches
 * @property {Set<string>} lit the sentences, by id
 * @property {Map<string, Span[]>} spans marked words of the original, by sentence
 * @property {Map<string, Span[]>} translated and those of the translation
 * @property {PlacedBox[]} loose boxes of sentences that begin on an earlier page
 */

/** @param {PlacedBox} placed */
const keyOf = ({ page, box }) => [page, ...box].join(" ");

/**
 * What of a page a search matched.
 * @param {Hit | null} hit
 * @param {PageContent} content
 * @returns {PageMatches}
 */
export function matchOf(hit, content) {
  const evidence = hit?.evidence ?? [];
  const matched = new Map(evidence.flatMap((passage) => passage.boxes).map((placed) => [keyOf(placed), placed]));
  const lit = content.segments.filter((segment) => segment.boxes.some((placed) => matched.has(keyOf(placed))));
  const onThisPage = new Set(content.segments.flatMap((segment) => segment.boxes).map(keyOf));
  const loose = [...matched].filter(([key, placed]) => placed.page === content.number && !onThisPage.has(key));
  const originals = evidence.map((passage) => passage[passage.original]);
  const translations = evidence.map((passage) => passage[OTHER[passage.original]]);
  /** @param {(segment: Segment) => string} textOf @param {(Side | null)[]} sides */
  const each = (textOf, sides) => new Map(lit.map((one) => [one.segment_id, spansIn(textOf(one), sides)]));
  return {
    lit: new Set(lit.map((segment) => segment.segment_id)),
    spans: each((segment) => segment.text, originals),
    translated: each((segment) => segment.translation?.text ?? segment.text, translations),
    loose: loose.map(([, placed]) => placed),
  };
}

/**
 * The marked words of a sentence, from the first passage that contains it.
 * @param {string} text
 * @param {(Side | null)[]} sides
 */
function spansIn(text, sides) {
  for (const side of sides) {
    if (!side || !text) continue;
    const at = placeIn(side.text, text);
    const spans = at < 0 ? [] : clipped(inUnits(side.text, side.highlights), at, at + text.length);
    if (spans.length) return spans;
  }
  return [];
}

/**
 * Where a sentence stands in a text whose sentences are joined by spaces; -1 if it only seems to.
 * @param {string} whole
 * @param {string} text
 */
function placeIn(whole, text) {
  /** @param {number} at */
  const free = (at) => [undefined, " "].includes(whole[at]);
  let at = whole.indexOf(text);
  while (at >= 0 && !(free(at - 1) && free(at + text.length))) at = whole.indexOf(text, at + 1);
  return at;
}
