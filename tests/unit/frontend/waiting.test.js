// Which sentence of the translators' queue comes after one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { following } from "../../../frontend/translate/following.js";

const QUEUE = [waits("a", 4), waits("b", 4), waits("a", 5)];

function waits(id, number) {
  return { document_id: id, number };
}

test("the one after it follows, whichever document it is of", () => {
  assert.equal(following(QUEUE, "a", 4), QUEUE[1]);
  assert.equal(following(QUEUE, "b", 4), QUEUE[2]);
});

test("after one that waits no more comes the first, after the last none", () => {
  assert.equal(following(QUEUE, "c", 1), QUEUE[0]);
  assert.equal(following(QUEUE, "a", 5), undefined);
  assert.equal(following([], "a", 4), undefined);
});
