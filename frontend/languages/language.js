// Speaks the interface's language: strings, plurals, dates, names of countries and languages.

import { STRINGS } from "./strings.js";

/**
 * @typedef {"en" | "ru"} Code
 * @typedef {keyof typeof STRINGS} Key
 */

const KEY = "tolmach.language";
/** @type {Code[]} */
export const LANGUAGES = ["en", "ru"];
/** @type {Code | null} not asked for yet */
let current = null;

/**
 * The language that the interface speaks.
 * @returns {Code}
 */
export function language() {
  current ??= LANGUAGES.find((code) => code === localStorage.getItem(KEY)) ?? spokenHere();
  return current;
}

/** @returns {Code} */
function spokenHere() {
  return navigator.language.startsWith("ru") ? "ru" : "en";
}

/**
 * Speak another language from now on, and remember it in this browser.
 * @param {Code} code
 */
export function speak(code) {
  current = code;
  localStorage.setItem(KEY, code);
}

/**
 * @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Text a plural has the forms that Intl.PluralRules names
 * @typedef {Record<string, { en: Text, ru: Text }>} Strings
 * @typedef {Record<string, string | number>} Values
 */

/**
 * Speaks these strings: `say(key, values)` is the string of a key, `{name}` filled in from values; `n` chooses the plural
 * and is written as a number. `sayOr(key, otherwise, values)` is what is given where there is no such string: for codes
 * that the service may add.
 * @template {Strings} S
 * @param {S} strings
 */
export function speaking(strings) {
  /** @param {keyof S & string} key @param {Values} [values] */
  const say = (key, values = {}) => filled(strings[key][language()], values);
  /** @param {string} key @param {string} otherwise @param {Values} [values] */
  const sayOr = (key, otherwise, values = {}) => (Object.hasOwn(strings, key) ? say(key, values) : otherwise);
  return { say, sayOr };
}

/** @param {Text} text @param {Values} values */
function filled(text, values) {
  const form = typeof text === "string" ? text : plural(text, Number(values.n));
  /** @param {string | number | undefined} value */
  const written = (value) => (typeof value === "number" ? number(value) : String(value));
  return form.replace(/\{(\w+)\}/g, (_, name) => written(values[name]));
}

/** @param {Exclude<Text, string>} forms @param {number} n */
function plural(forms, n) {
  const rules = made("plural", (locale) => new Intl.PluralRules(locale));
  return forms[rules.select(n)] ?? forms.other ?? "";
}

/** @type {Map<string, unknown>} what writes numbers, days and names: making one takes longer than drawing a result */
const writers = new Map();

/**
 * What writes one kind of thing in the interface's language, made once a language.
 * @template W
 * @param {string} kind
 * @param {(locale: string) => W} make
 * @returns {W}
 */
function made(kind, make) {
  const locale = language() === "en" ? "en-GB" : language();
  const key = `${locale} ${kind}`;
  if (!writers.has(key)) writers.set(key, make(locale));
  return /** @type {W} */ (writers.get(key));
}

/** What all folders say: see `speaking`. */
export const { say: t, sayOr: tOr } = speaking(STRINGS);

/**
 * A whole number as people write it.
 * @param {number} value
 */
export function number(value) {
  return made("number", (locale) => new Intl.NumberFormat(locale)).format(value);
}

/**
 * An ISO date as people write it.
 * @param {string} iso
 */
export function day(iso) {
  const format = made("day", (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }));
  return format.format(new Date(`${iso}T00:00:00Z`));
}

/**
 * A moment as people write it, in their own zone.
 * @param {string} iso
 */
export function moment(iso) {
  const format = made("moment", (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }));
  return format.format(new Date(iso));
}

/**
 * The name of a country by its code.
 * @param {string} code
 */
export function country(code) {
  return named("region", code);
}

/**
 * The name of a language by its code, with a capital letter.
 * @param {string} code
 */
export function languageName(code) {
  const name = code === "other" ? t("otherLanguage") : named("language", code);
  return name.charAt(0).toLocaleUpperCase(language()) + name.slice(1);
}

/** @param {Intl.DisplayNamesType} type @param {string} code */
function named(type, code) {
  try {
    return made(type, (locale) => new Intl.DisplayNames(locale, { type })).of(code) ?? code;
  } catch {
    return code; // not a code that anybody knows
  }
}
