// Below the pages' text, while something is selected there or a sentence has the focus: copies it with its source.

import { day, languageName, t } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { button, h } from "../parts/dom.js";
import { markingWords } from "../parts/label.js";
import { copy } from "../text/clipboard.js";
import { quotation, runningText } from "../text/quote.js";
import { selectedIn } from "../text/selection.js";
import { byLine, OTHER } from "../text/translation.js";
import { numberOf } from "./line-notes.js";
import { say } from "./strings.js";

/**
 * @import { PageContent, Paper, Scheme, Segment } from "../service/answers.js"
 * @import { Dossier } from "../state/dossier.js"
 * @import { Selected } from "../text/selection.js"
 */

/**
 * The bar; `onKey` does by keyboard what its buttons do, and says whether it did.
 * @param {HTMLElement} body that holds the pages' sentences
 * @param {Paper} about
 * @param {Scheme} scheme
 * @param {(id: string) => PageContent | null} contentOf the page that holds a sentence
 * @param {Dossier | null} dossier what passages are collected in; null for those who may take nothing away
 */
export function quoteBar(body, about, scheme, contentOf, dossier) {
  const said = h("span", { role: "status", class: "small" });
  /** @type {Record<string, () => unknown>} by the keys that do the same */
  const acts = { c: () => take(false), b: () => take(true), ...(dossier && { d: () => collect(dossier) }) };
  const node = h(
    "div",
    { class: "quote-bar", role: "toolbar", "aria-label": say("quoteBar"), hidden: true },
    button({ class: "button slim", title: "C", onmousedown: keep, onclick: acts.c }, say("copySource")),
    button({ class: "button slim", title: "B", onmousedown: keep, onclick: acts.b }, say("copyBoth")),
    dossier && button({ class: "button slim", title: "D", onmousedown: keep, onclick: acts.d }, say("collect")),
    said,
  );

  /** @type {Selected | null} what was selected when the focus was last in the text */
  let current = null;

  function look() {
    if (!body.isConnected) return document.removeEventListener("selectionchange", look);
    if (node.contains(document.activeElement)) return;
    const selected = selectedIn(body);
    if (JSON.stringify(selected) === JSON.stringify(current)) return; // told late of what is known: what was said stays
    current = selected;
    node.hidden = current === null;
    said.textContent = "";
  }

  /** @param {boolean} both */
  async function take(both) {
    if (!current) return;
    await copy(quoted(current, contentOf, about, scheme, both));
    said.textContent = say("isCopied");
  }

  /** @param {Dossier} into */
  async function collect(into) {
    const numbers = current?.pieces.map(({ id }) => numberOf({ segment_id: id })) ?? [];
    if (!numbers.length) return;
    await into.restore().catch(() => {}); // then what was kept is joined when this is
    const added = into.add(about.document_id, Math.min(...numbers), Math.max(...numbers));
    said.textContent = say(added ? "isCollected" : "notCollected", { n: into.passages.length });
  }

  document.addEventListener("selectionchange", look);
  body.addEventListener("focusin", look);
  body.addEventListener("focusout", () => setTimeout(look));
  body.addEventListener("copy", (event) => {
    const selected = getSelection()?.isCollapsed ? null : selectedIn(body);
    if (!selected) return;
    event.preventDefault();
    event.clipboardData?.setData("text/plain", runningText(selected.pieces));
  });
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const act = node.hidden ? undefined : acts[event.key.toLowerCase()];
    act?.();
    return act !== undefined;
  };
  return { node, onKey };
}

/** @param {Event} event a press on the bar leaves the selection where it is */
const keep = (event) => event.preventDefault();

/**
 * What was selected, as a quotation; with both languages, its sentences whole.
 * @param {Selected} selected
 * @param {(id: string) => PageContent | null} contentOf the page that holds a sentence
 * @param {Paper} about
 * @param {Scheme} scheme
 * @param {boolean} both
 */
export function quoted({ column, pieces }, contentOf, about, scheme, both) {
  const known = pieces.flatMap(({ id, begins }) => {
    const content = contentOf(id);
    const segment = content?.segments.find((one) => one.segment_id === id);
    return content && segment ? { page: content.number, segment, begins } : [];
  });
  const segments = known.map(({ segment }) => segment);
  /** @param {(segment: Segment) => string} textOf */
  const whole = (textOf) => runningText(known.map(({ segment, begins }) => ({ text: textOf(segment), begins })).filter(({ text }) => text));
  const texts = both ? [whole(({ text }) => text), whole(({ translation }) => translation?.text ?? "")] : [runningText(pieces)];
  const [title] = titles(about.title, about.language);
  const source = [title.text, about.symbol, t("page", { n: [...new Set([known[0]?.page, known.at(-1)?.page])].join("–") }), about.date && day(about.date)];
  const ofOriginal = segments.map(({ language }) => say("fromOriginal", { language: languageName(language) }));
  const ofTranslation = segments.flatMap(({ language, translation }) =>
    translation ? `${languageName(OTHER[language] ?? language)}: ${byLine(translation)}` : [],
  );
  const origins = both ? [...ofOriginal, ...ofTranslation] : column === "original" ? ofOriginal : ofTranslation;
  return quotation({ marking: markingWords(about.label, scheme), texts, source, origins });
}
