// What two papers that are each other's translation say differently, each place linked to its pages in both.

import { t } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { button, byId, h } from "../parts/dom.js";
import { banner } from "../parts/label.js";
import { notice } from "../parts/notice.js";
import { table } from "../parts/table.js";
import * as api from "../service/api.js";
import * as pairs from "../service/pairs.js";
import { Problem } from "../service/problem.js";
import { address } from "../state/router.js";
import { say, sayOr } from "./strings.js";

/**
 * @import { Code, Differences, DifferenceSide, Paper, Scheme } from "../service/answers.js"
 * @typedef {Differences["differences"][number]} Difference
 */

const PAGE = 200; // places of the alignment that are compared at once

/** @param {{ scheme: Scheme }} given */
export function differencesView({ scheme }) {
  return new DifferencesView(scheme);
}

class DifferencesView {
  /** @param {Scheme} scheme */
  constructor(scheme) {
    this.scheme = scheme;
    this.node = h("section", { class: "work", "aria-labelledby": "differences-title" });
    this.id = "";
    this.offset = 0;
    /** @type {{ papers: Paper[], found: Differences } | null} */
    this.shown = null;
    /** @type {Problem | null} */
    this.problem = null;
  }

  /** @param {{ id: string }} to */
  async enter({ id }) {
    Object.assign(this, { id, offset: 0, shown: null, problem: null });
    this.redraw();
    byId("differences-title").focus();
    await this.load(0);
  }

  leave() {
    Object.assign(this, { id: "", shown: null });
    this.node.replaceChildren();
  }

  /** @param {number} offset */
  async load(offset) {
    const { id } = this;
    try {
      const [{ pair }, found] = await Promise.all([pairs.pairOf(id, 0, 1), pairs.differencesOf(id, offset, PAGE)]);
      const papers = await Promise.all(pair.papers.map((paper) => api.documentOf(paper.document_id)));
      if (id === this.id) Object.assign(this, { offset, shown: { papers, found }, problem: null });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (id === this.id) Object.assign(this, { shown: null, problem });
    }
    if (id === this.id) this.redraw();
  }

  redraw() {
    const head = h("div", { class: "work-head" }, h("h1", { id: "differences-title", tabindex: "-1" }, t("titleDifferences")), h("p", {}, say("lead")));
    if (this.shown) return this.draw(head, this.shown.papers, this.shown.found);
    const waits = h("p", { class: "waiting", "aria-busy": "true" }, t("loading"));
    this.node.replaceChildren(head, this.problem ? notice(this.problem, () => this.load(this.offset)) : waits);
  }

  /** @param {HTMLElement} head @param {Paper[]} papers @param {Differences} found */
  draw(head, papers, { differences, total_beads: total }) {
    const rows = table({ id: "differences", caption: say("caption"), filter: false, key: (/** @type {Difference} */ one) => `${one.place} ${one.kind}`, columns: columns() });
    const before = this.offset > 0 && button({ class: "button", onclick: () => this.load(Math.max(0, this.offset - PAGE)) }, say("earlier"));
    const after = this.offset + PAGE < total && button({ class: "button", onclick: () => this.load(this.offset + PAGE) }, say("later"));
    this.node.replaceChildren(head, ...papers.map((paper) => this.about(paper)), rows.node, h("p", { class: "buttons" }, before, after));
    rows.fill(differences);
  }

  /** @param {Paper} paper */
  about({ document_id: id, title, language, label }) {
    const [name] = titles(title, language);
    return h("div", {}, banner(label, this.scheme), h("p", {}, h("a", { href: address(id, 1), lang: name.lang }, h("bdi", {}, name.text))));
  }
}

function columns() {
  /** @param {Code} language */
  const side = (language) => ({ head: say(`side_${language}`), cell: (/** @type {Difference} */ { sides }) => sideCell(language, sides[language]) });
  return [{ head: say("kind"), cell: (/** @type {Difference} */ { kind }) => sayOr(`kind_${kind}`, kind) }, side("en"), side("ru")];
}

/** @param {Code} language @param {DifferenceSide | undefined} side */
function sideCell(language, side) {
  if (!side?.segments.length) return say("nothing");
  const places = side.segments.map(({ segment_id: id, page, text }) =>
    h("p", {}, h("span", { lang: language }, text), " ", h("a", { href: address(documentIn(id), page) }, say("page", { page }))),
  );
  return [places, side.only.length > 0 && h("p", { class: "quiet-line" }, h("bdi", {}, say("only", { values: side.only.join(", ") })))];
}

/** @param {string} segment whose identifier begins with its document's */
const documentIn = (segment) => segment.slice(0, segment.lastIndexOf(".s"));
