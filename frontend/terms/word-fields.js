// Asks for the words of a term in one language, each with how it stands to the others; more lines as they are needed.

import { button, h } from "../parts/dom.js";
import { say } from "./strings.js";

/** @import { Code, Term, TermWord } from "../service/answers.js" */

/** @type {TermWord["status"][]} */
const STATUSES = ["preferred", "admitted", "superseded", "forbidden"];
const MOST = 10; // lines of one language

/** @param {Code} language @param {Term | null} term whose words stand there from the beginning */
export function wordFields(language, term) {
  const head = say(language === "en" ? "english" : "russian");
  /** @type {{ text: HTMLInputElement, status: HTMLSelectElement }[]} */
  const lines = [];
  const list = h("div", { class: "fields" });

  /** @param {Partial<TermWord>} word */
  function add({ text = "", status = lines.length ? "admitted" : "preferred" }) {
    const at = lines.length + 1;
    const named = lines.length ? `${head} ${at}` : head;
    const id = `word-${language}-${at}`;
    const box = h("input", { id, type: "text", autocomplete: "off", maxlength: "300", lang: language, required: at === 1, value: text, "aria-label": named });
    const options = STATUSES.map((one) => h("option", { value: one, selected: one === status }, say(`status_${one}`)));
    const choice = h("select", { id: `${id}-status`, "aria-label": say("statusOf", { word: named }) }, options);
    lines.push({ text: box, status: choice });
    list.append(h("div", { class: "word-line" }, box, choice));
    more.hidden = lines.length >= MOST;
    return box;
  }

  const more = button({ class: "link", id: `more-${language}`, onclick: () => add({}).focus() }, say("anotherWord"));
  const known = term?.words.filter((word) => word.language === language) ?? [];
  for (const word of known.length ? known : [{}]) add(word);
  /** @returns {TermWord[]} */
  const value = () =>
    lines
      .map(({ text, status }) => ({ language, text: text.value.trim(), status: /** @type {TermWord["status"]} */ (status.value) }))
      .filter(({ text }) => text);
  return { node: h("fieldset", { class: "field" }, h("legend", {}, head), list, h("p", {}, more)), value };
}
