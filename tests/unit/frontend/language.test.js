// The interface's language: plurals, numbers, dates and names, in English and Russian.

import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {Map<string, string>} */
const kept = new Map();
globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
const { country, day, language, languageName, number, speak, t, tOr } = await import(
  "../../../frontend/languages/language.js"
);
const { STRINGS } = await import("../../../frontend/languages/strings.js");

for (const [n, words] of [[1, "1 документ"], [3, "3 документа"], [5, "5 документов"], [21, "21 документ"]]) {
  test(`Russian plurals: ${words}`, () => {
    speak("ru");
    assert.equal(t("documents", { n }), words);
  });
}

test("a language is spoken from then on, and kept", () => {
  speak("en");
  assert.deepEqual([language(), kept.get("tolmach.language"), t("signIn")], ["en", "en", "Sign in"]);
  speak("ru");
  assert.deepEqual([language(), kept.get("tolmach.language"), t("signIn")], ["ru", "ru", "Войти"]);
});

test("numbers, dates and names are written as people write them", () => {
  speak("en");
  assert.deepEqual([number(1234), day("2024-05-16"), country("KZ"), languageName("ru")], [
    "1,234",
    "16 May 2024",
    "Kazakhstan",
    "Russian",
  ]);
  speak("ru");
  assert.deepEqual([day("2024-05-16"), country("KZ"), languageName("ru")], ["16 мая 2024 г.", "Казахстан", "Русский"]);
});

test("a code that has no words is shown as it is", () => {
  assert.equal(tOr("kind_unheard_of", "unheard_of"), "unheard_of");
  assert.equal(tOr("constructor", "constructor"), "constructor");
  assert.equal(country("not a country"), "not a country");
});

test("every string has both languages, and the same places to fill", () => {
  const holes = (text) => (typeof text === "string" ? text : Object.values(text).join(" ")).match(/\{\w+\}/g) ?? [];
  for (const [key, both] of Object.entries(STRINGS)) {
    assert.deepEqual(Object.keys(both), ["en", "ru"], key);
    assert.deepEqual(new Set(holes(both.en)), new Set(holes(both.ru)), key);
  }
});
