// Spans: code points become UTF-16 units, excerpts keep what was found, nothing is repeated or lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { clipped, cut, densest, excerpt, inUnits, pieces, stretch } from "../../../frontend/text/highlight.js";

const ASTRAL = "𝔸 боевик 😀 вернулся";

for (const word of ["𝔸", "боевик", "😀", "вернулся"]) {
  test(`spans in code points mark the same letters: ${word}`, () => {
    const start = [...ASTRAL.slice(0, ASTRAL.indexOf(word))].length;
    const parts = pieces(ASTRAL, inUnits(ASTRAL, [[start, start + [...word].length]]));
    assert.deepEqual(parts.filter(({ lit }) => lit).map(({ text }) => text), [word]);
    assert.equal(parts.map(({ text }) => text).join(""), ASTRAL);
  });
}

test("a span beyond the text ends with it", () => {
  assert.deepEqual(inUnits("😀a", [[1, 99]]), [[2, 3]]);
});

test("overlapping spans repeat nothing", () => {
  assert.equal(pieces("abcdef", [[0, 3], [2, 5]]).map(({ text }) => text).join(""), "abcdef");
});

test("an excerpt shows the found words and says what it left out", () => {
  const text = `${"Начало. ".repeat(100)}Здесь вернулся боевик и его семья. ${"Конец. ".repeat(100)}`;
  const start = text.indexOf("боевик");
  const shown = excerpt(text, [[start, start + 6]], 200);
  assert.deepEqual(shown.spans.map(([from, to]) => shown.text.slice(from, to)), ["боевик"]);
  assert.match(shown.text, /^… .* …$/);
  assert.ok(shown.text.length < 250);
});

test("a short text is shown whole", () => {
  assert.deepEqual(excerpt("коротко", [[0, 7]], 200), { text: "коротко", spans: [[0, 7]] });
  assert.deepEqual(stretch("коротко", [], 200), [0, 7]);
});

test("clipped spans count from the cut", () => {
  assert.deepEqual(clipped([[0, 4], [5, 9], [20, 25]], 3, 8), [[0, 1], [2, 5]]);
  assert.deepEqual(cut("abcdefgh", [2, 5], [[3, 4]]), { text: "… cde …", spans: [[3, 4]] });
});

test("the densest stretch begins where most spans are near", () => {
  assert.equal(densest([[0, 2], [500, 502], [510, 512]], 100), 500);
  assert.equal(densest([], 100), 0);
});
