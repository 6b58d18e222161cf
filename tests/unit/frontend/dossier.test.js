// The dossier: passages are collected once, moved, commented, and asked for in order.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Dossier, MOST_PASSAGES } from "../../../frontend/state/dossier.js";

const places = (dossier) => dossier.asked().map(({ first }) => first);

test("a passage is collected once, in order, and moved no further than the ends", () => {
  const dossier = new Dossier();
  assert.deepEqual([1, 2, 3, 2].map((first) => dossier.add("a", first, first)), [true, true, true, false]);
  const [one, two] = dossier.passages.map(({ key }) => key);
  dossier.move(one, -1);
  dossier.move(two, -1);
  assert.deepEqual(places(dossier), [2, 1, 3]);
  dossier.comment(one, "Look");
  dossier.remove(two);
  assert.deepEqual(dossier.asked()[0], { document_id: "a", first: 1, last: 1, comment: "Look" });
});

test("what was not taken out would be lost, an empty dossier would not", () => {
  const dossier = new Dossier();
  assert.equal(dossier.isTaken, true);
  dossier.add("a", 1, 2);
  assert.equal(dossier.isTaken, false);
  dossier.remove(dossier.passages[0].key);
  assert.equal(dossier.isTaken, true);
});

test("no more are collected than the service takes", () => {
  const dossier = new Dossier();
  for (let first = 0; first < MOST_PASSAGES; first += 1) dossier.add("a", first, first);
  assert.equal(dossier.add("b", 0, 0), false);
});
