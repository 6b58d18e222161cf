// The reader: a document's pages as images, their texts and translations beside them, between banners with its label.

import { t } from "../languages/language.js";
import { belonging, facts, otherPaper, titles } from "../parts/document-facts.js";
import { announce, button, byId, h, isTyping, save } from "../parts/dom.js";
import { banner } from "../parts/label.js";
import { isAborted, notice } from "../parts/notice.js";
import * as api from "../service/api.js";
import { FoundPlaces } from "../state/found-places.js";
import { OpenedPages } from "../state/opened-pages.js";
import { noteOpened } from "../state/recent.js";
import { address, leave, turn } from "../state/router.js";
import { matchOf } from "../text/page-matches.js";
import { OTHER } from "../text/translation.js";
import { glossChosen } from "./line-notes.js";
import { connect, show } from "./linked-highlight.js";
import { ImagePane } from "./page-image.js";
import { say } from "./strings.js";
import { TextSide } from "./text-view.js";
import { printDocument } from "./printing.js";
import { stripChosen, Thumbnails } from "./thumbnails.js";
import { toolbar } from "./toolbar.js";

/**
 * @import { PageContent, Paper, Person, Scheme } from "../service/answers.js"
 * @import { Problem } from "../service/problem.js"
 * @import { Dossier } from "../state/dossier.js"
 * @typedef {object} Open what is drawn of the document
 * @property {ImagePane} image
 * @property {Thumbnails} strip
 * @property {TextSide} text
 * @property {ReturnType<typeof toolbar>} tools
 * @property {HTMLElement} panes
 * @typedef {"image" | "text"} Pane
 * @typedef {{ person: Person, scheme: Scheme, queryOf: (id: string) => string | null, besideOf: (id: string, by: 1 | -1) => string | null, dossier: Dossier }} Context
 */

/**
 * The view for a person. `queryOf(id)` gives the query by whose results a document was opened, or null.
 * @param {Context} context
 */
export function readerView(context) {
  return new ReaderView(context);
}

class ReaderView {
  /** @param {Context} context */
  constructor({ person, scheme, queryOf, besideOf, dossier }) {
    this.maySearch = person.actions.includes("search");
    this.mayTranslate = person.actions.some((action) => action === "edit" || action === "approve");
    this.mayDownload = person.actions.includes("download");
    this.scheme = scheme;
    this.dossier = dossier;
    this.foundBy = queryOf;
    this.beside = besideOf;
    this.zoom = 1;
    this.printed = () => {}; // lets go of what was printed
    this.node = h("section", { class: "reader", hidden: true, "aria-labelledby": "reader-title" });
    /** @type {string} the document's identifier; empty while none is open */
    this.id = "";
    this.page = 1;
    /** @type {Paper | null} */
    this.about = null;
    this.found = new FoundPlaces("", "", api.placesIn);
    this.fromResults = false;
    this.life = new AbortController(); // ends what is asked for of the document, but for its pages
    this.pages = this.pagesOf("");
    this.trouble = h("div");
    /** @type {Open | null} */
    this.open = null;
  }

  /**
   * Shown for a page of a document.
   * @param {{ id: string, page: number }} to
   */
  enter({ id, page }) {
    return this.show(id, page);
  }

  /** Another view is shown. */
  leave() {
    this.close();
  }

  /** Forget the document: its text, its images and whatever was still being fetched. */
  close() {
    this.life.abort();
    this.undraw();
    Object.assign(this, { id: "", page: 1, about: null, fromResults: false, life: new AbortController() });
    this.node.replaceChildren();
  }

  /** Let go of what is drawn. */
  undraw() {
    this.printed();
    this.open?.image.clear();
    this.open?.strip.clear();
    this.open?.text.clear();
    this.pages.clear();
    this.open = null;
  }

  /** @param {string} id @returns {OpenedPages<PageContent>} */
  pagesOf(id) {
    return new OpenedPages((page, signal) => api.pageOf(id, page, glossChosen(), signal));
  }

  /**
   * Open a document at a page.
   * @param {string} id
   * @param {number} page
   */
  async show(id, page) {
    if (this.id === id && this.about) return this.turnTo(page);
    this.close();
    const query = this.foundBy(id);
    Object.assign(this, { id, page, found: new FoundPlaces(id, query ?? "", api.placesIn), fromResults: query !== null });
    this.pages = this.pagesOf(id);
    const { signal } = this.life;
    this.node.replaceChildren(h("p", { class: "waiting", "aria-busy": "true" }, t("loading")));
    try {
      this.about = await api.documentOf(id, signal);
      noteOpened(this.about);
      this.page = Math.min(page, Math.max(1, this.about.pages));
      this.redraw();
      byId("reader-title").focus();
    } catch (error) {
      if (!isAborted(error)) this.fail(/** @type {Problem} */ (error));
    }
  }

  /**
   * There is nothing to read: say why, and offer the way back.
   * @param {Problem} problem
   */
  fail(problem) {
    const back = button({ class: "button", onclick: leave }, say(this.fromResults ? "backToResults" : "backToSearch"));
    const { id, page } = this;
    const heading = h("h1", { class: "unseen" }, t("titleReader"));
    this.node.replaceChildren(h("div", { class: "dead-end" }, heading, notice(problem, () => this.show(id, page)), back));
    back.focus();
  }

  /** Draw everything anew, as after opening or a change of language. */
  redraw() {
    if (!this.about) return;
    const { about, scheme } = this;
    this.undraw();
    /** @param {number} page @param {number} width @param {AbortSignal} signal */
    const picture = (page, width, signal) => api.imageOf(about.document_id, page, width, signal);
    const image = new ImagePane(this.zoom, about.pages, { ...this.sourceFor("image"), picture });
    const strip = new Thumbnails(about.pages, { picture, turnTo: (page) => this.turnTo(page) });
    const text = new TextSide(about, scheme, this.mayDownload ? this.dossier : null, { ...this.sourceFor("text"), reload: () => this.reload() });
    for (const sign of ["focusin", "click"]) text.node.addEventListener(sign, () => image.hold(), { capture: true });
    const tools = toolbar(this.toolsFor(about));
    const panes = h("div", { class: "panes" }, strip.node, image.node, text.node);
    this.trouble = h("div", { class: "trouble" });
    this.open = { image, strip, text, tools, panes };
    connect(panes);
    /** @param {"above" | "below"} place */
    const marking = (place) => h("div", { class: `marking ${place}` }, banner(about.label, scheme));
    const parts = [this.head(about), tools.node, this.trouble, panes];
    this.node.replaceChildren(marking("above"), h("div", { class: "document" }, parts), marking("below"));
    if (about.pages > 0) this.load().then(() => void (stripChosen() && this.showStrip()));
    else this.trouble.replaceChildren(h("p", { class: "notice" }, say("noPages")));
  }

  /** What a pane is given, and whom it tells. @param {Pane} pane */
  sourceFor(pane) {
    return {
      page: (/** @type {number} */ page) => this.matched(page),
      dropped: (/** @type {number} */ page) => this.forget(page),
      seen: (/** @type {number} */ page) => this.turnTo(page, pane),
      failed: (/** @type {unknown} */ problem) => void (isAborted(problem) || this.say(problem, () => this.load())),
    };
  }

  /** Drop a page that neither pane shows. @param {number} page */
  forget(page) {
    if (page !== this.page && !this.open?.image.holds(page) && !this.open?.text.holds(page)) this.pages.drop(page);
  }

  /** @param {Paper} about */
  head(about) {
    const [name, other] = titles(about.title, about.language);
    const title = h("h1", { id: "reader-title", tabindex: "-1", lang: name.lang }, h("bdi", {}, name.text));
    const symbol = about.symbol && h("bdi", { class: "symbol" }, about.symbol);
    return h(
      "div",
      { class: "reader-head" },
      title,
      other && h("p", { class: "other-title", lang: other.lang }, h("bdi", {}, other.text)),
      h(
        "p",
        { class: "facts reader-facts" },
        facts(about, this.scheme),
        symbol,
        otherPaper(about.pair, address),
        about.pair && about.pair_id && toDifferences(about.pair_id),
        this.maySearch && toRecommendations(about.document_id),
        this.mayTranslate && OTHER[about.language] && toTranslation(about.document_id),
      ),
      belonging(about, address),
    );
  }

  /** @param {1 | -1} by */
  toResult(by) {
    const to = this.fromResults ? this.beside(this.id, by) : null;
    if (to) location.replace(to); // Back leaves the documents, as it does from pages
  }

  /** @param {Paper} about */
  toolsFor(about) {
    return {
      total: about.pages,
      fromResults: this.fromResults,
      hasResult: this.fromResults ? (/** @type {1 | -1} */ by) => this.beside(this.id, by) !== null : null,
      toResult: (/** @type {1 | -1} */ by) => this.toResult(by),
      back: leave,
      turnTo: (/** @type {number} */ page) => this.turnTo(page),
      step: (/** @type {number} */ by) => this.step(by),
      find: this.maySearch ? (/** @type {string} */ query) => this.find(query) : null,
      query: this.found.query,
      zoomBy: (/** @type {number | null} */ factor) => this.zoomBy(factor),
      strip: about.pages > 1 ? (/** @type {boolean} */ chosen) => this.showStrip(chosen) : null,
      print: this.mayDownload && about.pages > 0 ? () => this.print() : null,
      download: this.mayDownload ? () => this.download() : null,
    };
  }

  /** @param {number} page @param {Pane | null} [by] the pane in which somebody scrolled to it, and which stays as it is */
  turnTo(page, by = null) {
    if (!this.about || !this.open) return;
    const to = Math.min(Math.max(1, page), this.about.pages);
    if (to === this.page || this.about.pages < 1) return;
    const before = this.page;
    this.page = to;
    this.forget(before); // where it was turned past
    turn(this.id, to);
    announce(say("pageSaid", { page: to, total: this.about.pages }));
    this.load(by);
  }

  /** Show the current page, asked for anew. */
  reload() {
    this.open?.text.clear();
    this.pages.clear();
    return this.load();
  }

  /**
   * Fetch and show the current page. None is fetched before it is in sight: the trail says what was opened, and is right.
   * @param {Pane | null} [by]
   */
  async load(by = null) {
    const { open, page } = this;
    if (!open) return;
    const { image, strip, text, tools, panes } = open;
    const isOver = () => this.open !== open || this.page !== page;
    tools.at(page);
    strip.at(page);
    this.trouble.replaceChildren();
    panes.setAttribute("aria-busy", "true");
    try {
      const { content, match, unfound } = await this.matched(page);
      if (isOver()) return;
      if (unfound) this.say(unfound, () => this.find(this.found.query));
      this.found.look(page);
      tools.places(this.found.at, this.found.total);
      const written = by === "text" ? text.mark(page, content, match) : text.turnTo(page, content, match);
      const drawn = by === "image" ? image.mark(page) : image.turnTo(page, content, match);
      if (!by) this.showPlace();
      await Promise.all([written, drawn]);
    } catch (error) {
      if (isAborted(error) || isOver()) return;
      this.say(error, () => this.load());
    }
    if (!isOver()) panes.setAttribute("aria-busy", "false");
  }

  /**
   * A page and what is marked on it; without marks where finding them failed, and why.
   * @param {number} page
   */
  async matched(page) {
    const { found, life } = this;
    const looked = found.upTo(page, life.signal).then(() => null, (/** @type {unknown} */ problem) => {
      if (isAborted(problem)) throw problem;
      return problem;
    });
    const [content, unfound] = await Promise.all([this.pages.of(page), looked]);
    return { content, match: matchOf(found.on(page), content), unfound };
  }

  /**
   * Show the strip of pages with a mark where something was found, or hide it.
   * @param {boolean} [chosen]
   */
  async showStrip(chosen = true) {
    if (!this.open) return;
    const { strip } = this.open;
    strip.show(chosen);
    try {
      if (chosen) strip.mark(await this.found.byPage(this.life.signal));
    } catch (error) {
      if (!isAborted(error)) this.say(error, () => this.showStrip());
    }
  }

  /**
   * Go to the next place that was found, or back.
   * @param {number} by
   */
  async step(by) {
    if (!this.open) return;
    try {
      const place = await this.found.step(by, this.page, this.life.signal);
      if (place && place.page !== this.page) return this.turnTo(place.page);
    } catch (error) {
      if (!isAborted(error)) this.say(error);
      return;
    }
    this.open.tools.places(this.found.at, this.found.total);
    this.showPlace();
  }

  /**
   * Look for other words in the document, and go to the place that is nearest from this page on, else to the last before.
   * @param {string} query
   */
  async find(query) {
    this.found = new FoundPlaces(this.id, query, api.placesIn);
    const { image, text } = this.open ?? {};
    await Promise.all([text?.redress(), image?.redress()]).catch(() => {}); // the page that did not come says so now:
    await this.load();
    if (stripChosen()) this.showStrip();
    for (const by of [1, -1]) if (this.found.at < 0) await this.step(by);
  }

  showPlace() {
    const place = this.found.current();
    if (!place || !this.open) return;
    this.open.image.hold();
    this.open.text.hold();
    show(this.open.panes, place.segment_id);
  }

  /** @param {number | null} factor null fits the width */
  zoomBy(factor) {
    this.zoom = factor === null ? 1 : Math.min(4, Math.max(0.5, this.zoom * factor));
    this.open?.image.resize(this.zoom).catch((/** @type {unknown} */ error) => isAborted(error) || this.say(error));
  }

  /** Print what is asked for, below the marking that stands on every sheet. */
  async print() {
    const { open, about, dossier } = this;
    if (!open || !about) return;
    await dossier.restore().catch(() => {}); // what cannot be told now is not offered
    this.printed = await printDocument({
      total: about.pages,
      collected: dossier.passages.length,
      picture: (page, width, signal) => api.imageOf(about.document_id, page, width, signal),
      written: async (page) => {
        const { content, match } = await this.matched(page);
        this.forget(page);
        return open.text.printed(content, match);
      },
      passages: () => void (location.hash = "#/dossier/print"),
      put: (paper) => open.panes.after(paper),
    });
    if (this.open !== open) this.printed();
  }

  async download() {
    try {
      save(await api.fileOf(this.id));
    } catch (error) {
      if (!isAborted(error)) this.say(error, () => this.download());
    }
  }

  /**
   * Say above the panes what went wrong.
   * @param {unknown} problem a Problem: whatever else is thrown was thrown on
   * @param {(() => unknown) | null} [retry]
   */
  say(problem, retry = null) {
    this.trouble.replaceChildren(notice(/** @type {Problem} */ (problem), retry));
  }

  /**
   * Whether an arrow is to move a large image rather than to turn the page.
   * @param {KeyboardEvent} event
   */
  scrollsAside(event) {
    return this.zoom > 1 && event.key.startsWith("Arrow") && event.target instanceof Element && event.target.closest(".image-pane") !== null;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === "Escape") leave();
    else if (!this.about || isTyping(event.target) || this.scrollsAside(event)) return;
    else if (this.open?.text.onKey(event)) return event.preventDefault();
    else if (event.key === "f" && !event.ctrlKey && !event.metaKey) this.open?.tools.toFind();
    else if (event.key === "t" && !event.ctrlKey && !event.metaKey) this.open?.tools.toStrip();
    else if (event.key === "n" || event.key === "p") this.toResult(event.key === "n" ? 1 : -1);
    else if (event.key === "ArrowRight") this.turnTo(this.page + 1);
    else if (event.key === "ArrowLeft") this.turnTo(this.page - 1);
    else if (event.key === "+" || event.key === "=") this.zoomBy(1.25);
    else if (event.key === "-") this.zoomBy(0.8);
    else if (event.key === "0") this.zoomBy(null);
    else return;
    event.preventDefault();
  }
}

/** @param {string} pair */
const toDifferences = (pair) => h("a", { href: `#/differences/${encodeURIComponent(pair)}` }, t("toDifferences"));

/** @param {string} id */
const toRecommendations = (id) => h("a", { href: `#/recommendations/${encodeURIComponent(id)}` }, t("titlePoints"));

/** @param {string} id */
const toTranslation = (id) => h("a", { href: `#/translate/${encodeURIComponent(id)}` }, t("titleTranslate"));
