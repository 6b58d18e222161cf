// The interface's language: plurals, numbers, dates and names, in English and Russian.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

/** @type {Map<string, string>} */
const kept = new Map();
globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
const { country, day, language, languageName, number, speak, t, tOr } = await import(
  "../../../frontend/languages/language.js"
);
const { STRINGS } = await import("../../../frontend/languages/strings.js");
const { say } = await import("../../../frontend/search/strings.js");

for (const [n, words] of [[1, "1 документ"], [3, "3 документа"], [5, "5 документов"], [21, "21 документ"]]) {
  test(`Russian plurals: ${words}`, () => {
    speak("ru");
    assert.equal(say("documents", { n }), words);
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

test("what writes numbers, days and names is made once a language", (context) => {
  const written = () => [number(1234), day("2024-05-16"), country("KZ"), languageName("ru"), say("documents", { n: 3 })];
  for (const code of ["en", "ru"]) {
    speak(code);
    written();
  }
  const kinds = ["NumberFormat", "DateTimeFormat", "DisplayNames", "PluralRules"];
  const making = kinds.map((kind) => context.mock.method(Intl, kind));
  for (const code of ["en", "ru"]) {
    speak(code);
    written();
  }
  assert.deepEqual(making.map(({ mock }) => mock.callCount()), [0, 0, 0, 0]);
});

test("a code that has no words is shown as it is", () => {
  assert.equal(tOr("kind_unheard_of", "unheard_of"), "unheard_of");
  assert.equal(tOr("constructor", "constructor"), "constructor");
  assert.equal(country("not a country"), "not a country");
});

const folder = new URL("../../../frontend/", import.meta.url);
const tables = { "languages/strings.js": STRINGS };
for (const name of ["languages/refusals.js", "languages/troubles.js"]) {
  tables[name] = Object.values(await import(new URL(name, folder)))[0];
}
for (const view of readdirSync(folder)) {
  const file = new URL(`${view}/strings.js`, folder);
  if (view !== "languages" && existsSync(file)) tables[`${view}/strings.js`] = (await import(file)).STRINGS;
}

test("every string has both languages, and the same places to fill", () => {
  const holes = (text) => (typeof text === "string" ? text : Object.values(text).join(" ")).match(/\{\w+\}/g) ?? [];
  assert.ok(Object.keys(tables).length > 8);
  for (const [table, strings] of Object.entries(tables)) {
    for (const [key, both] of Object.entries(strings)) {
      assert.deepEqual(Object.keys(both), ["en", "ru"], `${table} ${key}`);
      assert.deepEqual(new Set(holes(both.en)), new Set(holes(both.ru)), `${table} ${key}`);
      for (const text of [both.en, both.ru].flatMap((one) => (typeof one === "string" ? one : Object.values(one)))) {
        assert.ok(text.length > 0, `${table} ${key}`);
      }
    }
  }
});

test("a folder says what its own table has, and leaves none of it unsaid", () => {
  for (const [table, strings] of Object.entries(tables)) {
    const [view] = table.split("/");
    if (view === "languages") continue;
    const modules = readdirSync(new URL(view, folder)).filter((name) => name.endsWith(".js") && name !== "strings.js");
    const source = modules.map((name) => readFileSync(new URL(`${view}/${name}`, folder), "utf8")).join("\n");
    const asked = [...source.matchAll(/\bsay\("(\w+)"/g)].map(([, key]) => key);
    assert.deepEqual(asked.filter((key) => !Object.hasOwn(strings, key)), [], view);
    const composed = [...source.matchAll(/`(\w+_)\$\{/g)].map(([, start]) => start);
    const unsaid = Object.keys(strings).filter((key) => !source.includes(`"${key}"`) && !composed.some((start) => key.startsWith(start)));
    assert.deepEqual(unsaid, [], view);
  }
});
