// Above the page's text: the switch between the texts, what each column is, and what is missing or doubtful.

import { t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { SIGN } from "../parts/marks.js";
import { absence, byLine, isTranslated, makersOf, OTHER } from "../text/translation.js";

const KEY = "tolmach.texts";
const TEXTS = ["original", "both", "translation"];

/** Which texts the reader of this browser chose to see. */
export function chosenTexts() {
  const kept = localStorage.getItem(KEY);
  return TEXTS.includes(kept) ? kept : "both";
}

/** The head; `fill` shows what it says of a page. `choose` is called when another choice was made and kept. */
export function textHead(about, choose) {
  const node = h("div", { class: "text-head" });
  return { node, fill: (content) => node.replaceChildren(...parts(about, content, choose)) };
}

function parts(about, content, choose) {
  const own = nameOf("original", t(`original_${about.language}`));
  if (!isTranslated(about, content)) return [absent(absence(about.translation, about.language)), own];
  const other = OTHER[about.language];
  const said = foreign(content, other) ? absent(t(`allWritten_${other}`)) : doubts(about, content);
  const made = makersOf(about, content).map(byLine).join("; ");
  const names = [own, nameOf("translation", t(`translated_${other}`), made)];
  return [h("div", { class: "text-bar" }, textSwitch(choose), said), h("div", { class: "text-names" }, names)];
}

const absent = (said) => h("p", { class: "absent" }, said);

function nameOf(column, name, made = "") {
  return h("p", { class: `text-name ${column}` }, h("strong", {}, name), made && [" ", h("span", {}, made)]);
}

function textSwitch(choose) {
  const node = h("div", { class: "switch", role: "group", "aria-label": t("textsShown") });
  const press = () => {
    for (const choice of node.children) choice.setAttribute("aria-pressed", String(choice.value === chosenTexts()));
  };
  const pick = (texts) => {
    localStorage.setItem(KEY, texts);
    press();
    choose(texts);
  };
  const choice = (texts) =>
    button({ value: texts, "data-key": `texts-${texts}`, onclick: () => pick(texts) }, t(`texts_${texts}`));
  node.append(...TEXTS.map(choice));
  press();
  return node;
}

/** How many sentences are doubtful, in the document and on this page. */
function doubts(about, content) {
  const here = content.segments.filter((segment) => segment.translation?.status === "doubtful").length;
  const all = Math.max(here, about.translation?.doubtful ?? 0);
  if (!all) return null;
  const counted = t("doubtfulCount", { n: all, total: about.translation?.sentences || content.segments.length, here });
  return h("p", { class: "doubt-count" }, h("span", { class: "sign", "aria-hidden": "true" }, SIGN), " ", counted);
}

/** Whether the whole page was written in the language that the document is translated into. */
function foreign(content, other) {
  return content.segments.length > 0 && content.segments.every((segment) => segment.language === other);
}
