// Finds what a search matched on a page: the sentences, their words in both languages, and their boxes.

import { clipped, inUnits } from "./highlight.js";
import { OTHER } from "./translation.js";

const keyOf = ({ page, box }) => [page, ...box].join(" ");

/**
 * {lit: set of segment ids, spans: id → marked words of the original, translated: id → those of the translation,
 * loose: boxes of sentences that begin on an earlier page}.
 */
export function matchOf(hit, content) {
  const evidence = hit?.evidence ?? [];
  const wanted = new Map(evidence.flatMap((passage) => passage.boxes).map((placed) => [keyOf(placed), placed]));
  const lit = content.segments.filter((segment) => segment.boxes.some((placed) => wanted.has(keyOf(placed))));
  const known = new Set(content.segments.flatMap((segment) => segment.boxes).map(keyOf));
  const loose = [...wanted].filter(([key, placed]) => placed.page === content.number && !known.has(key));
  const originals = evidence.map((passage) => passage[passage.original]);
  const translations = evidence.map((passage) => passage[OTHER[passage.original]]);
  const each = (textOf, sides) => new Map(lit.map((one) => [one.segment_id, spansIn(textOf(one), sides)]));
  return {
    lit: new Set(lit.map((segment) => segment.segment_id)),
    spans: each((segment) => segment.text, originals),
    translated: each((segment) => segment.translation?.text ?? segment.text, translations),
    loose: loose.map(([, placed]) => placed),
  };
}

/** The marked words of a sentence, from the first passage that contains it. */
function spansIn(text, sides) {
  for (const side of sides) {
    const at = side && text ? placeIn(side.text, text) : -1;
    const spans = at < 0 ? [] : clipped(inUnits(side.text, side.highlights), at, at + text.length);
    if (spans.length) return spans;
  }
  return [];
}

/** Where a sentence stands in a text whose sentences are joined by spaces; -1 if it only seems to. */
function placeIn(whole, text) {
  const free = (at) => [undefined, " "].includes(whole[at]);
  let at = whole.indexOf(text);
  while (at >= 0 && !(free(at - 1) && free(at + text.length))) at = whole.indexOf(text, at + 1);
  return at;
}
