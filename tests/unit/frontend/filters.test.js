// What a search is narrowed to, told in words: value by value, as an enquiry shows it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { askable } from "../../../frontend/state/kept.js";

globalThis.localStorage = { getItem: () => null, setItem: () => {} };
const { speak } = await import("../../../frontend/languages/language.js");
const { filterValues, filterWords } = await import("../../../frontend/parts/value-names.js");

const SCHEME = { levels: [{ code: "low", rank: 10, name_en: "Low", name_ru: "Низкий", colour: "#000000", banner_en: "", banner_ru: "" }] };
const SEARCH = { query: "border", filters: { country: ["KZ"], level: ["low"], year_from: 2023, year_to: null, body: null } };

test("each value of a filter stands alone, and what is left empty is not told", () => {
  assert.deepEqual(filterValues(askable(SEARCH).filters), [["country", "KZ"], ["level", "low"], ["year_from", 2023]]);
  assert.deepEqual(filterValues({}), []);
});

test("values are told in the language of the interface", () => {
  speak("en");
  assert.deepEqual(filterWords(askable(SEARCH).filters, SCHEME).slice(0, 2), ["Kazakhstan", "Low"]);
  speak("ru");
  assert.deepEqual(filterWords(askable(SEARCH).filters, SCHEME).slice(0, 2), ["Казахстан", "Низкий"]);
});
