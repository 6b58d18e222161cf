// The places of the open document: fetched as far as is read, stepped through in order.

import assert from "node:assert/strict";
import { test } from "node:test";

import { FoundPlaces } from "../../../frontend/state/found-places.js";

const PAGES = [1, 1, 2, 5];
const signal = /** @type {AbortSignal} */ (/** @type {unknown} */ (null)); // nothing is fetched

/** Places on these pages, which a service that is asked for them gives as many at a time as it likes. */
function found(pages, { whole = true } = {}) {
  const made = new FoundPlaces("d", "water", () => assert.fail());
  made.places = pages.map((page, at) => ({ page, segment_id: `s${at}`, side: "original", boxes: [], highlights: [] }));
  return Object.assign(made, { total: pages.length, whole });
}

test("without a query there is nothing to ask for", async () => {
  const places = new FoundPlaces("d", "", () => assert.fail());
  await places.upTo(5, signal);
  assert.deepEqual([places.total, places.current(), await places.step(1, 1, signal)], [0, undefined, undefined]);
});

test("places are asked for once, from the first", async () => {
  const asked = [];
  const ask = async (id, { query, offset }) => {
    asked.push([id, query, offset]);
    return { total: PAGES.length, places: PAGES.map((page) => ({ page, boxes: [] })) };
  };
  const places = new FoundPlaces("d", "water", ask);
  await places.upTo(2, signal);
  await places.upTo(9, signal);
  assert.deepEqual(asked, [["d", "water", 0]]);
  assert.deepEqual([places.total, places.on(1).length], [4, 2]);
});

test("the first place of a page is looked at, and stays where it was stepped to", async () => {
  const places = found([1, 3, 3]);
  places.look(3);
  assert.equal(places.at, 1);
  await places.step(1, 3, signal);
  places.look(3);
  assert.equal(places.at, 2);
  places.look(2);
  assert.equal(places.at, -1);
});

test("from a page without any the nearest that way is next", async () => {
  const places = found([1, 3, 3]);
  places.look(2);
  assert.equal((await places.step(1, 2, signal)).segment_id, "s1");
  places.look(2);
  assert.equal((await places.step(-1, 2, signal)).segment_id, "s0");
});

test("nobody steps beyond the ends", async () => {
  const places = found([1, 3]);
  places.look(1);
  await places.step(-1, 1, signal);
  assert.equal(places.at, 0);
  places.look(3);
  await places.step(1, 3, signal);
  assert.equal(places.at, 1);
});

test("a place that goes on to a page belongs to it too", () => {
  const places = found([1, 2]);
  places.places[0].boxes = [{ page: 2, box: [0, 0, 1, 1] }];
  assert.deepEqual(places.on(2).map((place) => place.segment_id), ["s0", "s1"]);
});
