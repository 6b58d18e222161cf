// Speaks the interface's language: strings, plurals, dates, names of countries and languages.

import { STRINGS } from "./strings.js";

const KEY = "tolmach.language";
export const LANGUAGES = ["en", "ru"];
let current = localStorage.getItem(KEY) ?? (navigator.language.startsWith("ru") ? "ru" : "en");
if (!LANGUAGES.includes(current)) current = "en";

/** The language that the interface speaks. */
export function language() {
  return current;
}

/** Speak another language from now on, and remember it in this browser. */
export function speak(code) {
  current = code;
  localStorage.setItem(KEY, code);
}

/** The string of a key, `{name}` filled in from values. `n` chooses the plural and is written as a number. */
export function t(key, values = {}) {
  const found = STRINGS[key][current];
  const form = typeof found === "string" ? found : plural(found, values.n);
  const written = (value) => (typeof value === "number" ? number(value) : value);
  return form.replace(/\{(\w+)\}/g, (_, name) => written(values[name]));
}

function plural(forms, n) {
  return forms[new Intl.PluralRules(current).select(n)] ?? forms.other;
}

/** The string of a key, or what is given when there is none: for codes that the service may add. */
export function tOr(key, otherwise, values = {}) {
  return Object.hasOwn(STRINGS, key) ? t(key, values) : otherwise;
}

/** A whole number as people write it. */
export function number(value) {
  return new Intl.NumberFormat(current).format(value);
}

/** An ISO date as people write it. */
export function day(iso) {
  const format = new Intl.DateTimeFormat(current === "en" ? "en-GB" : current, { dateStyle: "long", timeZone: "UTC" });
  return format.format(new Date(`${iso}T00:00:00Z`));
}

/** The name of a country by its code. */
export function country(code) {
  return named("region", code);
}

/** The name of a language by its code, with a capital letter. */
export function languageName(code) {
  const name = named("language", code);
  return name.charAt(0).toLocaleUpperCase(current) + name.slice(1);
}

function named(type, code) {
  try {
    return new Intl.DisplayNames(current, { type }).of(code) ?? code;
  } catch {
    return code; // not a code that anybody knows
  }
}
