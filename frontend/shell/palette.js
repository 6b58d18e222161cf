// Goes anywhere by typing: to views, to the papers opened last, to a paper by its symbol. A symbol is asked for on Enter alone.

import { t } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { h } from "../parts/dom.js";
import { words } from "../parts/notice.js";
import * as api from "../service/api.js";
import { Problem } from "../service/problem.js";
import { recentPapers } from "../state/recent.js";
import { address } from "../state/router.js";
import { say } from "./strings.js";

/**
 * @import { Route } from "./routes.js"
 * @typedef {{ key: string, text: string, lang?: string, about: string, go: () => unknown }} Goal
 */

const MOST = 8; // papers of a symbol
const LONGEST = 100;

/** @param {Route[]} routes all that this person may enter */
export function openPalette(routes) {
  new Palette(routes).open();
}

class Palette {
  /** @param {Route[]} routes */
  constructor(routes) {
    this.routes = routes;
    this.searches = routes.some(({ view }) => view === "search");
    const field = { id: "go-to", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: String(LONGEST) };
    const told = { "aria-expanded": "true", "aria-controls": "goals", "aria-autocomplete": "list" };
    this.field = h("input", { ...field, ...told, oninput: () => this.draw(), onkeydown: (event) => this.onKey(event) });
    this.list = h("div", { id: "goals", class: "goals", role: "listbox", "aria-label": say("goals") });
    this.said = h("p", { class: "small", role: "status" });
    this.leaving = new AbortController();
    this.at = 0;
    /** @type {Goal[]} */
    this.goals = [];
    const label = h("label", { for: "go-to", id: "dialog-title" }, say(this.searches ? "goTo" : "goToView"));
    const parts = [h("div", { class: "field" }, label, this.field), this.said, this.list];
    this.dialog = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title", onclose: () => this.close() }, h("div", { class: "fields" }, parts));
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.field.focus();
    this.draw();
  }

  close() {
    this.leaving.abort();
    this.dialog.remove();
  }

  draw() {
    const typed = this.field.value.trim();
    const papers = this.searches ? [...paperGoals(typed), ...(typed ? [this.symbolGoal(typed)] : [])] : [];
    this.show([...viewGoals(this.routes, typed), ...papers]);
  }

  /** @param {Goal[]} goals */
  show(goals) {
    Object.assign(this, { goals, at: 0 });
    this.list.replaceChildren(...goals.map((goal, n) => this.option(goal, n)));
    this.said.textContent = goals.length ? "" : say("noGoals");
    this.mark();
  }

  /** @param {Goal} goal @param {number} n */
  option({ text, lang, about }, n) {
    return h("div", { role: "option", id: `goal-${n}`, class: "goal", onclick: () => this.go(n) }, h("bdi", { lang }, text), " ", h("span", { class: "small" }, about));
  }

  mark() {
    for (const [n, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", String(n === this.at));
    if (this.goals.length) this.field.setAttribute("aria-activedescendant", `goal-${this.at}`);
    else this.field.removeAttribute("aria-activedescendant");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} symbol @returns {Goal} */
  symbolGoal(symbol) {
    return { key: "symbol", text: symbol, about: say("bySymbol"), go: () => this.look(symbol) };
  }

  /** @param {string} symbol */
  async look(symbol) {
    this.said.textContent = t("searching");
    try {
      const query = `symbol:"${symbol.replaceAll('"', " ")}"`;
      const { hits } = await api.search({ query, filters: {}, sort: "relevance", offset: 0, limit: MOST }, this.leaving.signal);
      this.show(hits.map((hit) => paperGoal({ ...hit, symbol })));
    } catch (problem) {
      if (problem instanceof Problem) this.said.textContent = words(problem);
      else if (!this.leaving.signal.aborted) throw problem;
    }
  }

  /** @param {number} n */
  go(n) {
    if (this.goals[n]?.key !== "symbol") this.dialog.close();
    return this.goals[n]?.go();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.goals.length) {
      this.at = (this.at + step + this.goals.length) % this.goals.length;
      this.mark();
    } else if (event.key === "Enter") this.go(this.at);
    else return;
    event.preventDefault();
  }
}

/** The views, those first that are called so. @param {Route[]} routes @param {string} typed @returns {Goal[]} */
function viewGoals(routes, typed) {
  const goals = routes
    .filter(({ view, lead }) => lead || view === "account" || view === "home")
    .map(({ view, title, lead }) => ({ key: view, text: t(title), about: lead ? t(lead) : "", go: () => location.assign(`#/${view}`) }))
    .filter(({ text, about }) => fits(typed, text, about));
  return goals.sort((one, other) => Number(fits(typed, other.text)) - Number(fits(typed, one.text)));
}

/** @param {string} typed */
const paperGoals = (typed) => recentPapers().filter(({ title, symbol }) => fits(typed, symbol, ...Object.values(title))).map(paperGoal);

/** @param {{ document_id: string, title: Partial<Record<string, string>>, language: string, symbol: string }} paper @returns {Goal} */
function paperGoal({ document_id: id, title, language, symbol }) {
  const [name] = titles(title, language);
  return { key: id, text: name.text, lang: name.lang, about: symbol, go: () => location.assign(address(id, 1)) };
}

/** @param {string} typed @param {...(string | undefined)} texts */
const fits = (typed, ...texts) => texts.some((text) => text?.toLocaleLowerCase().includes(typed.toLocaleLowerCase()));
