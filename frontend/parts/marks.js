// Turns a text and its spans into nodes: what a search found is marked, what is doubtful is underlined and signed.

import { language, t } from "../languages/language.js";
import { clipped, pieces } from "../text/highlight.js";
import { h } from "./dom.js";

/** @import { Span } from "../service/answers.js" */

/** The sign of a doubt, as a letter and never as a coloured picture. */
export const SIGN = "⚠\uFE0E";

/**
 * A text as nodes, its spans (UTF-16 units) marked.
 * @param {string} text
 * @param {Span[]} spans
 */
export function marked(text, spans) {
  return pieces(text, spans).map((piece) => (piece.lit ? h("mark", {}, piece.text) : piece.text));
}

/**
 * As `marked`, the doubtful spans underlined; one without a letter stands where the translation is missing.
 * @param {string} text
 * @param {Span[]} spans
 * @param {Span[]} doubtful
 */
export function markedWithDoubts(text, spans, doubtful) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  let at = 0;
  /** @param {number} to */
  const sound = (to) => nodes.push(...marked(text.slice(at, to), clipped(spans, at, to)));
  for (const [start, end] of doubtful) {
    sound(start);
    nodes.push(h("span", { class: "doubtful" }, sign(start === end), text.slice(start, end)));
    at = end;
  }
  sound(text.length);
  return nodes;
}

/** @param {boolean} missing */
function sign(missing) {
  const said = t(missing ? "doubtMissing" : "doubtHere");
  return h("span", { class: "sign", role: "img", "aria-label": said, title: said, lang: language() }, SIGN);
}
