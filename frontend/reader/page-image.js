// The pages' images below one another: those in sight are drawn, a few beside them are kept, all others are empty sheets.

import { h, restyle } from "../parts/dom.js";
import { farFrom, PageColumn } from "../text/page-column.js";
import { scrollWithin } from "./linked-highlight.js";
import { boxesOf, textLayer } from "./sheet.js";
import { say } from "./strings.js";

/**
 * @import { PageContent } from "../service/answers.js"
 * @import { PageMatches } from "../text/page-matches.js"
 * @typedef {object} Source where pages come from, and who is told of them
 * @property {(page: number) => Promise<{ content: PageContent, match: PageMatches }>} page
 * @property {(page: number, width: number, signal: AbortSignal) => Promise<Blob>} picture
 * @property {(page: number) => void} dropped this page is drawn no more
 * @property {(page: number) => void} seen somebody scrolled to this page
 * @property {(problem: unknown) => void} failed a page beside the one that was turned to did not come
 * @typedef {object} Drawn a page that is drawn, or is about to be
 * @property {HTMLImageElement} image
 * @property {string | null} shown the address of its picture
 * @property {number} width of its picture, in pixels
 * @property {AbortController} stop
 */

const STEP = 400; // pixels between the widths that are asked for
const WIDEST = 2400; // pixels: the service draws no wider
const KEPT = 6; // pages that stay drawn

export class ImagePane {
  /** @param {number} zoom @param {number} total @param {Source} source */
  constructor(zoom, total, source) {
    this.source = source;
    this.sheets = Array.from({ length: total }, (_, at) => h("div", { class: "sheet", "data-page": at + 1 }));
    const named = { role: "region", "aria-label": say("pageLabel") };
    this.node = h("div", { class: "image-pane scrolls", tabindex: "0", ...named }, this.sheets);
    /** @type {Map<number, Drawn>} by page */
    this.drawn = new Map();
    this.current = 0;
    this.busy = 0;
    this.column = new PageColumn(this.node, this.sheets, {
      isOpen: () => this.current > 0,
      draw: (pages) => this.draw(pages),
      seen: (page) => void (page !== this.current && source.seen(page)),
      failed: source.failed,
    });
    restyle(this.node, { "--zoom": String(zoom), "--ratio": "0.707" });
  }

  /**
   * Bring a page into sight, and what was found on it; resolved once all that is in sight is drawn.
   * @param {number} page
   * @param {PageContent} content
   * @param {PageMatches} match
   */
  turnTo(page, content, match) {
    const own = this.begin(page);
    if (!this.current) restyle(this.node, ratioOf(content)); // of the sheets that are empty
    this.dress(page, own, content, match);
    this.mark(page);
    this.hold();
    const sheet = this.sheets[page - 1];
    this.node.scrollTop = page === 1 ? 0 : sheet.offsetTop - gapBefore(sheet);
    scrollWithin(this.node, sheet.querySelector(".box.lit"), true);
    return Promise.all([this.picture(page, own), ...this.drawInSight()]);
  }

  /** Show which page is the current one; it was scrolled to, and stays where it is. @param {number} page */
  mark(page) {
    this.sheets[this.current - 1]?.classList.remove("current");
    this.sheets[page - 1].classList.add("current");
    this.current = page;
    this.node.setAttribute("aria-label", say("pageImage", { page }));
  }

  /** From now on the sheets move without a hand on them. */
  hold() {
    this.column.hold();
  }

  /** Mark anew what is found on the pages that are drawn. */
  redress() {
    return Promise.all([...this.drawn].map(async ([page, own]) => {
      const { content, match } = await this.source.page(page);
      if (this.drawn.get(page) === own) this.dress(page, own, content, match);
    }));
  }

  /**
   * Zoom around the middle of what is seen.
   * @param {number} zoom
   */
  resize(zoom) {
    const { node } = this;
    this.hold();
    const sheet = this.sheets[this.column.pageAt(node.scrollTop + node.clientHeight / 2) - 1];
    const down = (node.scrollTop + node.clientHeight / 2 - sheet.offsetTop) / (sheet.offsetHeight || 1);
    const across = (node.scrollLeft + node.clientWidth / 2) / (node.scrollWidth || 1);
    restyle(node, { "--zoom": String(zoom) });
    const top = sheet.offsetTop + down * sheet.offsetHeight - node.clientHeight / 2;
    node.scrollTo(across * node.scrollWidth - node.clientWidth / 2, top);
    return Promise.all([...this.drawInSight(), ...[...this.drawn].map(([page, own]) => this.picture(page, own))]);
  }

  /** Let go of all pictures. */
  clear() {
    this.column.stop();
    for (const page of [...this.drawn.keys()]) this.drop(page);
  }

  /** @param {number} page whether it is drawn, or about to be */
  holds(page) {
    return this.drawn.has(page);
  }

  drawInSight() {
    return this.draw(this.column.pagesInSight());
  }

  /** @param {number[]} pages @returns {Promise<unknown>[]} what is under way */
  draw(pages) {
    const missing = pages.filter((page) => !this.drawn.has(page));
    const drawing = missing.map((page) => this.drawOne(page));
    for (const page of farFrom([...this.drawn.keys()], pages, this.current, KEPT)) this.drop(page);
    return drawing;
  }

  /** @param {number} page */
  async drawOne(page) {
    const own = this.begin(page);
    try {
      const { content, match } = await this.source.page(page);
      if (this.drawn.get(page) !== own) return;
      this.dress(page, own, content, match);
      await this.picture(page, own);
    } catch (problem) {
      if (this.drawn.get(page) !== own) return; // it was dropped meanwhile, and what was asked for it with it
      this.drop(page); // so that it is asked for when it is looked at again
      throw problem;
    }
  }

  /** @param {number} page @returns {Drawn} */
  begin(page) {
    const there = this.drawn.get(page);
    if (there) return there;
    const image = h("img", { alt: say("pageImage", { page }), draggable: "false" });
    const own = { image, shown: null, width: 0, stop: new AbortController() };
    this.drawn.set(page, own);
    return own;
  }

  /** @param {number} page @param {Drawn} own @param {PageContent} content @param {PageMatches} match */
  dress(page, own, content, match) {
    const sheet = this.sheets[page - 1];
    restyle(sheet, ratioOf(content));
    sheet.replaceChildren(own.image, ...boxesOf(content, match), textLayer(content));
  }

  /** Fetch the picture of a page, unless the one it has is wide enough. @param {number} page @param {Drawn} own */
  async picture(page, own) {
    const width = this.widthOf(this.sheets[page - 1]);
    if (own.width >= width) return;
    own.width = width;
    this.count(1);
    try {
      const blob = await this.source.picture(page, width, own.stop.signal);
      if (this.drawn.get(page) !== own) return;
      const old = own.shown;
      own.shown = URL.createObjectURL(blob);
      own.image.src = own.shown;
      await own.image.decode().catch(() => {});
      if (old) URL.revokeObjectURL(old);
    } catch (problem) {
      own.width = 0;
      throw problem;
    } finally {
      this.count(-1);
    }
  }

  /** @param {number} by */
  count(by) {
    this.busy += by;
    this.node.setAttribute("aria-busy", String(this.busy > 0));
  }

  /**
   * The sheet's width on this screen, rounded up so that small changes need no new picture.
   * @param {HTMLElement} sheet
   */
  widthOf(sheet) {
    const pixels = (sheet.clientWidth || 800) * Math.min(devicePixelRatio, 2);
    return Math.min(WIDEST, Math.max(STEP * 2, Math.ceil(pixels / STEP) * STEP));
  }

  /** @param {number} page */
  drop(page) {
    const own = this.drawn.get(page);
    if (!own) return;
    this.drawn.delete(page);
    own.stop.abort();
    if (own.shown) URL.revokeObjectURL(own.shown);
    this.sheets[page - 1].replaceChildren();
    this.source.dropped(page);
  }
}

/** @param {PageContent} content */
const ratioOf = ({ width, height }) => ({ "--ratio": String(width / height) });

/** @param {HTMLElement} sheet how much of the sheet before stays in sight above it */
const gapBefore = (sheet) => parseFloat(getComputedStyle(sheet).marginTop) || 0;
