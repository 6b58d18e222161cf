// The page's text beside its image, each sentence in step with its translation, the matched ones lit.

import { language } from "../languages/language.js";
import { h, refill } from "../parts/dom.js";
import { marked, SIGN } from "../parts/marks.js";
import { byLine, doubtWords, isTranslated, makersOf, OTHER } from "../text/translation.js";
import { glossOf } from "./line-notes.js";
import { humanButton } from "./human-asked.js";
import { firstShown, scrollWithin } from "./linked-highlight.js";
import { lineNotes, pageNote } from "./line-notes.js";
import { quoteBar } from "./quote-bar.js";
import { say } from "./strings.js";
import { chosenTexts, textHead } from "./text-head.js";

/**
 * @import { Code, PageContent, Paper, Scheme, Segment, Span } from "../service/answers.js"
 * @import { Child } from "../parts/dom.js"
 * @import { Dossier } from "../state/dossier.js"
 * @import { PageMatches } from "../text/page-matches.js"
 */

/**
 * The texts of a document's pages; `fill` shows those of a page, `onKey` copies. `reload` fetches the page anew.
 * @param {Paper} about
 * @param {Scheme} scheme
 * @param {Dossier | null} dossier
 * @param {() => void} reload
 */
export function textSide(about, scheme, dossier, reload) {
  const body = h("div", { class: "text-body" });
  const named = { role: "region", "aria-label": say("pageText") };
  const heard = { onkeydown: step, onfocusin: (/** @type {FocusEvent & { target: Element }} */ event) => makeStop(body, event.target.closest(".row")) };
  const pane = h("div", { class: "text-pane scrolls", ...named, ...heard }, body);
  const head = textHead(about, (texts) => show(node, pane, texts), reload);
  /** @type {PageContent | null} */
  let shown = null;
  const quoting = quoteBar(body, about, scheme, () => shown, dossier);
  const node = h("div", { class: "text-side" }, head.node, pane, quoting.node);
  /** @param {PageContent} content @param {PageMatches} match */
  const fill = (content, match) => {
    shown = content;
    head.fill(content);
    node.dataset.texts = isTranslated(about, content) ? chosenTexts() : "original";
    fillBody(body, about, content, match);
    pane.scrollTop = 0;
    scrollWithin(pane, firstShown(body.querySelectorAll(".sentence.lit")));
  };
  return { node, fill, onKey: quoting.onKey };
}

/** @param {HTMLElement} body @param {Paper} about @param {PageContent} content @param {PageMatches} match */
function fillBody(body, about, content, match) {
  const both = isTranslated(about, content);
  const mixed = makersOf(about, content).length > 1;
  const rows = content.segments.map((segment) => {
    const beside = both && [" ", translation(segment, match, about, mixed)];
    return h("span", { class: "row" }, original(segment, match, content, both ? null : [glossOf(segment), human(about, segment)]), beside);
  });
  if (rows.length) refill(body, [pageNote(content), paragraphs(content.segments, rows)]);
  else body.replaceChildren(h("p", { class: "small" }, say(content.trouble ? "pageUnread" : "pageEmpty")));
  makeStop(body, body.querySelector(".row:has(.lit)") ?? rows[0]);
}

/** @param {Segment} segment @param {PageMatches} match @param {PageContent} content @param {Child} below */
function original(segment, match, content, below) {
  const words = marked(segment.text, spansOf(match.spans, segment));
  return sentence("original", segment, match, segment.language, [ofPaper(words), lineNotes(segment, content), below]);
}

/**
 * A sentence in the other language; what was written in it stands there as it is.
 * @param {Segment} segment
 * @param {PageMatches} match
 * @param {Paper} about
 * @param {boolean} mixed
 */
function translation(segment, match, about, mixed) {
  const into = /** @type {Code} */ (OTHER[about.language]);
  const made = segment.translation;
  const there = made?.text ?? (segment.language === into ? segment.text : "");
  const doubted = made?.status === "doubtful";
  const words = there && h("span", { class: doubted ? "words doubtful" : "words" }, marked(there, spansOf(match.translated, segment)));
  return sentence("translation", segment, match, into, [words, ...notes(segment, into, mixed), glossOf(segment), human(about, segment)]);
}

/** @param {Child} words the letters of the paper alone, which are what is copied */
const ofPaper = (words) => h("span", { class: "words" }, words);

/** @param {Paper} about @param {Segment} segment */
const human = ({ document_id: id, language: own }, segment) => {
  const into = OTHER[own];
  return segment.language === own && into ? humanButton(id, segment, into) : null;
};

/** @param {Map<string, Span[]>} spans @param {Segment} segment */
const spansOf = (spans, { segment_id: id }) => spans.get(id) ?? [];

/** @param {Segment} segment @param {Code} into @param {boolean} mixed */
function notes({ language: own, translation: made }, into, mixed) {
  if (!made) return [note("aside", own === into ? say(`written_${into}`) : say("notTranslated"))];
  const doubt = made.status === "doubtful" && note("doubt", `${SIGN} ${doubtWords(made.doubt)}`);
  return [doubt, mixed && note("aside", byLine(made))];
}

/** @param {string} kind @param {string} said */
const note = (kind, said) => [" ", h("span", { class: `note ${kind}`, lang: language() }, said)];

/**
 * @param {string} column
 * @param {Segment} segment
 * @param {PageMatches} match
 * @param {string} lang
 * @param {Child} words
 */
function sentence(column, segment, match, lang, words) {
  const lit = match.lit.has(segment.segment_id);
  const kind = ["sentence", column, lit && "lit", segment.furniture && "furniture"].filter(Boolean).join(" ");
  const found = { class: "unseen found-here", lang: language() }; // what the colour says to those who see
  const said = lit && h("span", found, say("matched"), " ");
  return h("bdi", { class: kind, lang, "data-segment": segment.segment_id, tabindex: "-1" }, said, words);
}

/**
 * Rows gathered as they stand on the page: a gap between lines, or a jump upwards, begins a new paragraph.
 * @param {Segment[]} segments
 * @param {HTMLElement[]} rows
 */
function paragraphs(segments, rows) {
  /** @type {HTMLElement[]} */
  const made = [];
  segments.forEach((segment, at) => {
    if (at === 0 || breaks(segments[at - 1], segment)) made.push(h("p", {}));
    made[made.length - 1].append(rows[at], " ");
  });
  return made;
}

/** @param {Segment} before @param {Segment} after */
function breaks(before, after) {
  const start = after.boxes[0];
  const end = before.boxes.findLast((placed) => placed.page === start?.page);
  if (!end || before.furniture !== after.furniture) return true;
  const height = start.box[3] - start.box[1];
  const gap = start.box[1] - end.box[3];
  return gap > height * 0.45 || gap < -2.5 * height;
}

/**
 * Show other texts, what stood at the top of the pane staying there.
 * @param {HTMLElement} node
 * @param {HTMLElement} pane
 * @param {string} texts
 */
function show(node, pane, texts) {
  const edge = pane.getBoundingClientRect().top;
  /** @param {Element} row */
  const seen = (row) => firstShown(row.children)?.getBoundingClientRect() ?? new DOMRect(0, edge);
  const row = [...pane.querySelectorAll(".row")].find((one) => seen(one).bottom > edge);
  const before = row ? seen(row).top : 0;
  node.dataset.texts = texts;
  if (row) pane.scrollTop += seen(row).top - before;
}

/**
 * The one row whose sentences are in the order of Tab.
 * @param {HTMLElement} body
 * @param {Element | null | undefined} row
 */
function makeStop(body, row) {
  if (!row) return;
  for (const old of body.querySelectorAll(".sentence[tabindex='0']")) old.setAttribute("tabindex", "-1");
  for (const part of row.children) part.setAttribute("tabindex", "0");
}

/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * Up and down walk from sentence to sentence of a column.
 * @param {KeyboardEvent} event
 */
function step(event) {
  const by = STEPS[event.key];
  const from = event.target instanceof Element ? event.target.closest(".sentence") : null;
  if (!by || !from) return;
  const column = from.classList.contains("translation") ? ".sentence.translation" : ".sentence.original";
  const body = /** @type {Element} */ (event.currentTarget);
  const all = [.../** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll(column))];
  const to = all[all.findIndex((node) => node === from) + by];
  if (!to) return;
  event.preventDefault();
  if (event.shiftKey) select(from, to);
  to.focus();
}

/**
 * Select from one sentence to another, or on to it from where the selection began.
 * @param {Element} from
 * @param {Element} to
 */
function select(from, to) {
  const selection = getSelection();
  if (selection?.isCollapsed) selection.setBaseAndExtent(from, 0, to, to.childNodes.length);
  else selection?.extend(to, to.childNodes.length);
}
