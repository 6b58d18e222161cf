// A search that was kept, as it is asked again.

/** @import { Filters, KeptSearch } from "../service/answers.js" */

/**
 * A search as the service gives it back, without what was left empty.
 * @param {KeptSearch["search"]} search
 * @returns {{ query: string, filters: Filters, sort: string }}
 */
export function askable({ query = "", filters = {}, sort = "relevance" }) {
  const chosen = Object.entries(filters).filter(([, value]) => value !== null);
  /** @type {Filters} */
  const kept = Object.fromEntries(chosen.map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : Number(value)]));
  return { query, filters: kept, sort };
}
