// What a search matched on a page: sentences by their places, words in both languages, boxes of earlier sentences.

import assert from "node:assert/strict";
import { test } from "node:test";

import { matchOf } from "../../../frontend/text/page-matches.js";

const BOX = { page: 2, box: /** @type {const} */ ([1, 2, 3, 4]) };
const EARLIER = { page: 2, box: /** @type {const} */ ([5, 6, 7, 8]) };
const content = {
  number: 2,
  width: 600,
  height: 800,
  trouble: "",
  segments: [
    segment("a", "😀 First camp.", [BOX], "Первый лагерь."),
    segment("b", "Another camp.", [{ page: 2, box: [9, 9, 9, 9] }], null),
    segment("c", "Лагерь.", [{ page: 2, box: [9, 9, 9, 8] }], null),
  ],
};
const places = [
  place("before", "original", [{ page: 1, box: [0, 0, 0, 0] }, EARLIER], [0, 1]),
  place("before", "original", [EARLIER], [4, 5]),
  place("a", "original", [BOX], [8, 12]),
  place("a", "translation", [BOX], [7, 13]),
  place("c", "original", [], [0, 6]),
];

function segment(id, text, boxes, translated) {
  const translation = translated && { text: translated, origin: "machine", engine: "", status: "good", doubt: "" };
  return { segment_id: id, text, language: "en", boxes, furniture: false, translation };
}

function place(id, side, boxes, span) {
  return { page: 2, segment_id: id, side, boxes, highlights: [span] };
}

test("the sentence with a place is lit, its words in both languages", () => {
  const matches = matchOf(places, content);
  assert.deepEqual([...matches.lit], ["a", "c"]);
  assert.deepEqual(matches.spans.get("a"), [[9, 13]]); // units: the service counts the smile as one character
  assert.deepEqual(matches.translated.get("a"), [[7, 13]]);
});

test("what has no translation is marked in both columns", () => {
  const matches = matchOf(places, content);
  assert.deepEqual([matches.spans.get("c"), matches.translated.get("c")], [[[0, 6]], [[0, 6]]]);
});

test("a box of a sentence that begins on an earlier page is lit by itself, once", () => {
  assert.deepEqual(matchOf(places, content).loose, [EARLIER]);
});

test("without places nothing is lit", () => {
  const matches = matchOf([], content);
  assert.deepEqual([matches.lit.size, matches.spans.size, matches.loose.length], [0, 0, 0]);
});
