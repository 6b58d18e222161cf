// Finds what a search matched on a page: the sentences, their words in both languages, and their boxes.

import { inUnits } from "./highlight.js";

/** @import { PageContent, Place, PlacedBox, Segment, Span } from "../service/answers.js" */

/**
 * @typedef {object} PageMatches
 * @property {Set<string>} lit the sentences, by id
 * @property {Map<string, Span[]>} spans marked words of the original, by sentence
 * @property {Map<string, Span[]>} translated and those of the translation
 * @property {PlacedBox[]} loose boxes of sentences that begin on an earlier page
 */

/**
 * What of a page the places of its document mark.
 * @param {Place[]} places
 * @param {PageContent} content
 * @returns {PageMatches}
 */
export function matchOf(places, content) {
  /** @param {Segment} segment */
  const placesOf = (segment) => places.filter((place) => place.segment_id === segment.segment_id);
  const lit = content.segments.filter((segment) => placesOf(segment).length > 0);
  const here = new Set(content.segments.map((segment) => segment.segment_id));
  const earlier = places.filter((place) => !here.has(place.segment_id));
  /** @param {string} side @param {(segment: Segment) => string} textOf */
  const each = (side, textOf) => {
    /** @param {Segment} segment @returns {[string, Span[]]} */
    const marks = (segment) => {
      const ofSide = placesOf(segment).filter((place) => place.side === side || !segment.translation);
      return [segment.segment_id, inUnits(textOf(segment), ofSide.flatMap((place) => place.highlights))];
    };
    return new Map(lit.map(marks));
  };
  return {
    lit: new Set(lit.map((segment) => segment.segment_id)),
    spans: each("original", (segment) => segment.text),
    translated: each("translation", (segment) => segment.translation?.text ?? segment.text),
    loose: once(earlier.flatMap((place) => place.boxes).filter((placed) => placed.page === content.number)),
  };
}

/** @param {PlacedBox[]} boxes */
const once = (boxes) => [...new Map(boxes.map((placed) => [placed.box.join(" "), placed])).values()];
