// What stands beside a sentence: how its lines were read, what its words may mean, and the asking for a person's translation.

import { language } from "../languages/language.js";
import { ask } from "../parts/dialog.js";
import { announce, button, h } from "../parts/dom.js";
import { lineField } from "../parts/fields.js";
import { SIGN } from "../parts/marks.js";
import * as api from "../service/api.js";
import { OTHER } from "../text/translation.js";
import { say, sayOr } from "./strings.js";

/** @import { Code, GlossWord, LineMark, PageContent, Segment } from "../service/answers.js" */

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

/**
 * Whether a person's translation into this language may be asked for: there is none, and it is not written in it.
 * @param {Segment} segment
 * @param {Code} into
 */
const lacksHuman = ({ language: own, translation }, into) => own !== into && (!translation || translation.origin === "machine");

/**
 * The button that asks for it, which shows while its sentence has the focus; nothing where there is nothing to ask.
 * @param {string} id the document's
 * @param {Segment} segment
 * @param {Code} into
 */
export function humanButton(id, segment, into) {
  if (!lacksHuman(segment, into)) return null;
  const onclick = async () => {
    const why = lineField("human-note", say("humanNote"), { maxlength: "2000" });
    const submit = () => api.askForHuman(id, numberOf(segment), why.value());
    only.classList.add("asking"); // shown while the focus is in the dialog, so that it can come back
    const done = await ask({ title: say("humanAsk"), parts: [h("p", {}, say("humanLead")), why.node], press: say("humanPress"), submit });
    only.classList.toggle("asking", done);
    if (!done) return;
    only.textContent = say("humanAsked");
    announce(say("humanAsked"));
  };
  const only = button({ class: "button slim ask-human", lang: language(), onclick }, say("humanAsk"));
  return only;
}

/** @param {{ segment_id: string }} segment its place among the document's sentences, which ends its identifier */
export const numberOf = ({ segment_id: id }) => Number(id.slice(id.lastIndexOf(".s") + 2));
