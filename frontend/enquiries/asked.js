// What an enquiry asks, as it is shown in a row: its words, its filters, its note.

import { h } from "../parts/dom.js";
import { filterWords } from "../parts/value-names.js";
import { askable } from "../state/kept.js";
import { say } from "./strings.js";

/** @import { Enquiry, Scheme } from "../service/answers.js" */

/** @param {Enquiry} enquiry its words, or what stands for them where it does not open any more */
export const wordsOf = ({ search }) => search.query || say("sealed");

/** @param {Enquiry} enquiry @param {Scheme} scheme */
export function askedCell(enquiry, scheme) {
  const filters = filterWords(askable(enquiry.search).filters, scheme);
  return [
    enquiry.search.query ? h("bdi", {}, enquiry.search.query) : say("sealed"),
    filters.length > 0 && h("div", { class: "quiet-line" }, h("bdi", {}, filters.join(" · "))),
    enquiry.note && h("div", { class: "quiet-line" }, h("bdi", {}, enquiry.note)),
  ];
}
