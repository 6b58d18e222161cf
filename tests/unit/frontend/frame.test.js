// What the frame of the page keeps: colours in the browser, papers opened last in memory alone.

import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {Map<string, string>} */
const kept = new Map();
globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
const { nextTheme, theme } = await import("../../../frontend/state/theme.js");
const { forgetPapers, noteOpened, recentPapers } = await import("../../../frontend/state/recent.js");
const { cutAt } = await import("../../../frontend/pairs/beads.js");

test("colours follow each other, and what is no colour is the system's", () => {
  kept.set("tolmach.theme", "purple");
  assert.deepEqual([theme(), nextTheme(), nextTheme(), nextTheme()], ["system", "light", "dark", "system"]);
});

test("of the papers opened the last come first, each once, and none outlives the session", () => {
  const opened = (id) => noteOpened({ document_id: id, title: { en: id }, language: "en", symbol: "", pages: 3 });
  for (const id of ["a", "b", "a", "c", "d", "e", "f", "g", "h", "i"]) opened(id);
  assert.deepEqual(recentPapers().map(({ document_id: id }) => id), ["i", "h", "g", "f", "e", "d", "c", "a"]);
  assert.equal("pages" in recentPapers()[0], false);
  forgetPapers();
  assert.deepEqual(recentPapers(), []);
});

test("a bead is cut in the middle of each side, the first half the longer", () => {
  const sides = (en, ru) => ({ sides: { en: Array(en).fill({}), ru: Array(ru).fill({}) } });
  assert.deepEqual([cutAt(sides(3, 2)), cutAt(sides(1, 0))], [{ en: 2, ru: 1 }, { en: 1, ru: 0 }]);
});
