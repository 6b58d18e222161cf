// Says what is known of a document in a few words: its titles, language, kind and date.

import { day, language, languageName, t } from "../languages/language.js";
import { h } from "./dom.js";
import { valueName } from "./value-names.js";

/** @import { OtherSide, Paper, Scheme, Titles } from "../service/answers.js" */

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

/**
 * The way to the paper that says the same in the other language, made by people; nothing where one reads none.
 * @param {OtherSide | null} pair
 * @param {(id: string, page: number) => string} address
 */
export function otherPaper(pair, address) {
  if (!pair) return null;
  return h("a", { href: address(pair.document_id, 1) }, alsoIn(pair));
}

/** @param {OtherSide} pair */
export const alsoIn = ({ language: its }) => t(its === "ru" ? "alsoInRussian" : "alsoInEnglish");

/**
 * The files inside a paper, those that were taken in as the way to them; and the papers that it was itself inside of.
 * @param {Paper} paper
 * @param {(id: string, page: number) => string} address
 */
export function belonging({ attachments, attached, inside }, address) {
  /** @param {string} name @param {number} at */
  const file = (name, at) => {
    const taken = attached.find(({ number }) => number === at + 1);
    const words = h("bdi", {}, name || "–");
    return taken ? h("a", { href: address(taken.document_id, 1) }, words) : words;
  };
  /** @param {Paper["inside"][number]} paper */
  const around = ({ document_id: id, title, language: own }) => {
    const [name] = titles(title, own);
    return h("a", { href: address(id, 1), lang: name.lang }, h("bdi", {}, name.text));
  };
  return [
    attachments.length > 0 && h("p", { class: "small belonging" }, t("attachments"), ": ", commas(attachments.map(file))),
    inside.length > 0 && h("p", { class: "small belonging" }, t("attachmentOf"), ": ", commas(inside.map(around))),
  ];
}

/** @param {Node[]} nodes */
const commas = (nodes) => nodes.flatMap((node, at) => (at ? [", ", node] : [node]));
