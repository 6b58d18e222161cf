// Names the values of facets in the interface's language.

import { country, languageName, t, tOr } from "../languages/language.js";
import { levelName } from "./label.js";

/** A value of a facet in the interface's language, where it has a name there. */
export function valueName(name, value, scheme) {
  if (name === "language") return languageName(value);
  if (name === "level") return levelName(value, scheme);
  if (name === "country") return country(value);
  if (name === "kind") return tOr(`kind_${value}`, value);
  if (name === "has_human_translation") return t(String(value) === "true" ? "yes" : "no");
  return String(value);
}
