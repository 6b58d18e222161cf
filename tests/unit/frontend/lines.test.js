// Pasted lines, and what of a kept search is asked again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { askable } from "../../../frontend/state/kept.js";
import { linesOf } from "../../../frontend/text/lines.js";

test("lines of any system, without blank ones", () => {
  assert.deepEqual(linesOf("camps\r\n  лагеря \n\n\t\rwomen"), ["camps", "лагеря", "women"]);
  assert.deepEqual(linesOf(" \n"), []);
});

test("a kept search is asked without what was left empty", () => {
  const filters = { language: ["ru"], level: null, year_from: 2015, has_human_translation: [true] };
  assert.deepEqual(askable({ query: "camps", filters }), {
    query: "camps",
    filters: { language: ["ru"], year_from: 2015, has_human_translation: ["true"] },
    sort: "relevance",
  });
  assert.deepEqual(askable({}), { query: "", filters: {}, sort: "relevance" });
});
