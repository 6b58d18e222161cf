// The editor of one sentence: text, machine, memory, checks, history. What is typed is kept as a draft every few seconds.

import { language, moment } from "../languages/language.js";
import { ask } from "../parts/dialog.js";
import { announce, button, h } from "../parts/dom.js";
import { reasonField } from "../parts/fields.js";
import { notice, words } from "../parts/notice.js";
import { Problem } from "../service/problem.js";
import { current } from "../service/session.js";
import * as translator from "../service/translator.js";
import { checksPart, conflictPart, differencePart, historyPart, machinePart, matchesPart } from "./beside.js";
import { concordancePane, termsPane } from "./lookup.js";
import { say } from "./strings.js";

/**
 * @import { Finding, OneSegment, Person, WorkSegment } from "../service/answers.js"
 * @typedef {{ saved: (segment: WorkSegment) => void, next: (number: number) => Promise<void>, toEnd: (last: boolean) => unknown }} Told
 */

const PAUSE = 3_000; // milliseconds after the last key until a draft is kept

export class Editor {
  /** @param {Person} person @param {Told} told */
  constructor(person, told) {
    this.edits = person.actions.includes("edit");
    this.username = person.username;
    this.told = told;
    this.node = h("div", { class: "editor" });
    this.id = "";
    this.number = -1;
    this.queued = false; // whether it was opened from the queue
    /** @type {OneSegment | null} */
    this.one = null;
    this.box = h("textarea", { id: "translation", rows: "5", maxlength: "20000" });
    this.said = h("p", { class: "outcome", role: "status" });
    this.trouble = h("div", { "aria-live": "polite" });
    this.beside = h("div", { class: "beside" });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.session = current();
    this.lookups = { of: "", concordance: concordancePane(""), terms: termsPane() };
    this.node.addEventListener("keydown", (event) => this.onLookUp(event));
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    this.redraw();
  }

  /** @param {string} id @param {number} number */
  async open(id, number) {
    await this.keepDraft();
    this.close();
    Object.assign(this, { id, number });
    try {
      const one = await translator.segment(id, number);
      if (this.id !== id || this.number !== number) return;
      this.one = one;
      this.box.value = one.draft?.text ?? one.segment.text;
      this.say("");
      this.redraw();
      if (this.edits) {
        this.box.focus();
        await this.hold();
      } else this.node.querySelector("h2")?.focus();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.node.replaceChildren(notice(problem, () => this.open(id, number)));
    }
  }

  /** Nobody has it open here any more; what is half typed is kept as a draft. */
  close() {
    clearTimeout(this.timer);
    if (this.one && this.edits && current() === this.session) {
      this.keepDraft();
      translator.release(this.id, this.number).catch(unheard);
    }
    Object.assign(this, { one: null, number: -1 });
    this.redraw();
  }

  redraw() {
    const { one } = this;
    if (!one) return this.node.replaceChildren(h("p", { class: "small" }, say("pick")));
    const { segment, before, after, draft } = one;
    const own = segment.source_language;
    const target = own === "en" ? "ru" : "en";
    this.box.lang = target;
    this.box.readOnly = !this.edits;
    const typing = document.activeElement === this.box;
    const source = h("p", { class: "source-text", lang: own }, before && h("span", { class: "around" }, before, " "), h("strong", {}, segment.source_text), after && h("span", { class: "around" }, " ", after));
    this.node.replaceChildren(
      h("h2", { tabindex: "-1" }, say("sentenceTitle", { n: segment.number + 1, page: segment.page })),
      h("h3", {}, say("source")),
      source,
      h("div", { class: "field" }, h("label", { for: "translation" }, say("target")), this.box),
      draft ? h("p", { class: "hint" }, say("draft", { at: moment(draft.at) })) : "",
      segment.editing && segment.editing.username !== this.username ? h("p", { class: "hint" }, say("editing", { name: segment.editing.name })) : "",
      h("p", { class: "buttons" }, this.presses(one)),
      this.edits ? h("p", { class: "hint" }, say("keys")) : "",
      this.said,
      this.trouble,
      this.beside,
      ...this.panes(),
    );
    if (typing) this.box.focus({ preventScroll: true });
    this.drawBeside(one);
  }

  /** @param {OneSegment} one */
  presses({ segment, may_approve: judges }) {
    const { number } = segment;
    return [
      this.edits && button({ class: "button primary", id: "save-next", onclick: () => this.save(true) }, say(this.queued ? "saveNextWaiting" : "saveNext")),
      this.edits && button({ class: "button", id: "save", onclick: () => this.save(false) }, say("save")),
      this.edits && segment.state === "edited" && button({ class: "button", id: "submit", onclick: () => this.submit() }, say("submit")),
      judges && button({ class: "button primary", id: "approve", onclick: () => this.approve() }, say("approve")),
      judges && button({ class: "button", id: "reject", onclick: () => this.reject() }, say("reject")),
      this.queued && button({ class: "button", id: "next-waiting", onclick: () => this.told.next(number) }, say("nextWaiting")),
    ];
  }

  /** The panes that look words up: what one found stays while the document and the language of the page do. */
  panes() {
    const of = `${language()} ${this.id}`;
    if (this.lookups.of !== of) this.lookups = { of, concordance: concordancePane(this.id), terms: termsPane() };
    return [this.lookups.concordance.node, this.lookups.terms.node];
  }

  /** @param {OneSegment} one */
  drawBeside(one) {
    const take = this.edits ? (/** @type {string} */ text) => this.take(text) : null;
    this.beside.replaceChildren(
      one.may_approve ? differencePart(one.segment) : "",
      checksPart(one.checks, this.edits ? (finding) => this.waive(finding) : null),
      machinePart(one.segment, take),
      matchesPart(one.matches, one.segment, take),
      historyPart(one.history, one.segment, (text) => this.comment(text)),
    );
  }

  seen() {
    const { source_digest = "", version = 0 } = this.one?.segment ?? {};
    return { source_digest, version };
  }

  /** @param {string} text */
  take(text) {
    this.box.value = text;
    this.box.focus();
    this.typed();
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepDraft(), PAUSE);
  }

  async keepDraft() {
    clearTimeout(this.timer);
    const { one, id, number } = this;
    const text = this.box.value;
    if (!one || !this.edits || text.trim() === (one.draft?.text ?? one.segment.text).trim() || current() !== this.session) return;
    try {
      await translator.draft(id, number, this.seen(), text);
      one.draft = { version: one.segment.version, text, at: new Date().toISOString() };
      await this.hold();
    } catch (problem) {
      unheard(problem);
    }
  }

  /** Say that one has it open, and learn who else has. */
  async hold() {
    const { id, number } = this;
    try {
      const { mine, editing } = await translator.lease(id, number);
      if (this.number === number && !mine && editing) this.say(say("editing", { name: editing.name }));
    } catch (problem) {
      unheard(problem);
    }
  }

  /** @param {boolean} on to the next sentence */
  async save(on) {
    const { id, number, one } = this;
    if (!one) return;
    const text = this.box.value;
    if (await this.tried(() => translator.save(id, number, this.seen(), text), say("saved")) && on) await this.told.next(number);
  }

  submit() {
    return this.tried(() => translator.submit(this.id, this.number, this.seen()), say("submitted"));
  }

  approve() {
    return this.tried(() => translator.approve(this.id, this.number, this.seen()), say("approved"));
  }

  reject() {
    return this.because(say("rejectTitle"), say("rejected"), (reason) => translator.reject(this.id, this.number, this.seen(), reason));
  }

  /** @param {Finding} finding */
  waive(finding) {
    return this.because(say("waiveTitle"), "", (reason) => translator.waive(this.id, this.number, this.seen(), finding, reason));
  }

  /** @param {string} text */
  comment(text) {
    return this.tried(() => translator.comment(this.id, this.number, text), "");
  }

  /**
   * @param {string} title
   * @param {string} done
   * @param {(reason: string) => Promise<OneSegment>} doing
   */
  async because(title, done, doing) {
    const reason = reasonField();
    await ask({ title, parts: [reason.node], press: title, submit: async () => this.become(await doing(reason.value()), done) });
  }

  /**
   * @param {() => Promise<OneSegment>} doing
   * @param {string} done
   */
  async tried(doing, done) {
    clearTimeout(this.timer);
    try {
      this.become(await doing(), done);
      return true;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.say("");
      this.trouble.replaceChildren(problem.current ? this.conflict(problem.current) : h("p", { class: "said" }, words(problem)));
      return false;
    }
  }

  /** @param {{ version: number, text: string }} theirs */
  conflict(theirs) {
    /** @param {string} text */
    const goOn = (text) => {
      if (this.one) Object.assign(this.one.segment, theirs);
      this.trouble.replaceChildren();
      this.take(text);
    };
    const yours = this.box.value;
    return conflictPart(theirs.text, yours, {
      take: () => goOn(theirs.text),
      keep: () => {
        goOn(yours);
        return this.save(false);
      },
    });
  }

  /** @param {OneSegment} fresh @param {string} done */
  become(fresh, done) {
    if (fresh.segment.number !== this.number) return;
    const matches = this.one?.matches ?? [];
    this.one = { ...fresh, matches: fresh.matches.length ? fresh.matches : matches };
    if (this.box.value.trim() === fresh.segment.text) this.one.draft = null;
    this.trouble.replaceChildren();
    this.redraw();
    this.say(done);
    this.told.saved(fresh.segment);
  }

  /** @param {string} text */
  say(text) {
    this.said.textContent = text;
    if (text) announce(text);
  }

  /** @param {KeyboardEvent} event */
  onLookUp(event) {
    if (!(event.ctrlKey || event.metaKey) || event.code !== "KeyK" || !this.one) return;
    event.preventDefault();
    this.lookups.concordance.open();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const end = event.altKey ? { Home: "first", End: "last" }[event.key] : undefined;
    if (end) {
      event.preventDefault();
      this.told.toEnd(end === "last");
    }
    if (!(event.ctrlKey || event.metaKey) || !this.edits) return;
    const match = this.one?.matches[Number(event.key) - 1];
    if (event.key === "Enter") this.save(true);
    else if (event.key.toLowerCase() === "s") this.save(false);
    else if (event.key.toLowerCase() === "o" && this.one) this.take(this.one.segment.source_text);
    else if (match) this.take(match.target_text);
    else return;
    event.preventDefault();
  }
}

/** What is done on the side may fail: the next try comes soon. @param {unknown} problem */
function unheard(problem) {
  if (!(problem instanceof Problem)) throw problem;
}
