// A column of pages: which of them is read, which are let go of, and that what moves by itself is not read.

import assert from "node:assert/strict";
import { test } from "node:test";

import { farFrom, PageColumn } from "../../../frontend/text/page-column.js";

const HIGH = 100;

/** A column of pages, each as high as it says, of which `HIGH` is to be seen. */
function column(heights, on = {}) {
  const leaves = heights.map((height, at) => ({ height, offsetTop: heights.slice(0, at).reduce((sum, one) => sum + one, 0) }));
  const hands = {};
  const node = {
    scrollTop: 0,
    clientHeight: HIGH,
    scrollHeight: heights.reduce((sum, one) => sum + one, 0),
    isConnected: true,
    addEventListener: (sign, heard) => void (hands[sign] = heard),
  };
  return { node, hands, made: new PageColumn(node, leaves, { isOpen: () => true, draw: () => [], seen: () => {}, failed: () => {}, ...on }) };
}

test("the page that is read stands at a third of the height, at either end the one there", () => {
  const { node, made } = column([20, 20, 200, 200, 20]);
  assert.equal(made.pageRead(), 1);
  for (const [top, page] of [[5, 2], [10, 3], [200, 3], [210, 4], [360, 5]]) {
    node.scrollTop = top;
    assert.equal(made.pageRead(), page);
  }
});

test("what flies past is not drawn, and a page is seen only where a hand moved the column", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const drawn = [];
  const seen = [];
  const { node, hands, made } = column([200, 200, 200, 200], { draw: (pages) => (drawn.push(pages), []), seen: (page) => seen.push(page) });
  for (const top of [10, 260, 460]) {
    node.scrollTop = top;
    hands.scroll();
    context.mock.timers.tick(100);
  }
  assert.deepEqual(drawn, [[], [], []]);
  context.mock.timers.tick(100);
  assert.deepEqual([drawn.at(-1), seen], [[3], []]);
  hands.wheel();
  hands.scroll();
  context.mock.timers.tick(100);
  assert.deepEqual(seen, [3]);
  made.hold();
  hands.scroll();
  context.mock.timers.tick(100);
  assert.deepEqual(seen, [3]);
});

test("of what is drawn the farthest goes, never the current page or what is in sight", () => {
  assert.deepEqual(farFrom([1, 2, 3, 4, 5, 6], [5, 6], 5, 6), []);
  assert.deepEqual(farFrom([1, 2, 3, 4, 5, 6, 7, 8], [7, 8], 7, 6), [1, 2]);
  assert.deepEqual(farFrom([1, 20, 21, 22, 23, 24, 25, 26], [24, 25], 1, 6), [20, 21]);
  assert.deepEqual(farFrom([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 5, 6, 7], 1, 6), []);
});
