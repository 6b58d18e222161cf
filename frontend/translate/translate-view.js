// Translators and reviewers: the queue of documents, and of one document its sentences beside the editor of one of them.

import { t } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { ask } from "../parts/dialog.js";
import { announce, button, byId, h, keepTyped, keyed } from "../parts/dom.js";
import { choiceField, dayField, lineField } from "../parts/fields.js";
import { notice, words } from "../parts/notice.js";
import { Problem } from "../service/problem.js";
import * as translator from "../service/translator.js";
import { Editor } from "./editor.js";
import { following } from "./following.js";
import { queueTable, untranslated } from "./queue.js";
import { say } from "./strings.js";
import { takingOut } from "./taking.js";
import { MOST, pairChoices, waiting, waitingTable } from "./waiting.js";

/**
 * @import { Hit, Person, Scheme, TranslationWork, WaitingSegment, WorkSegment } from "../service/answers.js"
 * @import { Which } from "./waiting.js"
 */

const PAGE = 100;
const STATES = /** @type {const} */ (["machine", "edited", "submitted", "approved"]);

/** @param {{ person: Person, scheme: Scheme }} given */
export function translateView({ person, scheme }) {
  return new TranslateView(person, scheme);
}

class TranslateView {
  /** @param {Person} person @param {Scheme} scheme */
  constructor(person, scheme) {
    this.edits = person.actions.includes("edit");
    this.judges = person.actions.includes("approve");
    this.scheme = scheme;
    this.node = h("section", { class: "work translate", "aria-labelledby": "translate-title" });
    this.id = "";
    this.state = "";
    this.offset = 0;
    /** @type {Hit[]} */
    this.hits = [];
    /** @type {WaitingSegment[]} */
    this.waiting = [];
    /** @type {Which} */
    this.which = this.edits ? "all" : "review";
    this.pair = ""; // whose papers alone are looked at
    /** @type {[id: string, title: string][] | null} */
    this.pairs = null;
    /** @type {number | null} the sentence that is to be opened once its document is shown */
    this.wanted = null;
    /** @type {TranslationWork | null} */
    this.work = null;
    /** @type {Problem | null} */
    this.problem = null;
    this.editor = new Editor(person, { saved: (segment) => this.renew(segment), next: (number) => this.next(number), toEnd: (last) => this.toEnd(last) });
    this.list = h("ol", { class: "sentences" });
    this.progress = h("div", {});
  }

  /** @param {{ id: string }} to */
  async enter({ id }) {
    this.editor.close();
    this.editor.queued = this.wanted !== null;
    if (id !== this.id) Object.assign(this, { id, state: "", offset: 0, work: null });
    if (this.wanted !== null) Object.assign(this, { state: "", offset: Math.floor(this.wanted / PAGE) * PAGE });
    this.problem = null;
    this.redraw();
    byId("translate-title").focus();
    await this.load();
    const { wanted } = this;
    this.wanted = null;
    if (wanted !== null && id === this.id && this.work) await this.open(wanted);
  }

  leave() {
    this.editor.close();
    this.pairs = null; // they are looked up anew
  }

  async load() {
    const { id, offset, state } = this;
    try {
      if (id) {
        const work = await translator.work(id, { offset, limit: PAGE, state });
        if (id !== this.id || offset !== this.offset || state !== this.state) return; // something else was chosen meanwhile
        this.work = work;
      } else await this.loadQueue();
      this.problem = null;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.problem = problem;
    }
    const focused = document.activeElement?.id;
    this.redraw();
    if (focused && this.node.querySelector(`#${CSS.escape(focused)}`)) byId(focused).focus({ preventScroll: true });
  }

  async loadQueue() {
    const { which, pair } = this;
    const [waits, hits, pairs] = await Promise.all([waiting(which, pair), untranslated(), this.pairs ?? pairChoices()]);
    if (which === this.which && pair === this.pair) Object.assign(this, { waiting: waits, hits, pairs });
  }

  redraw() {
    if (this.id) this.node.replaceChildren(...this.workParts());
    else this.drawQueue();
  }

  drawQueue() {
    const head = h("div", { class: "work-head" }, h("h1", { id: "translate-title", tabindex: "-1" }, t("titleTranslate")), h("p", {}, say("queueLead")));
    if (this.problem) return this.node.replaceChildren(head, notice(this.problem, () => this.load()));
    const waits = waitingTable((segment) => this.go(segment));
    const documents = queueTable(this.scheme);
    keepTyped(this.node, () => this.node.replaceChildren(head, h("h2", {}, say("waiting")), this.queueHead(), waits.node, h("h2", {}, say("untranslated")), documents.node));
    waits.fill(this.waiting);
    documents.fill(this.hits);
  }

  queueHead() {
    /** @type {Which[]} */
    const open = [...(this.edits ? /** @type {const} */ (["all", "mine"]) : []), ...(this.judges ? /** @type {const} */ (["review"]) : [])];
    const onchange = () => {
      this.which = /** @type {Which} */ (field.value());
      return this.load();
    };
    /** @type {[string, string][]} */
    const choices = open.map((which) => [which, say(`which_${which}`)]);
    const field = choiceField("waiting-which", say("which"), choices, this.which, { onchange });
    const pair = this.pairs?.length ? this.pairField(this.pairs) : null;
    const take = this.edits && this.which !== "review" && button({ class: "button primary", id: "take-next", onclick: () => this.takeNext() }, say("takeNext"));
    return h("div", { class: "queue-head" }, field.node, pair, take);
  }

  /** @param {[id: string, title: string][]} pairs */
  pairField(pairs) {
    const onchange = () => {
      this.pair = field.value();
      return this.load();
    };
    const field = choiceField("waiting-pair", say("inPair"), [["", say("inAll")], ...pairs], this.pair, { onchange });
    return field.node;
  }

  async takeNext() {
    try {
      const { segments } = await translator.takeNext(this.which === "mine", this.pair);
      if (segments.length) await this.go(segments[0]);
      else await this.load();
      if (!segments.length) announce(say("noneWaits"));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.problem = problem;
      this.redraw();
    }
  }

  /**
   * To a sentence of the queue: its document is shown, and the sentence opened there.
   * @param {WaitingSegment} segment
   */
  async go({ document_id: id, number }) {
    this.wanted = number;
    if (id === this.id) await this.enter({ id });
    else location.hash = `#/translate/${encodeURIComponent(id)}`;
  }

  workParts() {
    const { work } = this;
    const back = h("a", { class: "button", href: "#/translate" }, say("toQueue"));
    if (!work) {
      const title = h("h1", { id: "translate-title", tabindex: "-1" }, t("titleTranslate"));
      return [title, this.problem ? notice(this.problem, () => this.load()) : h("p", { class: "waiting" }, t("loading")), back];
    }
    const [name] = titles(work.title, work.source_language);
    const reader = h("a", { class: "button", href: `#/document/${encodeURIComponent(this.id)}/1` }, say("read"));
    this.editor.redraw();
    this.drawList();
    return [
      h("div", { class: "work-head" }, h("h1", { id: "translate-title", tabindex: "-1", lang: name.lang }, h("bdi", {}, name.text)), h("p", { class: "buttons" }, back, reader, this.judges && this.assigning(), takingOut(this.id))),
      this.progress,
      h("div", { class: "bench" }, h("div", { class: "bench-list" }, this.filter(work), this.list, this.paging(work)), this.editor.node),
    ];
  }

  assigning() {
    const { id } = this;
    const onclick = async () => {
      const name = lineField("assignee", say("assignee"), { maxlength: "100", spellcheck: "false" });
      const deadline = dayField("deadline", say("deadline"));
      const submit = () => translator.assign(id, name.value(), deadline.value() || null);
      if (await ask({ title: say("assignTitle"), parts: [name.node, deadline.node], press: say("assignPress"), submit })) announce(say("isAssigned"));
    };
    return button({ class: "button", id: "assign", onclick }, say("assign"));
  }

  /** @param {TranslationWork} work */
  filter({ counts }) {
    /** @type {[string, string][]} */
    const states = STATES.map((state) => [state, `${say(`work_${state}`)} (${counts[state] ?? 0})`]);
    const onchange = () => {
      Object.assign(this, { state: field.value(), offset: 0 });
      return this.load();
    };
    const field = choiceField("translate-state", say("show"), [["", say("everything")], ...states], this.state, { onchange });
    return field.node;
  }

  drawList() {
    const { work } = this;
    if (!work) return;
    const all = Object.values(work.counts).reduce((sum, n) => sum + n, 0);
    const approved = work.counts.approved ?? 0;
    const label = say("progress", { n: approved, total: all });
    this.progress.replaceChildren(h("p", { class: "small", id: "translate-progress" }, label), h("progress", { max: Math.max(1, all), value: approved, "aria-labelledby": "translate-progress" }));
    const items = work.segments.map((segment) => ({
      key: String(segment.number),
      value: [segment.text, segment.state, segment.number === this.editor.number, say("sentences")],
      make: () => this.line(segment),
    }));
    const none = { key: "none", value: say("none"), make: () => h("li", { class: "small" }, say("none")) };
    this.list.setAttribute("aria-label", say("sentences"));
    keyed(this.list, items.length ? items : [none]);
  }

  /** @param {WorkSegment} segment */
  line({ number, source_text: source, source_language: language, text, state }) {
    const open = number === this.editor.number;
    const target = language === "en" ? "ru" : "en";
    return h(
      "li",
      {},
      button(
        { class: "sentence-line", "data-sentence": number, "aria-current": open ? "true" : null, onclick: () => this.choose(number) },
        h("span", { class: `badge quiet work-${state}` }, say(`work_${state}`)),
        h("span", { lang: language }, source),
        text && h("span", { class: "quiet-line", lang: target }, text),
      ),
    );
  }

  /** @param {TranslationWork} work */
  paging({ total }) {
    /** @param {number} offset */
    const to = (offset) => {
      this.offset = offset;
      return this.load();
    };
    const before = this.offset > 0 && button({ class: "button", onclick: () => to(Math.max(0, this.offset - PAGE)) }, say("earlier"));
    const after = this.offset + PAGE < total && button({ class: "button", onclick: () => to(this.offset + PAGE) }, say("later"));
    return h("p", { class: "buttons" }, before, after);
  }

  /**
   * From here on, the next sentence is the next of the document.
   * @param {number} number
   */
  choose(number) {
    this.editor.queued = false;
    return this.open(number);
  }

  /**
   * To the first sentence of the document that is shown so, or to the last.
   * @param {boolean} last
   */
  async toEnd(last) {
    this.offset = last && this.work ? Math.floor(Math.max(0, this.work.total - 1) / PAGE) * PAGE : 0;
    await this.load();
    const end = this.work?.segments.at(last ? -1 : 0);
    if (end) await this.choose(end.number);
  }

  /** @param {number} number */
  async open(number) {
    await this.editor.open(this.id, number);
    this.drawList();
  }

  /**
   * A sentence has changed: its line shows it.
   * @param {WorkSegment} segment
   */
  renew(segment) {
    const { work } = this;
    if (!work) return;
    const old = work.segments.find(({ number }) => number === segment.number);
    if (old) {
      work.counts[old.state] = (work.counts[old.state] ?? 1) - 1;
      work.counts[segment.state] = (work.counts[segment.state] ?? 0) + 1;
    }
    work.segments = work.segments.map((one) => (one.number === segment.number ? segment : one));
    this.drawList();
  }

  /**
   * On to the sentence after this one: of the queue, where this one was opened from there, else of the document.
   * @param {number} number
   */
  async next(number) {
    if (this.editor.queued) return this.nextWaiting(number);
    const after = this.work?.segments.find((one) => one.number > number && !one.furniture);
    if (after) await this.open(after.number);
    else announce(say("saved"));
  }

  /** @param {number} number */
  async nextWaiting(number) {
    try {
      const after = following(await waiting(this.which, this.pair, MOST), this.id, number);
      if (after) await this.go(after);
      else this.editor.say(say("lastWaiting"));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.editor.say(words(problem));
    }
  }
}
