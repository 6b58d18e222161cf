// Says what is known of a document in a few words: its titles, language, kind and date.

import { day, language, languageName, t } from "../languages/language.js";
import { h } from "./dom.js";
import { valueName } from "./value-names.js";

/** @import { Scheme, Titles } from "../service/answers.js" */

/**
 * The title in the interface's language, and the document's own if that is another: [{text, lang}, …?].
 * @param {Titles} title
 * @param {string} own
 * @returns {{ text: string, lang: string }[]}
 */
export function titles(title, own) {
  const order = [language(), own, ...Object.keys(title)].filter((lang) => title[lang]);
  const shown = order[0] ?? own;
  const first = { text: title[shown] ?? "—", lang: shown };
  return own !== shown && title[own] && title[own] !== first.text ? [first, { text: title[own], lang: own }] : [first];
}

/**
 * Language, kind, date.
 * @param {{ language: string, kind: string, date: string | null }} paper
 * @param {Scheme} scheme
 */
export function facts({ language: own, kind, date }, scheme) {
  const when = date ? h("time", { datetime: date }, day(date)) : t("undated");
  const known = [own && languageName(own), kind && valueName("kind", kind, scheme), when].filter(Boolean);
  return h("span", { class: "known" }, known.map((fact) => h("span", {}, fact)));
}
