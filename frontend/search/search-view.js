// The search: holds what is asked and what was answered, and draws the form, the filters and the hits around it.

import { t, tOr } from "../languages/language.js";
import { announce, button, h, isTyping, refill } from "../parts/dom.js";
import { isAborted, notice } from "../parts/notice.js";
import * as api from "../service/api.js";
import { toggled, withYears } from "../state/filters.js";
import { askedQuery } from "../text/asked-query.js";
import { chips, facetLists } from "./facets.js";
import { hitList, stepThroughHits } from "./hits.js";
import { searchForm } from "./search-form.js";
import { paging, summary } from "./summary.js";

/** @import { Problem } from "../service/problem.js" */
/** @import { Answer, FacetValue, Filters, Person, Question, Scheme } from "../service/answers.js" */

export const PAGE_SIZE = 20;
/**
 * @typedef {object} State what is asked and what was answered
 * @property {string} query
 * @property {Filters} filters
 * @property {string} sort
 * @property {number} offset
 * @property {(Answer & { offset: number }) | null} answer
 * @property {Problem | null} problem
 * @property {boolean} busy
 */

/** @type {State} */
const FIRST = { query: "", filters: {}, sort: "relevance", offset: 0, answer: null, problem: null, busy: false };

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
  /**
   * @param {Person} person
   * @param {Scheme} scheme
   */
  constructor(person, scheme) {
    this.allowed = person.actions.includes("search");
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
    this.body = h("div");
    /** @type {ReturnType<typeof searchForm> | null} */
    this.form = null;
    this.node = h("section", { class: "search" });
    /** @param {string} id the query by whose results a document was found, or null */
    this.queryOf = (id) => {
      const { answer, query } = this.state;
      return answer?.hits.some((hit) => hit.document_id === id) ? askedQuery(answer, query) : null;
    };
  }

  /** Draw everything anew, as after a change of language. */
  redraw() {
    if (!this.allowed) {
      const heading = h("h1", { class: "unseen" }, t("titleSearch"));
      this.node.replaceChildren(heading, h("p", { class: "notice" }, t("noSearchRole")));
      return;
    }
    const query = this.form?.query() ?? "";
    this.form = searchForm({ query, ask: (text) => this.ask({ query: text, offset: 0 }), browse: () => this.browse() });
    this.chips = h("div", { class: "chips", role: "group", "aria-label": t("filtersOn") });
    this.facets = h("aside", { class: "facets", "aria-label": t("filters") });
    this.results = h("div", { class: "results", id: "results" });
    this.body = h("div", { class: "columns" }, this.facets, this.results);
    this.node.replaceChildren(this.form.node, this.chips, this.body);
    this.draw();
  }

  draw() {
    const { answer, problem, busy } = this.state;
    this.node.classList.toggle("start", !answer && !problem && !busy);
    this.body.setAttribute("aria-busy", String(busy));
    refill(this.chips, chips(this.state.filters, this.scheme, (filters) => this.ask({ filters, offset: 0 })));
    refill(this.facets, answer ? this.facetParts(answer) : []);
    refill(this.results, this.resultParts());
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
    if (problem) return [notice(problem, () => this.ask({}))];
    if (!answer) return busy ? [h("p", { class: "waiting" }, t("searching"))] : [];
    return [
      summary({ answer, sort: this.state.sort }, (sort) => this.ask({ sort, offset: 0 })),
      answer.total > 0 ? hitList(answer.hits, this.scheme) : nothing(answer, (query) => this.take(query)),
      paging(answer, PAGE_SIZE, (offset) => this.ask({ offset }, true)),
    ];
  }

  /**
   * Search for what was offered instead.
   * @param {string} query
   */
  take(query) {
    this.form?.setQuery(query);
    this.ask({ query, offset: 0 });
  }

  browse() {
    this.form?.setQuery("");
    this.ask({ query: "", filters: {}, sort: "newest", offset: 0 });
  }

  /**
   * Search with these changes to what was asked. A later search ends an earlier one that is still under way.
   * @param {Partial<State>} changes
   * @param {boolean} [toTop]
   */
  async ask(changes, toTop = false) {
    if ("query" in changes) this.known = {};
    Object.assign(this.state, changes, { busy: true, problem: null });
    this.running?.abort();
    this.running = new AbortController();
    this.draw();
    announce(t("searching"));
    try {
      const question = this.question();
      this.state.answer = { ...(await api.search(question, this.running.signal)), offset: question.offset };
      this.learn(this.state.answer.facets);
    } catch (error) {
      if (isAborted(error)) return;
      Object.assign(this.state, { problem: error, answer: null });
    }
    this.state.busy = false;
    this.draw();
    this.tell(toTop);
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
    if (answer) announce(answer.total > 0 ? t("documents", { n: answer.total }) : t("nothing"));
    if (!toTop) return;
    scrollTo(0, 0);
    this.focusHit(".hit-title");
  }

  /**
   * A document is opened: remember where the reader of the list stood.
   * @param {string | null} documentId
   */
  leave(documentId) {
    this.scroll = scrollY;
    this.last = documentId;
  }

  /** Back from a document, or here for the first time. */
  enter() {
    scrollTo(0, this.scroll);
    if (this.last === null || !this.focusHit(`.hit-title[data-document="${CSS.escape(this.last)}"]`)) this.focus();
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
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const down = event.key === "ArrowDown";
    if (isTyping(event.target) && !(down && this.form?.isBox(event.target))) return;
    if (stepThroughHits(this.results, down ? 1 : -1, () => this.focus())) event.preventDefault();
  }
}

/**
 * @param {Answer} answer
 * @param {(query: string) => unknown} take
 */
function nothing({ offers }, take) {
  const shown = offers.map(({ kind, query, total }) => {
    const words = tOr(`offer_${kind}`, query, { query, n: total });
    return h("p", {}, button({ class: "link", onclick: () => take(query) }, words));
  });
  return h("div", { class: "nothing" }, h("p", {}, t("nothing")), shown, h("p", { class: "small" }, t("nothingHint")));
}
