// Pages that are near: each asked for once, asked for anew where it failed, ended where it was left. Places: asked for once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { FoundPlaces } from "../../../frontend/state/found-places.js";
import { OpenedPages } from "../../../frontend/state/opened-pages.js";

const signal = /** @type {AbortSignal} */ (/** @type {unknown} */ (null)); // nothing is fetched

test("a page is asked for once until it is dropped", async () => {
  const asked = [];
  const pages = new OpenedPages(async (number) => asked.push(number) && `page ${number}`);
  assert.deepEqual(await Promise.all([pages.of(3), pages.of(3), pages.of(4)]), ["page 3", "page 3", "page 4"]);
  pages.drop(3);
  await pages.of(3);
  assert.deepEqual(asked, [3, 4, 3]);
});

test("a page that did not come is asked for anew, and what is left is ended", async () => {
  const signals = [];
  const pages = new OpenedPages((number, stop) => {
    signals.push(stop);
    return signals.length === 1 ? Promise.reject(new Error("busy")) : Promise.resolve(number);
  });
  await assert.rejects(pages.of(1), /busy/);
  assert.equal(await pages.of(1), 1);
  await pages.of(2);
  pages.clear();
  assert.deepEqual(signals.map(({ aborted }) => aborted), [false, true, true]);
});

test("two pages that wait for the same places ask for them once", async () => {
  const asked = [];
  const ask = async (id, { offset }) => {
    asked.push(offset);
    return { total: 3, places: [1, 1, 4].map((page) => ({ page, boxes: [] })) };
  };
  const places = new FoundPlaces("d", "water", ask);
  await Promise.all([places.upTo(1, signal), places.upTo(2, signal)]);
  assert.deepEqual(asked, [0]);
  assert.deepEqual([...(await places.byPage(signal))], [[1, 2], [4, 1]]);
});
