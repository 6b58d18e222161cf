// Panes of the editor that look words up: what they were translated as, and the terms that hold them. Nothing is asked for
// before a pane is opened and words are given.

import { titles } from "../parts/document-facts.js";
import { h } from "../parts/dom.js";
import { lineField } from "../parts/fields.js";
import { marked } from "../parts/marks.js";
import { words } from "../parts/notice.js";
import { Problem } from "../service/problem.js";
import { find } from "../service/terms.js";
import * as translator from "../service/translator.js";
import { address } from "../state/router.js";
import { inUnits } from "../text/highlight.js";
import { OTHER } from "../text/translation.js";
import { say } from "./strings.js";

/** @import { ConcordanceLine, Term } from "../service/answers.js" */

const LONGEST = 300; // characters that are looked up

/** @param {string} id of the document that is translated */
export const concordancePane = (id) =>
  lookup("concordance", async (query) => {
    const { lines } = await translator.concordance(query, id);
    return lines.map(concordanceLine);
  });

export const termsPane = () =>
  lookup("terms", async (query) => {
    const { terms } = await find({ query, state: "approved", offset: 0, limit: 20 });
    return terms.map(termLine);
  });

/**
 * A pane; `open` opens it, with the words that are selected on the page, and looks these up.
 * @param {"concordance" | "terms"} kind
 * @param {(query: string) => Promise<HTMLElement[]>} found
 */
function lookup(kind, found) {
  const field = lineField(`lookup-${kind}`, say("lookUp"), { type: "search", maxlength: String(LONGEST) });
  const list = h("ul", { class: "plain looked-up", "aria-live": "polite" });
  let asked = 0;

  async function ask() {
    asked += 1;
    const mine = asked;
    const query = field.value();
    const shown = query ? await attempt(query, found) : [];
    if (mine === asked) list.replaceChildren(...shown);
  }

  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    return ask();
  };
  const form = h("form", { class: "fields", onsubmit }, field.node, h("p", {}, h("button", { class: "button slim" }, say("lookUpPress"))));
  const node = h("details", { class: "beside-part", id: `pane-${kind}` }, h("summary", {}, say(kind)), form, list);

  function open() {
    const selected = selectedWords();
    node.open = true;
    if (selected) field.control.value = selected;
    field.control.focus();
    return selected ? ask() : null;
  }
  return { node, open };
}

/** @param {string} query @param {(query: string) => Promise<HTMLElement[]>} found */
async function attempt(query, found) {
  try {
    const lines = await found(query);
    return lines.length ? lines : [h("li", { class: "small" }, say("noneFound"))];
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return [h("li", { class: "said" }, words(problem))];
  }
}

/** What is selected in the field that has the focus, or else on the page. */
function selectedWords() {
  const box = document.activeElement?.closest("textarea");
  const typed = box?.value.slice(box.selectionStart, box.selectionEnd);
  return (typed || String(getSelection())).trim().slice(0, LONGEST);
}

/** @param {ConcordanceLine} line */
function concordanceLine({ document_id: id, title, page, source_language: language, source_text: source, target_text: target, side, highlights }) {
  const [name] = titles(title, language);
  /** @param {string} text @param {"source" | "target"} which */
  const shown = (text, which) => (side === which ? marked(text, inUnits(text, highlights)) : text);
  return h(
    "li",
    {},
    h("div", { class: "side-by-side" }, h("p", { lang: language }, shown(source, "source")), h("p", { lang: OTHER[language] }, shown(target, "target"))),
    h("a", { class: "quiet-line", href: address(id, page), target: "_blank" }, h("bdi", { lang: name.lang }, name.text), ", ", say("onPage", { page })),
  );
}

/** @param {Term} term */
function termLine({ words: all, domain, note }) {
  const parts = all.map(({ language, text, status }) => {
    const shunned = status === "superseded" || status === "forbidden";
    return h("div", { lang: language }, shunned ? h("del", {}, text) : text, shunned && [" ", h("span", { class: "small" }, say(`term_${status}`))]);
  });
  return h("li", {}, parts, (domain || note) && h("div", { class: "quiet-line" }, h("bdi", {}, [domain, note].filter(Boolean).join(" · "))));
}
