// What a search matched on a page: sentences by their boxes, words in both languages, boxes of earlier sentences.

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
    segment("a", "First camp.", [BOX], "Первый лагерь."),
    segment("b", "Another camp.", [{ page: 2, box: [9, 9, 9, 9] }], null),
  ],
};
const side = (text, highlights) => ({ text, origin: "original", highlights, doubtful: [] });
const hit = {
  evidence: [
    {
      page: 2,
      original: "en",
      en: side("Before. First camp. After.", [[14, 18]]),
      ru: side("Первый лагерь.", [[7, 13]]),
      boxes: [BOX, EARLIER],
    },
  ],
};

function segment(id, text, boxes, translated) {
  const translation = translated && { text: translated, origin: "machine", engine: "", status: "good", doubt: "" };
  return { segment_id: id, text, language: "en", boxes, furniture: false, translation };
}

test("the sentence with the boxes of the passage is lit, in both languages", () => {
  const matches = matchOf(hit, content);
  assert.deepEqual([...matches.lit], ["a"]);
  assert.deepEqual(matches.spans.get("a"), [[6, 10]]);
  assert.deepEqual(matches.translated.get("a"), [[7, 13]]);
});

test("a box of a sentence that begins on an earlier page is lit by itself", () => {
  assert.deepEqual(matchOf(hit, content).loose, [EARLIER]);
});

test("without a hit nothing is lit", () => {
  const matches = matchOf(null, content);
  assert.deepEqual([matches.lit.size, matches.spans.size, matches.loose.length], [0, 0, 0]);
});
