// The pages' texts beside their images, each sentence in step with its translation, the matched ones lit.

import { language } from "../languages/language.js";
import { h, refill, restyle } from "../parts/dom.js";
import { marked, SIGN } from "../parts/marks.js";
import { farFrom, PageColumn } from "../text/page-column.js";
import { byLine, doubtWords, isTranslated, makersOf, OTHER } from "../text/translation.js";
import { glossOf, humanButton, lineNotes, pageNote } from "./line-notes.js";
import { firstShown, scrollWithin } from "./linked-highlight.js";
import { quoteBar } from "./quote-bar.js";
import { say } from "./strings.js";
import { chosenTexts, textHead } from "./text-head.js";

/**
 * @import { Code, PageContent, Paper, Scheme, Segment, Span } from "../service/answers.js"
 * @import { Child } from "../parts/dom.js"
 * @import { Dossier } from "../state/dossier.js"
 * @import { PageMatches } from "../text/page-matches.js"
 * @typedef {object} Source where pages come from, and who is told of them
 * @property {(page: number) => Promise<{ content: PageContent, match: PageMatches }>} page
 * @property {(page: number) => void} dropped this page is drawn no more
 * @property {(page: number) => void} seen somebody scrolled to this page
 * @property {(problem: unknown) => void} failed a page beside the one that was turned to did not come
 * @property {() => void} reload pages are wanted as they are told now
 */

const KEPT = 6; // pages that stay drawn

export class TextSide {
  /**
   * The texts of a document's pages, below one another: those in sight are drawn, a few beside them are kept.
   * @param {Paper} about
   * @param {Scheme} scheme
   * @param {Dossier | null} dossier
   * @param {Source} source
   */
  constructor(about, scheme, dossier, source) {
    this.about = about;
    this.source = source;
    this.leaves = Array.from({ length: about.pages }, (_, at) => h("div", { class: "text-page", "data-page": at + 1 }));
    this.body = h("div", { class: "text-body" }, this.leaves);
    const named = { role: "region", "aria-label": say("pageText") };
    const heard = { onkeydown: step, onfocusin: (/** @type {FocusEvent & { target: Element }} */ event) => makeStop(this.body, event.target.closest(".row")) };
    this.pane = h("div", { class: "text-pane scrolls", ...named, ...heard }, this.body);
    this.head = textHead(about, (texts) => show(this.node, this.pane, texts), source.reload);
    this.quoting = quoteBar(this.body, about, scheme, (id) => this.contentOf(id), dossier);
    this.node = h("div", { class: "text-side" }, this.head.node, this.pane, this.quoting.node);
    /** @type {Map<number, { content: PageContent | null }>} by page: what is drawn, or about to be */
    this.drawn = new Map();
    this.current = 0;
    this.column = new PageColumn(this.pane, this.leaves, {
      isOpen: () => this.current > 0,
      draw: (pages) => this.draw(pages),
      seen: (page) => void (page !== this.current && source.seen(page)),
      failed: source.failed,
    });
  }

  /** Does by keyboard what the quote bar does, and says whether it did. @param {KeyboardEvent} event */
  onKey(event) {
    return this.quoting.onKey(event);
  }

  /**
   * Bring a page into sight, and what was found on it; resolved once all that is in sight is drawn.
   * @param {number} page
   * @param {PageContent} content
   * @param {PageMatches} match
   */
  turnTo(page, content, match) {
    this.mark(page, content, match);
    this.hold();
    const leaf = this.leaves[page - 1];
    this.stopAt(leaf);
    this.pane.scrollTop = page === 1 ? 0 : leaf.offsetTop;
    scrollWithin(this.pane, firstShown(leaf.querySelectorAll(".sentence.lit")), true);
    return this.settle();
  }

  /**
   * Show which page is the current one; it was scrolled to, and stays where it is.
   * @param {number} page
   * @param {PageContent} content
   * @param {PageMatches} match
   */
  mark(page, content, match) {
    this.head.fill(content);
    const texts = isTranslated(this.about, content) ? chosenTexts() : "original";
    if (this.node.dataset.texts !== texts) this.node.dataset.texts = texts; // else all would be styled anew
    const there = this.drawn.get(page);
    if (!there?.content) this.dress(page, there ?? this.begin(page), content, match);
    this.leaves[this.current - 1]?.classList.remove("current");
    this.leaves[page - 1].classList.add("current");
    this.current = page;
    if (!this.body.contains(document.activeElement)) this.stopAt(this.leaves[page - 1]);
  }

  /** From now on the pages move without a hand on them. */
  hold() {
    this.column.hold();
  }

  /** @param {number} page whether it is drawn, or about to be */
  holds(page) {
    return this.drawn.has(page);
  }

  /** Mark anew what is found on the pages that are drawn. */
  redress() {
    return Promise.all([...this.drawn].map(async ([page, own]) => {
      const { content, match } = await this.source.page(page);
      if (this.drawn.get(page) === own) this.dress(page, own, content, match);
    }));
  }

  /** Let go of all texts. */
  clear() {
    this.column.stop();
    for (const page of [...this.drawn.keys()]) this.drop(page);
  }

  /** The page that holds a sentence. @param {string} id */
  contentOf(id) {
    return [...this.drawn.values()].find(({ content }) => content?.segments.some((segment) => segment.segment_id === id))?.content ?? null;
  }

  /** A text is shorter or longer than the empty page that it fills, so what is in sight is looked at again. */
  async settle() {
    for (let drawing = this.drawInSight(); drawing.length; drawing = this.drawInSight()) await Promise.all(drawing);
  }

  drawInSight() {
    return this.draw(this.column.pagesInSight());
  }

  /** @param {number[]} pages @returns {Promise<unknown>[]} what is under way */
  draw(pages) {
    const drawing = pages.filter((page) => !this.drawn.has(page)).map((page) => this.drawOne(page));
    for (const page of farFrom([...this.drawn.keys()], pages, this.current, KEPT)) if (!isInUse(this.leaves[page - 1])) this.drop(page);
    return drawing;
  }

  /** @param {number} page */
  async drawOne(page) {
    const own = this.begin(page);
    try {
      const { content, match } = await this.source.page(page);
      if (this.drawn.get(page) === own && !own.content) this.dress(page, own, content, match);
      this.column.lookSoon();
    } catch (problem) {
      if (this.drawn.get(page) !== own) return; // it was dropped meanwhile, and what was asked for it with it
      this.drop(page);
      throw problem;
    }
  }

  /** @param {number} page */
  begin(page) {
    const own = { content: /** @type {PageContent | null} */ (null) };
    this.drawn.set(page, own);
    return own;
  }

  /** @param {number} page @param {{ content: PageContent | null }} own @param {PageContent} content @param {PageMatches} match */
  dress(page, own, content, match) {
    const leaf = this.leaves[page - 1];
    const several = this.leaves.length > 1;
    own.content = content;
    refill(leaf, several && h("p", { class: "page-mark" }, say("pageSaid", { page, total: this.leaves.length })), textOf(this.about, content, match));
    leaf.classList.toggle("plain", !isTranslated(this.about, content));
    if (several) for (const [name, value] of Object.entries({ role: "group", "aria-label": say("stripPage", { n: page }) })) leaf.setAttribute(name, value);
    if (page === this.current) this.stopAt(leaf);
  }

  /** A page's text as it is printed. @param {PageContent} content @param {PageMatches} match */
  printed(content, match) {
    const mark = h("p", { class: "page-mark" }, say("pageSaid", { page: content.number, total: this.leaves.length }));
    const texts = isTranslated(this.about, content) ? chosenTexts() : "original";
    return h("div", { class: "print-page", "data-texts": texts }, mark, h("div", { class: "text-body" }, textOf(this.about, content, match)));
  }

  /** @param {Element} leaf whose sentences are in the order of Tab: those that were found, else the first */
  stopAt(leaf) {
    makeStop(this.body, leaf.querySelector(".row:has(.lit)") ?? leaf.querySelector(".row"));
  }

  /** Let go of a page's text; the empty page stays as high as it was. @param {number} page */
  drop(page) {
    const leaf = this.leaves[page - 1];
    if (this.drawn.get(page)?.content) restyle(leaf, { "--height": `${leaf.offsetHeight}px` });
    this.drawn.delete(page);
    leaf.replaceChildren();
    for (const name of ["role", "aria-label"]) leaf.removeAttribute(name);
    this.source.dropped(page);
  }
}

/** @param {Element} leaf whether it holds the focus, or something that is selected */
function isInUse(leaf) {
  const selection = getSelection();
  return leaf.contains(document.activeElement) || Boolean(selection && !selection.isCollapsed && selection.containsNode(leaf, true));
}

/** @param {Paper} about @param {PageContent} content @param {PageMatches} match */
function textOf(about, content, match) {
  const both = isTranslated(about, content);
  const mixed = makersOf(about, content).length > 1;
  const rows = content.segments.map((segment) => {
    const beside = both && [" ", translation(segment, match, about, mixed)];
    return h("span", { class: "row" }, original(segment, match, content, both ? null : [glossOf(segment), human(about, segment)]), beside);
  });
  if (rows.length) return [pageNote(content), paragraphs(content.segments, rows)];
  return h("p", { class: "small" }, say(content.trouble ? "pageUnread" : "pageEmpty"));
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
