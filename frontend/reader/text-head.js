// Above the page's text: the switch between the texts, what each column is, and what is missing or doubtful.

import { languageName, t } from "../languages/language.js";
import { button, h, refill } from "../parts/dom.js";
import { SIGN } from "../parts/marks.js";
import { absence, byLine, isTranslated, makersOf, OTHER } from "../text/translation.js";
import { glossSwitch, hasBare } from "./line-notes.js";
import { say, sayOr } from "./strings.js";

/** @import { PageContent, Paper } from "../service/answers.js" */

const KEY = "tolmach.texts";
/** @type {("original" | "both" | "translation")[]} */
const TEXTS = ["original", "both", "translation"];

/**
 * Which texts the reader of this browser chose to see.
 * @returns {string}
 */
export function chosenTexts() {
  const kept = localStorage.getItem(KEY);
  return TEXTS.find((texts) => texts === kept) ?? "both";
}

/**
 * The head; `fill` shows what it says of a page. `choose` is called when another choice was made and kept, `reload`
 * when glosses are wanted that are not there.
 * @param {Paper} about
 * @param {(texts: string) => void} choose
 * @param {() => void} reload
 */
export function textHead(about, choose, reload) {
  const node = h("div", { class: "text-head" });
  return { node, fill: (/** @type {PageContent} */ content) => refill(node, parts(about, content, choose, reload)) };
}

/**
 * @param {Paper} about
 * @param {PageContent} content
 * @param {(texts: string) => void} choose
 * @param {() => void} reload
 */
function parts(about, content, choose, reload) {
  const own = nameOf("original", sayOr(`original_${about.language}`, t("originalIn", { language: languageName(about.language) })));
  const gloss = hasBare(content) && glossSwitch(reload);
  const other = OTHER[about.language];
  if (!other || !isTranslated(about, content)) {
    return [h("div", { class: "text-bar" }, absent(absence(about.translation, about.language)), gloss), own];
  }
  const said = foreign(content, other) ? absent(say(`allWritten_${other}`)) : doubts(about, content);
  const made = makersOf(about, content).map(byLine).join("; ");
  const names = [own, nameOf("translation", say(`translated_${other}`), made)];
  return [h("div", { class: "text-bar" }, textSwitch(choose), gloss, said), h("div", { class: "text-names" }, names)];
}

/** @param {string} said */
const absent = (said) => h("p", { class: "absent" }, said);

/** @param {string} column @param {string} name @param {string} [made] */
function nameOf(column, name, made = "") {
  return h("p", { class: `text-name ${column}` }, h("strong", {}, name), made && [" ", h("span", {}, made)]);
}

/** @param {(texts: string) => void} choose */
function textSwitch(choose) {
  const node = h("div", { class: "switch", role: "group", "aria-label": say("textsShown") });
  const press = () => {
    for (const choice of choices) choice.setAttribute("aria-pressed", String(choice.value === chosenTexts()));
  };
  /** @param {string} texts */
  const pick = (texts) => {
    localStorage.setItem(KEY, texts);
    press();
    choose(texts);
  };
  /** @param {"original" | "both" | "translation"} texts */
  const choice = (texts) =>
    button({ value: texts, "data-key": `texts-${texts}`, onclick: () => pick(texts) }, say(`texts_${texts}`));
  const choices = TEXTS.map(choice);
  node.append(...choices);
  press();
  return node;
}

/**
 * How many sentences are doubtful, in the document and on this page.
 * @param {Paper} about
 * @param {PageContent} content
 */
function doubts(about, content) {
  const here = content.segments.filter((segment) => segment.translation?.status === "doubtful").length;
  const all = Math.max(here, about.translation?.doubtful ?? 0);
  if (!all) return null;
  const counted = say("doubtfulCount", { n: all, total: about.translation?.sentences || content.segments.length, here });
  return h("p", { class: "doubt-count" }, h("span", { class: "sign", "aria-hidden": "true" }, SIGN), " ", counted);
}

/**
 * Whether the whole page was written in the language that the document is translated into.
 * @param {PageContent} content
 * @param {string} other
 */
function foreign(content, other) {
  return content.segments.length > 0 && content.segments.every((segment) => segment.language === other);
}
