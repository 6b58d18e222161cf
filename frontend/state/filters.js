// Changes what a search is narrowed to: gives new filters, and changes none in place.

/** @import { Filters } from "../service/answers.js" */

/**
 * The values of a filter that are switched on.
 * @param {Filters} filters
 * @param {string} name
 * @returns {string[]}
 */
export function chosenOf(filters, name) {
  const values = filters[name];
  return Array.isArray(values) ? values : [];
}

/**
 * Filters with a value switched on or off.
 * @param {Filters} filters
 * @param {string} name
 * @param {string} value
 * @returns {Filters}
 */
export function toggled(filters, name, value) {
  const old = chosenOf(filters, name);
  const values = old.includes(value) ? old.filter((other) => other !== value) : [...old, value];
  const { [name]: _, ...rest } = filters;
  return values.length ? { ...rest, [name]: values } : rest;
}

/**
 * Filters with a span of years; null leaves an end open.
 * @param {Filters} filters
 * @param {number | null} from
 * @param {number | null} to
 * @returns {Filters}
 */
export function withYears(filters, from, to) {
  const { year_from: _, year_to: __, ...rest } = filters;
  return { ...rest, ...(from && { year_from: from }), ...(to && { year_to: to }) };
}

/**
 * Filters without one value, or without one end of the span of years.
 * @param {Filters} filters
 * @param {string} name
 * @param {string | number} value
 * @returns {Filters}
 */
export function removed(filters, name, value) {
  if (name !== "year_from" && name !== "year_to") return toggled(filters, name, String(value));
  const { [name]: _, ...rest } = filters;
  return rest;
}
