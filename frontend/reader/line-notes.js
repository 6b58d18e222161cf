// What a reader must know of a sentence besides its words: how its lines were read, and what its words may mean.

import { language } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { SIGN } from "../parts/marks.js";
import { OTHER } from "../text/translation.js";
import { say, sayOr } from "./strings.js";

/** @import { GlossWord, LineMark, PageContent, Segment } from "../service/answers.js" */

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
  return whollyRecognised(content) && h("p", { class: "small" }, say("pageRecognised", { n: confidence ?? 0 }));
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
  const why = reason && `: ${sayOr(`repair_${reason}`, say("repair_table"))}`;
  const words = `${alarming ? `${SIGN} ` : ""}${sayOr(`line_${kind}`, kind)}${why}`;
  return [" ", h("span", { class: `note ${alarming ? "doubt" : "aside"}`, lang: language() }, words)];
}

const KEY = "tolmach.gloss";

/** Whether the reader of this browser chose to see glosses. */
export const glossChosen = () => localStorage.getItem(KEY) === "on";

/**
 * Whether a page has a sentence that a gloss may stand under.
 * @param {PageContent} content
 */
export const hasBare = (content) => content.segments.some((segment) => !segment.translation);

/**
 * The switch of glosses; `choose` is called when the choice was changed and kept.
 * @param {() => void} choose
 */
export function glossSwitch(choose) {
  const press = () => {
    localStorage.setItem(KEY, glossChosen() ? "off" : "on");
    only.setAttribute("aria-pressed", String(glossChosen()));
    choose();
  };
  const about = { "aria-pressed": String(glossChosen()), "data-key": "gloss", title: say("glossNote"), onclick: press };
  const only = button({ class: "button gloss-choice", ...about }, say("gloss"));
  return only;
}

/**
 * The gloss of a sentence: each word above its meanings, said to be no translation; nothing where there is none.
 * @param {Segment} segment
 */
export function glossOf({ gloss, language: own, text }) {
  if (!gloss?.words.length) return null;
  const characters = [...text]; // a place counts code points
  /** @param {GlossWord} word */
  const pair = (word) =>
    h(
      "span",
      { class: `gloss-word ${word.kind}` },
      h("bdi", { lang: own }, characters.slice(word.start, word.end).join("")),
      h("bdi", { class: "meanings", lang: OTHER[own] }, word.meanings.join(", ")),
    );
  return h("span", { class: "gloss" }, h("span", { class: "unseen gloss-note" }, say("glossNote")), gloss.words.map(pair));
}
