// A sentence as it stands in its paper: its page, what of it was found, and its translation with whose that is.

import { languageName, t } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { h } from "../parts/dom.js";
import { marked } from "../parts/marks.js";
import { address } from "../state/router.js";
import { inUnits } from "../text/highlight.js";
import { byLine, OTHER } from "../text/translation.js";
import { say } from "./strings.js";

/** @import { Said, Span, Titles } from "../service/answers.js" */

/**
 * The sentence; `found` are spans of its text in code points, as the service counts.
 * @param {string} documentId
 * @param {Said} sentence
 * @param {Span[]} [found]
 */
export function said(documentId, { page, language: own, text, translation }, found = []) {
  const shown = t("page", { n: page });
  const to = h("a", { class: "to-page", href: address(documentId, page), "aria-label": `${shown}, ${t("openPage", { page })}` }, shown);
  const into = OTHER[own];
  const made = translation && into && [
    h("p", { class: "whose" }, `${languageName(into)} · ${byLine(translation)}`),
    h("blockquote", { class: translation.status === "doubtful" && "doubtful", lang: into }, h("bdi", {}, translation.text)),
  ];
  return [h("blockquote", { lang: own }, h("bdi", {}, marked(text, inUnits(text, found))), " ", to), made];
}

/**
 * The title of a paper, which leads to a page of it.
 * @param {{ document_id: string, title: Titles, language: string }} paper
 * @param {number} page
 */
export function paperLink({ document_id: id, title, language: own }, page) {
  const [name] = titles(title, own);
  return h("a", { href: address(id, page), lang: name.lang }, h("bdi", {}, name.text));
}

/** @param {{ code: string, title: Titles }} meeting */
export function meetingName({ code, title }) {
  if (!code) return say("noMeeting");
  const [name] = titles(title, "en");
  return h("bdi", { lang: name.lang }, title[name.lang] ? name.text : code);
}
