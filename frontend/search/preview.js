// Beside the list, where there is room: what was found of one document, at length. Asks the service for nothing more.

import { facts, titles } from "../parts/document-facts.js";
import { h } from "../parts/dom.js";
import { badges } from "../parts/label.js";
import { address } from "../state/router.js";
import { evidence } from "./evidence.js";
import { say } from "./strings.js";

/**
 * @import { Hit, Scheme } from "../service/answers.js"
 * @import { Like } from "./evidence.js"
 */

const WHOLE = 5000; // letters of a passage: all that an answer holds

/** @param {Hit} hit @param {Scheme} scheme @param {(like: Like) => unknown} similar */
export function preview(hit, scheme, similar) {
  const [name, other] = titles(hit.title, hit.language);
  const to = address(hit.document_id, hit.evidence[0]?.page ?? 1);
  return [
    h("h2", { lang: name.lang }, h("bdi", {}, name.text)),
    other && h("p", { class: "other-title", lang: other.lang }, h("bdi", {}, other.text)),
    h("p", { class: "facts" }, badges(hit.label, scheme), facts(hit, scheme)),
    h("p", {}, h("a", { class: "button", href: to }, say("open"))),
    hit.evidence.map((passage) => {
      const { passage_id, page } = passage;
      return evidence(hit.document_id, passage, WHOLE, () => similar({ passage: passage_id, page, title: name.text }));
    }),
  ];
}
