// The difference of two texts, word by word.

import assert from "node:assert/strict";
import { test } from "node:test";

import { difference } from "../../../frontend/text/difference.js";

test("what was kept, taken out and put in is told in order", () => {
  assert.deepEqual(difference("the old report of 2019", "the new report of 2019"), [
    { kind: "same", text: "the" },
    { kind: "out", text: " old" },
    { kind: "in", text: " new" },
    { kind: "same", text: " report of 2019" },
  ]);
  assert.deepEqual(difference("", "доклад"), [{ kind: "in", text: "доклад" }]);
  assert.deepEqual(difference("доклад", ""), [{ kind: "out", text: "доклад" }]);
  assert.deepEqual(difference("", ""), []);
});

test("both texts can be read out of a difference", () => {
  const [before, after] = ["a b c d e f", "b x d f g a"];
  const parts = difference(before, after);
  const side = (other) => parts.filter(({ kind }) => kind !== other).map(({ text }) => text).join("").trim();
  assert.equal(side("out").replace(/\s/g, ""), after.replace(/\s/g, ""));
  assert.equal(side("in").replace(/\s/g, ""), before.replace(/\s/g, ""));
});

test("of a text that is too long nothing is told", () => {
  assert.equal(difference("word ".repeat(601), "word"), null);
});
