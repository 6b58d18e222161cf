// Names values in the interface's language: those of facets, states of documents, roles, and what ails a document.

import { country, languageName, speaking, t, tOr } from "../languages/language.js";
import { TROUBLES } from "../languages/troubles.js";
import { levelName } from "./label.js";

/**
 * @import { Filters, RegistrarQuestion, Scheme } from "../service/answers.js"
 * @typedef {[name: string, value: string | number]} FilterValue
 */

const { sayOr } = speaking(TROUBLES);

/**
 * A value of a facet in the interface's language, where it has a name there.
 * @param {string} name
 * @param {string | number} value
 * @param {Scheme} scheme
 * @returns {string}
 */
export function valueName(name, value, scheme) {
  const code = String(value);
  if (name === "language") return languageName(code);
  if (name === "level") return levelName(code, scheme);
  if (name === "country") return country(code);
  if (name === "kind") return tOr(`kind_${code}`, code);
  if (name === "has") return tOr(`has_${code}`, code);
  if (name === "has_human_translation") return t(code === "true" ? "yes" : "no");
  return code;
}

/**
 * What a search is narrowed to, value by value.
 * @param {Filters} filters
 * @returns {FilterValue[]}
 */
export const filterValues = (filters) =>
  Object.entries(filters).flatMap(([name, values]) => [values ?? []].flat().map((value) => /** @type {FilterValue} */ ([name, value])));

/**
 * A filter in the interface's language: its name, and its value as it can stand alone.
 * @param {string} name
 * @param {string | number} value
 * @param {Scheme} scheme
 * @returns {[title: string, text: string]}
 */
export function filterName(name, value, scheme) {
  if (name === "year_from") return [t("facet_year"), t("yearSince", { year: String(value) })];
  if (name === "year_to") return [t("facet_year"), t("yearUntil", { year: String(value) })];
  const shown = valueName(name, value, scheme);
  const title = tOr(`facet_${name}`, name);
  return [title, name === "has_human_translation" ? `${title}: ${shown}` : shown];
}

/** @param {Filters} filters @param {Scheme} scheme */
export const filterWords = (filters, scheme) => filterValues(filters).map(([name, value]) => filterName(name, value, scheme)[1]);

/** @param {string} state */
export const stateName = (state) => tOr(`state_${state}`, state);

/** @param {number | null} years for which papers are kept; null: for good */
export const keptFor = (years) => (years === null ? t("keptForGood") : t("keptYears", { n: years }));

/** @param {string} role */
export const roleName = (role) => tOr(`role_${role}`, role);

/**
 * Why a document waits and what to do, or "" where nothing ails it.
 * @param {{ code: string, message: string }} row
 */
export const troubleWords = ({ code, message }) => (code ? sayOr(code, message || code) : "");

/**
 * What a registrar is asked of a document.
 * @param {RegistrarQuestion} asked
 */
export const questionWords = ({ question, sentence, places, pages, marking }) =>
  tOr(`question_${question}`, sentence, { n: places, pages: pages.join(", "), marking });

/** @param {string} code */
export const answerName = (code) => tOr(`answer_${code}`, code);
