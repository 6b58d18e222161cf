// The words of a sentence among its lines: cut between words, in proportion to the widths, none lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { shares } from "../../../frontend/text/shares.js";

test("words go to the lines whose widths ask for them", () => {
  assert.deepEqual(shares("one two three four", [90, 90]), ["one two ", "three four"]);
  assert.deepEqual(shares("one two three four", [10, 90]), ["", "one two three four"]);
  assert.deepEqual(shares("one", [50]), ["one"]);
});

test("whatever the widths, no letter is lost and none twice", () => {
  for (const widths of [[1, 2, 3], [0, 0], [5, 0, 5], [1000, 1]]) assert.equal(shares("Возвращение боевиков: ход дел", widths).join(""), "Возвращение боевиков: ход дел");
});
