// Names the values of facets in the interface's language.

import { country, languageName, t, tOr } from "../languages/language.js";
import { levelName } from "./label.js";

/** @import { Scheme } from "../service/answers.js" */

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
  if (name === "has_human_translation") return t(code === "true" ? "yes" : "no");
  return code;
}
