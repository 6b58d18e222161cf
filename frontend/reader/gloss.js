// Under a sentence without a translation: its words one by one with what they may mean, if the reader wants that.

import { t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { OTHER } from "../text/translation.js";

/** @import { GlossWord, PageContent, Segment } from "../service/answers.js" */

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
  const about = { "aria-pressed": String(glossChosen()), "data-key": "gloss", title: t("glossNote"), onclick: press };
  const only = button({ class: "button gloss-choice", ...about }, t("gloss"));
  return only;
}

/**
 * The gloss of a sentence: each word above its meanings, said to be no translation; nothing where there is none.
 * @param {Segment} segment
 */
export function glossOf({ gloss, language, text }) {
  if (!gloss?.words.length) return null;
  const characters = [...text]; // a place counts code points
  /** @param {GlossWord} word */
  const pair = (word) =>
    h(
      "span",
      { class: `gloss-word ${word.kind}` },
      h("bdi", { lang: language }, characters.slice(word.start, word.end).join("")),
      h("bdi", { class: "meanings", lang: OTHER[language] }, word.meanings.join(", ")),
    );
  return h("span", { class: "gloss" }, h("span", { class: "unseen gloss-note" }, t("glossNote")), gloss.words.map(pair));
}
