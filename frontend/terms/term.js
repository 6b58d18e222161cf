// Shows one term: its words in both languages and how each stands, whence it comes, and what was done to it.

import { moment } from "../languages/language.js";
import { h } from "../parts/dom.js";
import { banner } from "../parts/label.js";
import { say, sayOr } from "./strings.js";

/** @import { Code, Scheme, Term, TermWord } from "../service/answers.js" */

/**
 * Its words in one language, one below the other; those that are not to be used are struck through and say so.
 * @param {Term} term
 * @param {Code} language
 */
export const wordsOf = ({ words }, language) => words.filter((word) => word.language === language).map(wordLine);

/** @param {TermWord} word */
function wordLine({ language, text, status }) {
  const shunned = status === "superseded" || status === "forbidden";
  const said = status !== "preferred" && h("span", { class: "small" }, " ", say(`status_${status}`));
  return h("div", { lang: language }, h(shunned ? "del" : "bdi", {}, text), said);
}

/** @param {Term} term @param {Scheme} scheme */
export function termCard(term, scheme) {
  const { label, state, domain, part_of_speech: kind, source, note, vocabulary, licence, replaces, history } = term;
  /** @type {[string, string | HTMLElement][]} */
  const known = [
    [say("state"), say(`state_${state}`)],
    [say("domain"), domain && sayOr(`domain_${domain}`, domain)],
    [say("kind"), kind],
    [say("source"), source],
    [say("note"), note],
    [say("vocabulary"), vocabulary],
    [say("licence"), licence],
    [say("replaces"), replaces && h("a", { href: `#/terms/${encodeURIComponent(replaces)}` }, say("otherTerm"))],
  ];
  const facts = known.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, h("bdi", {}, value))));
  return h(
    "article",
    { class: "card term-card" },
    label ? banner(label, scheme) : h("p", { class: "badge quiet" }, say("shipped")),
    h("div", { class: "term-words" }, column("en", term), column("ru", term)),
    h("dl", { class: "term-facts" }, facts),
    history.length > 0 && [h("h2", {}, say("history")), h("ol", { class: "plain" }, history.map(act))],
  );
}

/** @param {Code} language @param {Term} term */
const column = (language, term) => h("div", {}, h("h2", {}, say(language === "en" ? "english" : "russian")), wordsOf(term, language));

/** @param {Term["history"][number]} event */
const act = ({ act: done, by, at, reason }) =>
  h("li", {}, h("strong", {}, sayOr(`act_${done}`, done)), ", ", h("bdi", {}, by), ", ", moment(at), h("div", { class: "quiet-line" }, h("bdi", {}, reason)));
