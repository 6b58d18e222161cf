// What a paper recommends, concludes or decides; and, for each, what the papers of later meetings make of it.

import { day, language, t } from "../languages/language.js";
import { button, byId, h } from "../parts/dom.js";
import { banner } from "../parts/label.js";
import { notice } from "../parts/notice.js";
import * as api from "../service/api.js";
import * as expert from "../service/expert.js";
import { Problem } from "../service/problem.js";
import { meetingName, paperLink, said } from "./said.js";
import { say } from "./strings.js";

/** @import { LaterPaper, Paper, Point, Points, Scheme, Thread } from "../service/answers.js" */

const PAGE = 50; // points of a paper that are shown at once

/** @param {{ scheme: Scheme }} given */
export const pointsView = ({ scheme }) => new PointsView(scheme);

class PointsView {
  /** @param {Scheme} scheme */
  constructor(scheme) {
    this.scheme = scheme;
    this.node = h("section", { class: "work answering", "aria-labelledby": "points-title" });
    this.id = "";
    this.offset = 0;
    /** @type {{ paper: Paper, points: Points } | null} */
    this.shown = null;
    /** @type {Problem | null} */
    this.problem = null;
    /** @type {Map<number, Thread>} what was followed, by the place of its point */
    this.threads = new Map();
  }

  /** @param {{ id: string }} to */
  async enter({ id }) {
    if (id !== this.id) Object.assign(this, { id, offset: 0, shown: null, problem: null, threads: new Map() });
    this.redraw();
    byId("points-title").focus();
    if (!this.shown) await this.load(0);
  }

  /** @param {number} offset */
  async load(offset) {
    const { id } = this;
    try {
      const [paper, points] = await Promise.all([api.documentOf(id), expert.pointsOf(id, offset, PAGE)]);
      if (id === this.id) Object.assign(this, { offset, shown: { paper, points }, problem: null });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (id === this.id) Object.assign(this, { shown: null, problem });
    }
    if (id === this.id) this.redraw();
  }

  redraw() {
    const head = h("div", { class: "work-head" }, h("h1", { id: "points-title", tabindex: "-1" }, t("titlePoints")), h("p", {}, say("pointsLead")));
    if (this.shown) return this.draw(head, this.shown.paper, this.shown.points);
    const waits = h("p", { class: "waiting", "aria-busy": "true" }, t("loading"));
    this.node.replaceChildren(head, this.problem ? notice(this.problem, () => this.load(this.offset)) : waits);
  }

  /** @param {HTMLElement} head @param {Paper} paper @param {Points} points */
  draw(head, paper, { total, recommendations }) {
    const about = h("p", {}, paperLink(paper, 1));
    const before = this.offset > 0 && button({ class: "button", onclick: () => this.load(Math.max(0, this.offset - PAGE)) }, say("earlier"));
    const after = this.offset + PAGE < total && button({ class: "button", onclick: () => this.load(this.offset + PAGE) }, say("later"));
    const none = total === 0 && h("p", { class: "notice" }, say("pointsNone"));
    this.node.replaceChildren(
      head,
      banner(paper.label, this.scheme),
      about,
      ...recommendations.map((point) => this.card(paper.document_id, point)),
      none || h("p", { class: "buttons" }, before, after),
    );
  }

  /** @param {string} id @param {Point} point */
  card(id, point) {
    const kind = say(`point_${point.kind}`);
    const name = point.number ? say("pointNumbered", { kind, number: point.number }) : kind;
    const later = h("div", { class: "later", hidden: true });
    const toggle = button({ class: "button slim", "aria-expanded": "false", "aria-label": say("followed", { said: name }) }, say("follow"));
    const open = () => {
      later.hidden = !later.hidden;
      toggle.setAttribute("aria-expanded", String(!later.hidden));
      if (!later.hidden) this.follow(id, point, later);
    };
    toggle.addEventListener("click", open);
    const heading = h("h2", { id: `point-${point.place}` }, name);
    return h("article", { class: "card", "aria-labelledby": heading.id }, heading, point.sentences.map((one) => said(id, one)), h("p", { class: "buttons" }, toggle), later);
  }

  /** @param {string} id @param {Point} point @param {HTMLElement} later */
  async follow(id, point, later) {
    const known = this.threads.get(point.place);
    if (known) return later.replaceChildren(...thread(known));
    later.replaceChildren(h("p", { class: "waiting", "aria-busy": "true" }, t("searching")));
    try {
      const found = await expert.threadOf(id, point.place);
      if (id === this.id) this.threads.set(point.place, found);
      later.replaceChildren(...thread(found));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      later.replaceChildren(notice(problem, () => this.follow(id, point, later)));
    }
  }
}

/** @param {Thread} found the meetings one below the other, the earliest first */
function thread({ meetings }) {
  if (!meetings.length) return [h("p", { class: "quiet-line" }, say("nothingLater"))];
  const steps = meetings.map((meeting) => h("li", {}, h("h3", {}, meetingName(meeting)), once(meeting.papers).map(laterPaper)));
  return [h("ol", { class: "thread" }, steps)];
}

/**
 * Each paper once, where it exists in both languages: in the one that the page speaks.
 * @param {LaterPaper[]} papers
 */
function once(papers) {
  /** @param {LaterPaper} one @param {LaterPaper} other */
  const isOther = (one, other) => one.symbol !== "" && one.symbol === other.symbol && one.language !== other.language;
  return papers.filter((paper) => paper.language === language() || !papers.some((other) => isOther(paper, other)));
}

/** @param {LaterPaper} paper */
function laterPaper(paper) {
  const { document_id: id, symbol, date, sentences, reasons } = paper;
  const known = [symbol, date && day(date)].filter(Boolean).join(" · ");
  const line = h("p", { class: "paper" }, paperLink(paper, sentences[0]?.page ?? 1), " ", h("bdi", {}, known));
  return [line, sentences.map((one, at) => [h("p", { class: "whose" }, reasons[at].map((reason) => say(`reason_${reason}`)).join(", ")), said(id, one)])];
}
