// What a reader must know of a sentence's lines: repaired, doubtful, recognised, hidden, filled in, a note.

import { language, t, tOr } from "../languages/language.js";
import { h } from "../parts/dom.js";
import { SIGN } from "../parts/marks.js";

/** @import { LineMark, PageContent, Segment } from "../service/answers.js" */

const ALARMING = ["doubtful", "hidden"];

/**
 * Whether all of a page was recognised: then that is said once, above its text.
 * @param {PageContent} content
 */
const whollyRecognised = ({ confidence, segments }) =>
  confidence !== null && segments.every((segment) => segment.marks.some(({ kind }) => kind === "recognised"));

/**
 * What is to be said of the whole page, if anything.
 * @param {PageContent} content
 */
export function pageNote(content) {
  const { confidence } = content;
  return whollyRecognised(content) && h("p", { class: "small" }, t("pageRecognised", { n: confidence ?? 0 }));
}

/**
 * A note for each mark of a sentence, after its words.
 * @param {Segment} segment
 * @param {PageContent} content
 */
export function lineNotes(segment, content) {
  const said = whollyRecognised(content);
  return segment.marks.filter(({ kind }) => kind !== "recognised" || !said).map(note);
}

/** @param {LineMark} mark */
function note({ kind, reason }) {
  const alarming = ALARMING.includes(kind);
  const why = reason && `: ${tOr(`repair_${reason}`, t("repair_table"))}`;
  const words = `${alarming ? `${SIGN} ` : ""}${tOr(`line_${kind}`, kind)}${why}`;
  return [" ", h("span", { class: `note ${alarming ? "doubt" : "aside"}`, lang: language() }, words)];
}
