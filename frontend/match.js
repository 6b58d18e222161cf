// Finds what a search matched on a page: the sentences, their words and their boxes.

import { clipped, inUnits } from "./highlight.js";

const keyOf = ({ page, box }) => [page, ...box].join(" ");

/** {lit: set of segment ids, spans: id → marked words, loose: boxes of sentences that begin on an earlier page}. */
export function matchOf(hit, content) {
  const evidence = hit?.evidence ?? [];
  const wanted = new Map(evidence.flatMap((passage) => passage.boxes).map((placed) => [keyOf(placed), placed]));
  const lit = content.segments.filter((segment) => segment.boxes.some((placed) => wanted.has(keyOf(placed))));
  const known = new Set(content.segments.flatMap((segment) => segment.boxes).map(keyOf));
  const loose = [...wanted].filter(([key, placed]) => placed.page === content.number && !known.has(key));
  return {
    lit: new Set(lit.map((segment) => segment.segment_id)),
    spans: new Map(lit.map((segment) => [segment.segment_id, spansIn(segment.text, evidence)])),
    loose: loose.map(([, placed]) => placed),
  };
}

/** The marked words of a sentence, from the first passage that contains it. */
function spansIn(text, evidence) {
  for (const passage of evidence) {
    const side = passage[passage.original];
    const at = side ? side.text.indexOf(text) : -1;
    const spans = at < 0 ? [] : clipped(inUnits(side.text, side.highlights), at, at + text.length);
    if (spans.length) return spans;
  }
  return [];
}
