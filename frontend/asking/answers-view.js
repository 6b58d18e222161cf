// A question, and the sentences that answer it, by meeting: each with its page, in its language and in the other.

import { day, number, t } from "../languages/language.js";
import { announce, byId, h } from "../parts/dom.js";
import { isAborted, notice } from "../parts/notice.js";
import * as api from "../service/expert.js";
import { Problem } from "../service/problem.js";
import { meetingName, paperLink, said } from "./said.js";
import { say } from "./strings.js";

/** @import { Answering, Proof } from "../service/answers.js" */

export const answersView = () => new AnswersView();

class AnswersView {
  constructor() {
    this.node = h("section", { class: "work answering", "aria-labelledby": "answers-title" });
    this.box = h("input", { id: "question", type: "search", maxlength: "4000", autocomplete: "off", spellcheck: "false" });
    /** @type {{ question: string, answer: Answering } | null} */
    this.shown = null;
    this.found = h("div", {});
    this.redraw();
    /** @param {string} id the question, by which the reader marks what a paper says */
    this.queryOf = (id) => (proofsOf(this.shown?.answer).some((each) => each.document_id === id) ? (this.shown?.question ?? null) : null);
  }

  enter() {
    if (this.shown) byId("answers-title").focus();
    else this.box.focus();
  }

  /** Draw everything anew but what was typed. */
  redraw() {
    /** @param {SubmitEvent} event */
    const onsubmit = (event) => {
      event.preventDefault();
      if (this.box.value.trim()) this.ask(this.box.value);
    };
    const line = h("div", { class: "question-line" }, this.box, h("button", { class: "button primary" }, say("ask")));
    const form = h("form", { class: "card", onsubmit }, h("label", { for: "question" }, say("question")), line);
    const heading = h("h1", { id: "answers-title", tabindex: "-1" }, t("titleAnswers"));
    this.node.replaceChildren(h("div", { class: "work-head" }, heading, h("p", {}, say("answersLead"))), form, this.found);
    if (this.shown) this.draw(this.shown.answer);
  }

  /** @param {string} question */
  async ask(question) {
    this.going?.abort();
    const going = (this.going = new AbortController());
    this.found.replaceChildren(h("p", { class: "waiting", "aria-busy": "true" }, t("searching")));
    try {
      const answer = await api.answer(question, going.signal);
      this.shown = { question, answer };
      this.draw(answer);
      announce(say("asked", { count: number(proofsOf(answer).length) }));
    } catch (problem) {
      if (isAborted(problem)) return;
      if (!(problem instanceof Problem)) throw problem;
      this.shown = null;
      this.found.replaceChildren(notice(problem, () => this.ask(question)));
    }
  }

  /** @param {Answering} answer */
  draw(answer) {
    const proofs = proofsOf(answer);
    if (!proofs.length) return this.found.replaceChildren(h("p", { class: "notice" }, say("noAnswer")));
    this.found.replaceChildren(
      h("p", { class: "found-count" }, say("asked", { count: number(proofs.length) })),
      ...answer.meetings.map((meeting) => h("section", { class: "card" }, h("h2", {}, meetingName(meeting)), meeting.proofs.map(proof))),
    );
  }

  leave() {
    this.going?.abort();
  }
}

/** @param {Answering | undefined} answer */
const proofsOf = (answer) => answer?.meetings.flatMap(({ proofs }) => proofs) ?? [];

/** @param {Proof} one */
function proof({ document_id: id, document_title: title, symbol, date, sentence, highlights }) {
  const known = [symbol, date && day(date)].filter(Boolean).join(" · ");
  const paper = { document_id: id, title, language: sentence.language };
  return h("article", {}, said(id, sentence, highlights), h("p", { class: "small" }, paperLink(paper, sentence.page), " ", h("bdi", {}, known)));
}
