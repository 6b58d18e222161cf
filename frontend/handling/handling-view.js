// One document as its registrar handles it: label and times, description, legal hold, removal, another try.

import { day, languageName, moment, t, tOr } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { announce, button, byId, h } from "../parts/dom.js";
import { banner } from "../parts/label.js";
import { notice, outcomeWords } from "../parts/notice.js";
import { answerName, questionWords, stateName, troubleWords } from "../parts/value-names.js";
import * as api from "../service/api.js";
import { Problem } from "../service/problem.js";
import * as registrar from "../service/registrar.js";
import { answering, attaching, correcting, holding, relabelling, removing, retrying } from "./acts.js";
import { say } from "./strings.js";

/**
 * @import { Child } from "../parts/dom.js"
 * @import { Agency, IntakeRow, Outcome, Paper, Person, Scheme } from "../service/answers.js"
 * @typedef {{ row: IntakeRow, paper: Paper, agencies: Agency[] }} Handled
 */

/** @param {{ person: Person, scheme: Scheme }} given */
export function handlingView({ person, scheme }) {
  return new HandlingView(person, scheme);
}

class HandlingView {
  /** @param {Person} person @param {Scheme} scheme */
  constructor(person, scheme) {
    this.person = person;
    this.scheme = scheme;
    this.node = h("section", { class: "work handling", "aria-labelledby": "handling-title" });
    this.id = "";
    /** @type {Handled | null} */
    this.handled = null;
    /** @type {Problem | null} */
    this.problem = null;
    this.said = "";
  }

  /** @param {{ id: string }} to */
  async enter({ id }) {
    Object.assign(this, { id, handled: null, problem: null, said: "" });
    this.redraw();
    byId("handling-title").focus();
    await this.load();
  }

  leave() {
    Object.assign(this, { id: "", handled: null, said: "" });
    this.node.replaceChildren();
  }

  async load() {
    const { id } = this;
    if (!id) return;
    try {
      const [row, paper, agencies] = await Promise.all([registrar.intakeOf(id), api.documentOf(id), registrar.agencies()]);
      if (this.id !== id) return;
      Object.assign(this, { handled: { row, paper, agencies }, problem: null });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (this.id === id) Object.assign(this, { handled: null, problem });
    }
    this.redraw();
  }

  redraw() {
    const focused = document.activeElement?.id;
    this.node.replaceChildren(...(this.handled ? this.parts(this.handled) : this.empty()));
    if (focused && this.node.querySelector(`#${CSS.escape(focused)}`)) byId(focused).focus({ preventScroll: true });
  }

  empty() {
    const title = h("h1", { id: "handling-title", tabindex: "-1" }, t("titleHandling"));
    const back = h("p", {}, h("a", { href: "#/intake" }, say("toIntake")));
    if (this.problem) return [title, notice(this.problem, () => this.load()), back];
    return this.id ? [title, h("p", { class: "waiting", "aria-busy": "true" }, t("loading"))] : [title, h("p", {}, say("choose")), back];
  }

  /** @param {Handled} handled */
  parts(handled) {
    const { row, paper } = handled;
    const [name, other] = titles(paper.title, paper.language || Object.keys(paper.title)[0]);
    return [
      h("div", { class: "marked-as" }, banner(row.label, this.scheme)),
      h(
        "div",
        { class: "work-head" },
        h("h1", { id: "handling-title", tabindex: "-1", lang: name.lang }, h("bdi", {}, name.text)),
        h("a", { class: "button", href: `#/document/${encodeURIComponent(this.id)}/1` }, say("read")),
      ),
      other && h("p", { class: "other-title", lang: other.lang }, h("bdi", {}, other.text)),
      h("p", { class: "outcome", role: "status" }, this.said),
      this.state(row),
      ...this.questions(row),
      this.attachments(paper),
      h("div", { class: "halves" }, h("div", {}, this.label(handled), this.hold(row), this.removal()), this.words(paper)),
    ].filter((part) => part !== undefined);
  }

  /** @param {IntakeRow} row */
  state(row) {
    const trouble = troubleWords(row);
    const again = row.code && row.stage !== "intake" && this.act("retry", say("retry"), () => retrying(this.id));
    const known = facts([
      [say("state"), stateName(row.state)],
      [say("file"), h("bdi", {}, row.filename)],
      [say("takenAt"), moment(row.taken_at)],
    ]);
    return h("div", { class: "card" }, known, trouble && h("p", { class: "trouble-words" }, trouble), again);
  }

  /** @param {IntakeRow} row what is asked of it, with the answers that are left */
  questions({ questions }) {
    return questions.map((asked) => {
      const { question, answer, answers } = asked;
      const left = answers.filter((code) => code !== answer);
      const presses = left.map((code) => this.act(`${question}-${code}`, `${answerName(code)}…`, () => answering(this.id, asked, code)));
      const answered = answer && h("p", { class: "small" }, say("answered", { answer: answerName(answer) }));
      return card(say("questionTitle"), h("p", {}, questionWords(asked)), answered, h("div", { class: "buttons" }, presses));
    });
  }

  /** @param {Paper} paper the files inside it, each with the way to what it was taken in as */
  attachments({ attachments, attached }) {
    if (!attachments.length) return undefined;
    const line = (/** @type {string} */ name, /** @type {number} */ at) => {
      const taken = attached.find(({ number }) => number === at + 1);
      const open = () => h("a", { href: `#/document/${encodeURIComponent(taken?.document_id ?? "")}/1` }, say("attachmentRead"));
      const take = () => this.act(`attachment-${at + 1}`, say("attachmentTake"), () => attaching(this.id, at + 1, name));
      return h("li", {}, h("bdi", {}, name), " ", taken ? open() : take());
    };
    return card(say("attachmentsTitle"), h("ul", {}, attachments.map(line)));
  }

  /** @param {Handled} handled */
  label(handled) {
    const { embargo_until: embargo, expires_at: expiry, review_on: review, published } = handled.row.times;
    const { person, scheme } = this;
    return card(
      say("labelTitle"),
      facts([
        [say("published"), say(published ? "yes" : "no")],
        [say("embargo"), embargo ? moment(embargo) : say("none")],
        [say("expiry"), expiry ? moment(expiry) : say("none")],
        [say("review"), review ? day(review) : say("none")],
      ]),
      this.act("relabel", say("change"), () => relabelling({ ...handled, person, scheme })),
    );
  }

  /** @param {Paper} paper */
  words(paper) {
    /** @param {string} text */
    const shown = (text) => (text ? h("bdi", {}, text) : say("none"));
    return card(
      say("wordsTitle"),
      facts([
        [say("titleEn"), shown(paper.title.en ?? "")],
        [say("titleRu"), shown(paper.title.ru ?? "")],
        [say("symbol"), shown(paper.symbol)],
        [say("date"), paper.date ? day(paper.date) : say("none")],
        [say("kind"), tOr(`kind_${paper.kind}`, paper.kind)],
        [say("paperLanguage"), paper.language ? languageName(paper.language) : say("none")],
        [say("meeting"), shown(paper.meeting)],
        [say("body"), shown(paper.body)],
        [say("countries"), shown(paper.countries.join(", "))],
        [say("keywords"), shown(paper.keywords.join(", "))],
      ]),
      this.act("correct", say("correct"), () => correcting(paper)),
    );
  }

  /** @param {IntakeRow} row */
  hold({ legal_hold: held }) {
    const press = this.act("hold", say(held ? "release" : "hold"), () => holding(this.id, !held));
    return card(say("holdTitle"), h("p", {}, say(held ? "held" : "notHeld")), press);
  }

  removal() {
    return card(say("removeTitle"), h("p", {}, say("removeLead")), this.act("remove", say("remove"), () => removing(this.id)));
  }

  /**
   * A button that asks for something in a dialog, and says what became of it.
   * @param {string} id
   * @param {string} label
   * @param {() => Promise<Outcome | null>} doing
   */
  act(id, label, doing) {
    const onclick = async () => {
      const outcome = await doing();
      if (!outcome) return;
      this.said = outcomeWords(outcome);
      announce(this.said);
      await this.load();
    };
    return h("p", { class: "acts" }, button({ class: "button", id: `act-${id}`, onclick }, label));
  }
}

/** @param {string} title @param {...Child} parts */
const card = (title, ...parts) => h("section", { class: "card" }, h("h2", {}, title), parts);

/** @param {[string, Child][]} pairs */
const facts = (pairs) => h("dl", { class: "handled-facts" }, pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
