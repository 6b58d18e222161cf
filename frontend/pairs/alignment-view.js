// Which sentences of a pair are each other's translation, and putting that right by keys or buttons, and taking it back.
// What somebody else changed meanwhile is not changed over: it is shown as it is now.

import { t } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { announce, button, byId, h, isTyping, keyed } from "../parts/dom.js";
import { banner } from "../parts/label.js";
import { notice, words } from "../parts/notice.js";
import * as api from "../service/api.js";
import { Problem } from "../service/problem.js";
import * as pairs from "../service/pairs.js";
import { address } from "../state/router.js";
import { ACTS, beadRow, cutAt } from "./beads.js";
import { say } from "./strings.js";

/**
 * @import { Alignment, Correction, PairDetail, Paper, Person, Scheme } from "../service/answers.js"
 * @import { Act, Cut } from "./beads.js"
 */

const PAGE = 100; // beads shown at once

/** @param {{ person: Person, scheme: Scheme }} given */
export function alignmentView({ person, scheme }) {
  return new AlignmentView(person, scheme);
}

class AlignmentView {
  /** @param {Person} person @param {Scheme} scheme */
  constructor(person, scheme) {
    this.scheme = scheme;
    this.edits = person.actions.includes("edit");
    this.node = h("section", { class: "work alignment", "aria-labelledby": "alignment-title" });
    this.list = h("ol", { class: "plain beads" });
    this.said = h("p", { class: "outcome", role: "status" });
    this.id = "";
    this.offset = 0;
    this.at = 0; // the bead in hand, counted from the first that is shown
    this.waiting = 0; // corrections that were asked for and are not done
    this.refusals = 0;
    /** @type {Promise<void>} the correction asked for last */
    this.last = Promise.resolve();
    /** @type {Cut | null} where the bead in hand would be cut */
    this.cut = null;
    /** @type {Alignment | null} */
    this.alignment = null;
    /** @type {Paper[]} */
    this.papers = [];
    /** @type {Problem | null} */
    this.problem = null;
  }

  /** @param {string} id */
  clear(id) {
    Object.assign(this, { id, offset: 0, at: 0, cut: null, alignment: null, papers: [], problem: null });
    this.said.textContent = "";
    keyed(this.list, []);
  }

  /** @param {{ id: string }} to */
  async enter({ id }) {
    this.clear(id);
    this.redraw();
    byId("alignment-title").focus();
    await this.load();
  }

  leave() {
    this.clear("");
    this.node.replaceChildren();
  }

  async load(offset = this.offset) {
    const { id } = this;
    try {
      const detail = await pairs.pairOf(id, offset, PAGE);
      const papers = this.papers.length ? this.papers : await papersOf(detail);
      if (id !== this.id) return;
      Object.assign(this, { alignment: detail.alignment, papers, offset, problem: null, cut: null });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (id !== this.id) return;
      this.problem = problem;
    }
    this.redraw();
  }

  redraw() {
    const { alignment, problem } = this;
    const head = h("div", { class: "work-head" }, h("h1", { id: "alignment-title", tabindex: "-1" }, t("titleAlignment")), h("p", {}, say(this.edits ? "alignmentLead" : "alignmentSeen")));
    const waits = h("p", { class: "waiting", "aria-busy": "true" }, t("loading"));
    if (!alignment) return this.node.replaceChildren(head, problem ? notice(problem, () => this.load()) : waits);
    const focused = this.node.contains(document.activeElement) && document.activeElement?.closest("[data-place]") !== null;
    this.node.replaceChildren(head, ...this.papers.map((paper) => this.about(paper)), this.tools(), this.said, this.list, this.paging(alignment));
    this.list.setAttribute("aria-label", say("beads"));
    this.drawBeads();
    if (focused) this.focusBead();
  }

  /** @param {Paper} paper */
  about({ document_id: id, title, language, label }) {
    const own = title[language] ?? titles(title, language)[0].text;
    return h("div", {}, banner(label, this.scheme), h("p", {}, h("a", { href: address(id, 1), lang: language }, h("bdi", {}, own))));
  }

  tools() {
    const undo = this.edits && button({ class: "button", id: "undo-bead", "aria-keyshortcuts": "U", onclick: () => this.undo() }, say("undo"), h("kbd", {}, "U"));
    return h("p", { class: "buttons" }, undo, h("a", { class: "button", href: `#/differences/${encodeURIComponent(this.id)}` }, say("differences")));
  }

  drawBeads() {
    const { beads = [], total = 0 } = this.alignment ?? {};
    this.at = Math.max(0, Math.min(this.at, beads.length - 1));
    const rows = beads.map((bead, at) => {
      const inHand = at === this.at;
      const cut = inHand && this.edits ? (this.cut ?? cutAt(bead)) : null;
      return {
        key: `${bead.place}`,
        value: [bead, total, inHand, cut, say("beads")],
        make: () => beadRow({ bead, total, inHand, cut, edits: this.edits, onAct: (act) => this.act(act), onCut: (next) => this.moveCut(next), onTake: () => this.take(at, false) }),
      };
    });
    const none = { key: "none", value: null, make: () => h("li", { class: "waiting" }, say("noBeads")) };
    keyed(this.list, rows.length ? rows : [none]);
  }

  /** @param {Alignment} alignment */
  paging({ total }) {
    const before = this.offset > 0 && button({ class: "button", onclick: () => this.load(Math.max(0, this.offset - PAGE)) }, say("earlier"));
    const after = this.offset + PAGE < total && button({ class: "button", onclick: () => this.load(this.offset + PAGE) }, say("later"));
    return h("p", { class: "buttons" }, before, after);
  }

  /**
   * Take a bead in hand.
   * @param {number} at counted from the first that is shown
   * @param {boolean} focus
   */
  take(at, focus = true) {
    const last = (this.alignment?.beads.length ?? 0) - 1;
    const next = Math.max(0, Math.min(last, at));
    if (next !== this.at) this.cut = null;
    this.at = next;
    this.drawBeads();
    if (focus) this.focusBead();
  }

  focusBead() {
    const row = this.list.querySelector(`[aria-current="true"]`);
    if (!(row instanceof HTMLElement)) return;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  /** @param {Cut} cut */
  moveCut(cut) {
    this.cut = cut;
    this.drawBeads();
    this.focusBead();
  }

  /** @param {Act} act */
  act(act) {
    return this.correct(() => {
      const bead = this.alignment?.beads[this.at];
      return bead ? ACTS[act].change(bead, this.cut ?? cutAt(bead)) : null;
    });
  }

  undo() {
    return this.correct(() => ({ kind: "undo" }));
  }

  /**
   * Correct one thing after the other, however quickly they are asked for. What was asked for before one was refused is
   * not done after it: it meant another alignment.
   * @param {() => Omit<Correction, "version"> | null} change of the alignment as it is when its turn comes
   */
  correct(change) {
    if (!this.edits) return;
    const { id, refusals } = this;
    this.wait(1);
    const turn = () => (id === this.id && refusals === this.refusals ? this.send(change()) : undefined);
    this.last = this.last.then(turn).finally(() => this.wait(-1));
    return this.last;
  }

  /** @param {number} more or fewer corrections that are not done */
  wait(more) {
    this.waiting += more;
    this.list.setAttribute("aria-busy", String(this.waiting > 0));
  }

  /** @param {Omit<Correction, "version"> | null} change */
  async send(change) {
    const { alignment, id } = this;
    if (!alignment || !change) return;
    try {
      await pairs.correct(id, { version: alignment.version, ...change });
      await this.load();
      this.tell(say(change.kind === "undo" ? "undone" : "corrected"));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.refusals += 1;
      if (problem.code === "alignment_changed") await this.load();
      this.tell(words(problem));
    }
    if (id === this.id) this.focusBead();
  }

  /** @param {string} said */
  tell(said) {
    this.said.textContent = said;
    announce(said);
  }

  /** @param {KeyboardEvent} event keys by their place, so that they work in both alphabets */
  onKey(event) {
    if (isTyping(event.target) || !this.alignment) return;
    const bead = this.alignment.beads[this.at];
    const step = { ArrowDown: 1, KeyJ: 1, ArrowUp: -1, KeyK: -1 }[event.code];
    const side = event.shiftKey ? "ru" : "en";
    const shift = { ArrowRight: 1, ArrowLeft: -1 }[event.code];
    const act = /** @type {Act[]} */ (Object.keys(ACTS)).find((name) => ACTS[name].code === event.code && ACTS[name].shift === event.shiftKey);
    if (step) this.take(this.at + step);
    else if (shift && bead && this.edits) {
      const cut = this.cut ?? cutAt(bead);
      this.moveCut({ ...cut, [side]: Math.max(0, Math.min(bead.sides[side].length, cut[side] + shift)) });
    } else if (event.code === "KeyU") this.undo();
    else if (act) this.act(act);
    else return;
    event.preventDefault();
  }
}

/** @param {PairDetail} detail */
const papersOf = ({ pair }) => Promise.all(pair.papers.map((paper) => api.documentOf(paper.document_id)));
