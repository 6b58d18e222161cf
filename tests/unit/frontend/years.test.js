// Bars of years: in order, as high as their share of the most, and none invisible that counts something.

import assert from "node:assert/strict";
import { test } from "node:test";

import { heights, spanOf } from "../../../frontend/text/years.js";

test("bars stand in order of their years, by their share of the most", () => {
  const lines = [
    { value: "2020", count: 200 },
    { value: "2015", count: 1 },
    { value: "2017", count: null },
    { value: "2018", count: 100 },
  ];
  assert.deepEqual(heights(lines).map(({ value, height }) => [value, height]), [["2015", 4], ["2017", 0], ["2018", 50], ["2020", 100]]);
});

test("a span begins with the earlier year, whichever was pressed first", () => {
  assert.deepEqual([spanOf(2020, 2015), spanOf(2015, 2020)], [[2015, 2020], [2015, 2020]]);
});
