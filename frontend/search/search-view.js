// The search: holds what is asked and what was answered, and draws the form, the filters and the hits around it.

import { t } from "../languages/language.js";
import { announce, button, h, isTyping, refill } from "../parts/dom.js";
import { isAborted, notice } from "../parts/notice.js";
import * as api from "../service/api.js";
import { similar } from "../service/expert.js";
import { toggled, withYears } from "../state/filters.js";
import { address } from "../state/router.js";
import { askedQuery } from "../text/asked-query.js";
import { chips, facetLists } from "./facets.js";
import { hitList, stepThroughHits } from "./hits.js";
import { keep, keptSearches } from "./kept-searches.js";
import { searchForm } from "./search-form.js";
import { preview } from "./preview.js";
import { say, sayOr } from "./strings.js";
import { paging, summary } from "./summary.js";

/** @import { Problem } from "../service/problem.js" */
/** @import { Answer, FacetValue, Filters, Person, Question, Scheme } from "../service/answers.js" */
/** @import { Like } from "./evidence.js" */

export const PAGE_SIZE = 20;
/**
 * @typedef {object} State what is asked and what was answered
 * @property {string} query
 * @property {Filters} filters
 * @property {string} sort
 * @property {number} offset
 * @property {Like | null} like the passage whose like is looked for in place of a query
 * @property {(Answer & { offset: number }) | null} answer
 * @property {Problem | null} problem
 * @property {boolean} busy
 */

/** @type {State} */
const FIRST = { query: "", filters: {}, sort: "relevance", offset: 0, like: null, answer: null, problem: null, busy: false };

/**
 * The view for a person. Nothing of it outlives the page: searches are kept in memory only.
 * @param {{ person: Person, scheme: Scheme }} given
 */
export function searchView({ person, scheme }) {
  const view = new SearchView(person, scheme);
  view.redraw();
  return view;
}

class SearchView {
  /** @param {Person} person @param {Scheme} scheme */
  constructor(person, scheme) {
    this.person = person;
    this.scheme = scheme;
    this.state = { ...FIRST };
    /** @type {Record<string, string[]>} */
    this.known = {};
    /** @type {AbortController | null} */
    this.running = null;
    this.scroll = 0;
    /** @type {string | null} */
    this.last = null;
    this.chips = h("div");
    this.facets = h("aside");
    this.results = h("div");
    this.preview = h("aside");
    this.body = h("div");
    /** @type {ReturnType<typeof searchForm> | null} */
    this.form = null;
    this.node = h("section", { class: "search" });
    /** @param {string} id the query by whose results a document was found, or null */
    this.queryOf = (id) => {
      const { answer, query, like } = this.state;
      if (!answer?.hits.some((hit) => hit.document_id === id || (hit.pair?.title && hit.pair.document_id === id))) return null;
      return like ? "" : askedQuery(answer, query);
    };
  }

  /**
   * The address of the result after a document, or before it; null at the ends of the page of results.
   * @param {string} id
   * @param {1 | -1} by
   */
  besideOf(id, by) {
    const hits = this.state.answer?.hits ?? [];
    const hit = hits[hits.findIndex((each) => each.document_id === id) + by];
    if (!hit || !hits.some((each) => each.document_id === id)) return null;
    return address(hit.document_id, hit.evidence[0]?.page ?? 1);
  }

  /** Draw everything anew, as after a change of language. */
  redraw() {
    const query = this.form?.query() ?? "";
    this.kept = keptSearches((search) => this.run(search));
    const ask = (/** @type {string} */ text) => this.ask({ query: text, offset: 0, like: null });
    this.form = searchForm({ query, ask, browse: () => this.browse(), kept: this.kept.node });
    this.chips = h("div", { class: "chips", role: "group", "aria-label": say("filtersOn") });
    this.facets = h("aside", { class: "facets", "aria-label": say("filters") });
    const onfocusin = (/** @type {FocusEvent} */ { target }) => target instanceof Element && this.look(target.closest(".hits > li"));
    this.results = h("div", { class: "results", id: "results", onfocusin });
    this.preview = h("aside", { class: "preview", "aria-label": say("preview") });
    this.body = h("div", { class: "columns" }, this.facets, this.results, this.preview);
    this.node.replaceChildren(this.form.node, this.chips, this.body);
    this.draw();
  }

  /** Draw all but the form. */
  draw() {
    const { answer } = this.state;
    this.drawAsked();
    refill(this.facets, answer ? this.facetParts(answer) : []);
    refill(this.results, this.resultParts());
    this.look(this.results.querySelector(".hits > li"));
  }

  /** Draw what is asked, and whether its answer is awaited; an earlier answer stays as it is until then. */
  drawAsked() {
    const { answer, problem, busy } = this.state;
    this.node.classList.toggle("start", !answer && !problem && !busy);
    this.body.setAttribute("aria-busy", String(busy));
    const filtered = chips(this.state.filters, this.scheme, (filters) => this.ask({ filters, offset: 0 }));
    refill(this.chips, likeChip(this.state.like, () => this.ask({ like: null, offset: 0 })), filtered);
  }

  /**
   * Show one of the hits at length, where there is room.
   * @param {Element | null} line
   */
  look(line) {
    const lines = [...this.results.querySelectorAll(".hits > li")];
    if (!line && lines.length) return;
    const hit = line && this.state.answer?.hits[lines.indexOf(line)];
    for (const each of lines) each.classList.toggle("looked-at", each === line);
    refill(this.preview, hit ? preview(hit, this.scheme, (like) => this.alike(like)) : []);
  }

  /** @param {Like} like */
  alike(like) {
    this.ask({ like, offset: 0, filters: {}, sort: "relevance" }, true);
  }

  /** @param {Answer} answer */
  facetParts(answer) {
    const { filters } = this.state;
    return facetLists(answer.facets, this.known, filters, this.scheme, {
      toggle: (name, value) => this.ask({ filters: toggled(filters, name, value), offset: 0 }),
      years: (from, to) => this.ask({ filters: withYears(filters, from, to), offset: 0 }),
    });
  }

  resultParts() {
    const { answer, problem, busy } = this.state;
    const asks = this.state.query.trim() !== "" && this.person.actions.includes("enquire");
    if (problem) return [notice(problem, () => this.ask({}))];
    if (!answer) return busy ? [h("p", { class: "waiting" }, t("searching"))] : [];
    return [
      summary({ answer, sort: this.state.sort, like: this.state.like !== null }, {
        sortBy: (sort) => this.ask({ sort, offset: 0 }),
        keep: () => this.keep(),
        askAgency: asks ? () => this.askAgency() : null,
      }),
      answer.total > 0
        ? hitList(answer.hits, this.scheme, (like) => this.alike(like))
        : nothing(answer, (query) => this.take(query)),
      paging(answer, PAGE_SIZE, (offset) => this.ask({ offset }, true)),
    ];
  }

  /**
   * Search for what was offered instead.
   * @param {string} query
   */
  take(query) {
    this.form?.setQuery(query);
    this.ask({ query, offset: 0, like: null });
  }

  /**
   * Search for what was kept, or asked of an agency.
   * @param {{ query: string, filters: Filters, sort: string }} search
   */
  run(search) {
    this.form?.setQuery(search.query);
    this.ask({ ...search, offset: 0, like: null });
  }

  async keep() {
    const { query, filters, sort } = this.state;
    if (await keep({ query, filters, sort })) this.kept?.renew();
  }

  async askAgency() {
    const { query, filters, sort } = this.state;
    const { askingAgency } = await import("./ask-agency.js");
    await askingAgency({ query, filters, sort }, this.person, this.scheme);
  }

  browse() {
    this.form?.setQuery("");
    this.ask({ query: "", filters: {}, sort: "newest", offset: 0, like: null });
  }

  /**
   * Search with these changes to what was asked. A later search ends an earlier one that is still under way.
   * @param {Partial<State>} changes
   * @param {boolean} [toTop]
   */
  async ask(changes, toTop = false) {
    if ("query" in changes || "like" in changes) this.known = {};
    Object.assign(this.state, changes, { busy: true, problem: null });
    this.running?.abort();
    this.running = new AbortController();
    if (this.state.answer) this.drawAsked();
    else this.draw();
    announce(t("searching"));
    try {
      const question = this.question();
      this.state.answer = { ...(await this.answerTo(question, this.running.signal)), offset: question.offset };
      this.learn(this.state.answer.facets);
    } catch (error) {
      if (isAborted(error)) return;
      Object.assign(this.state, { problem: error, answer: null });
    }
    this.state.busy = false;
    this.draw();
    this.tell(toTop);
  }

  /** @param {Question} question @param {AbortSignal} signal */
  answerTo({ query, ...narrowed }, signal) {
    const { like } = this.state;
    return like ? similar(like.passage, narrowed, signal) : api.search({ query, ...narrowed }, signal);
  }

  /** @returns {Question} */
  question() {
    const { query, filters, sort, offset } = this.state;
    return { query, filters, sort, offset, limit: PAGE_SIZE };
  }

  /** @param {Record<string, FacetValue[]>} facets */
  learn(facets) {
    for (const [name, lines] of Object.entries(facets)) {
      this.known[name] = [...new Set([...(this.known[name] ?? []), ...lines.map((line) => line.value)])];
    }
  }

  /** @param {boolean} toTop */
  tell(toTop) {
    const { answer } = this.state;
    if (answer) announce(answer.total > 0 ? say("documents", { n: answer.total }) : t("nothing"));
    if (!toTop) return;
    scrollTo(0, 0);
    this.focusHit(".hit-title");
  }

  /**
   * Something else is shown: remember where the reader of the list stood.
   * @param {{ view: string, id: string }} to
   */
  leave({ view, id }) {
    this.scroll = scrollY;
    this.last = view === "document" ? id : null;
  }

  /** Back from a document, or here for the first time. */
  enter() {
    scrollTo(0, this.scroll);
    if (this.last === null || !this.focusHit(`.hits [data-document="${CSS.escape(this.last)}"]`)) this.focus();
    this.last = null;
  }

  /**
   * Whether there was such a hit to focus.
   * @param {string} selector
   */
  focusHit(selector) {
    const hit = this.node.querySelector(selector);
    if (hit instanceof HTMLElement) hit.focus({ preventScroll: true });
    return hit !== null;
  }

  focus() {
    this.last = null;
    this.form?.focus();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const typing = isTyping(event.target);
    const down = event.key === "ArrowDown" || (event.key === "j" && !typing);
    if (event.key === "Escape" && !typing && this.state.answer) return this.focus();
    if (!down && event.key !== "ArrowUp" && (event.key !== "k" || typing)) return;
    if (typing && !(down && this.form?.isBox(event.target))) return;
    if (stepThroughHits(this.results, down ? 1 : -1, () => this.focus())) event.preventDefault();
  }
}

/**
 * That the hits are passages like one, as a chip which ends that.
 * @param {Like | null} like
 * @param {() => unknown} onclick
 */
function likeChip(like, onclick) {
  if (!like) return null;
  const said = say("similarTo", { page: like.page, title: like.title });
  return button({ class: "chip", "aria-label": `${said}: ${say("similarOff")}`, onclick }, h("bdi", {}, said), h("span", { "aria-hidden": "true" }, " ×"));
}

/**
 * @param {Answer} answer
 * @param {(query: string) => unknown} take
 */
function nothing({ offers }, take) {
  const shown = offers.map(({ kind, query, total }) => {
    const words = sayOr(`offer_${kind}`, query, { query, n: total });
    return h("p", {}, button({ class: "link", onclick: () => take(query) }, words));
  });
  return h("div", { class: "nothing" }, h("p", {}, t("nothing")), shown, h("p", { class: "small" }, say("nothingHint")));
}
