// The search box with its help: takes a query.

import { language } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { say } from "./strings.js";

/** @import { Code } from "../service/answers.js" */

/** @type {[key: "helpWords" | "helpPhrase" | "helpPrefix" | "helpForm" | "helpNot" | "helpBoth", Record<Code, string>][]} */
const EXAMPLES = [
  ["helpWords", { en: "return of fighters", ru: "возвращение боевиков" }],
  ["helpPhrase", { en: '"risk assessment"', ru: "«оценка риска»" }],
  ["helpPrefix", { en: "rehabilit*", ru: "реабилит*" }],
  ["helpForm", { en: "=camps", ru: "=суда" }],
  ["helpNot", { en: "returnees -children", ru: "возвращенцы -дети" }],
  ["helpBoth", { en: "camps AND (women OR children)", ru: "лагеря И (женщины ИЛИ дети)" }],
];

/**
 * The form. `ask` is called with a query, `browse` when everything is wanted; `kept` are the searches that are kept.
 * @param {{ query: string, ask: (query: string) => unknown, browse: () => unknown, kept: Node }} given
 */
export function searchForm({ query, ask, browse, kept }) {
  const box = queryBox(query);
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    ask(box.value);
  };
  /** @param {string} text */
  const attempt = (text) => {
    box.value = text;
    box.focus();
    ask(text);
  };
  const line = h("div", { class: "search-line" }, box, h("button", { class: "button primary" }, say("searchButton")));
  const label = h("label", { for: "query", class: "unseen" }, say("searchLabel"));
  const form = h("form", { role: "search", onsubmit: submit }, label, line);
  const under = h("div", { class: "under" }, help(attempt), kept, button({ class: "link", onclick: browse }, say("browse")));
  const node = h("div", { class: "ask" }, h("h1", {}, say("welcome")), form, under);
  return {
    node,
    query: () => box.value,
    setQuery: (/** @type {string} */ text) => void (box.value = text),
    focus: () => box.focus(),
    isBox: (/** @type {EventTarget | null} */ target) => target === box,
  };
}

/** @param {string} query */
function queryBox(query) {
  const plain = { autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "search" };
  return h("input", { id: "query", type: "search", value: query, maxlength: "4000", ...plain, placeholder: say("searchPlaceholder") });
}

/** @param {(query: string) => void} attempt */
function help(attempt) {
  /** @type {Code[]} */
  const order = language() === "ru" ? ["ru", "en"] : ["en", "ru"];
  /** @param {string} text @param {Code} lang */
  const example = (text, lang) => {
    const label = say("helpTry", { query: text });
    return button({ class: "example", lang, "aria-label": label, onclick: () => attempt(text) }, text);
  };
  /** @param {Record<Code, string>} examples */
  const shown = (examples) => order.map((lang) => example(examples[lang], lang));
  const rows = EXAMPLES.map(([key, examples]) => [h("dt", {}, say(key)), h("dd", {}, shown(examples))]);
  const keys = h("p", { class: "small" }, say("helpKeys"));
  return h("details", { class: "help" }, h("summary", {}, say("help")), h("dl", {}, rows), keys);
}
