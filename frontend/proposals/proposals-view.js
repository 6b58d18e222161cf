// Changes that wait for a second person: what each would do, the effect on readers, approving, rejecting, taking back.

import { moment, t } from "../languages/language.js";
import { ask, tell } from "../parts/dialog.js";
import { announce, button, byId, h, keyed } from "../parts/dom.js";
import { effectTable } from "../parts/effect.js";
import { reasonField } from "../parts/fields.js";
import { notice } from "../parts/notice.js";
import * as changes from "../service/changes.js";
import { Problem } from "../service/problem.js";
import * as registrar from "../service/registrar.js";
import { changeOf, headingOf } from "./told.js";
import { say } from "./strings.js";

/** @import { AccessChange, DocumentChange, IntakeRow, Person, Proposal, Scheme } from "../service/answers.js" */

const NAMED = 30; // documents whose titles are asked for

/** @param {{ person: Person, scheme: Scheme }} given */
export function proposalsView({ person, scheme }) {
  return new ProposalsView(person, scheme);
}

class ProposalsView {
  /** @param {Person} person @param {Scheme} scheme */
  constructor(person, scheme) {
    this.person = person;
    this.scheme = scheme;
    this.node = h("section", { class: "work proposals", "aria-labelledby": "proposals-title" });
    /** @type {Proposal[] | null} */
    this.proposals = null;
    /** @type {Map<string, IntakeRow>} */
    this.rows = new Map();
    this.on = this.frame();
  }

  frame() {
    const outcome = h("p", { class: "outcome", role: "status" });
    const trouble = h("div", {});
    const list = h("div", { class: "inbox" });
    const title = h("h1", { id: "proposals-title", tabindex: "-1" }, t("titleProposals"));
    this.node.replaceChildren(h("div", { class: "work-head" }, title, h("p", {}, say("lead"))), outcome, trouble, list);
    return { outcome, trouble, list };
  }

  async enter() {
    byId("proposals-title").focus();
    await this.load();
  }

  redraw() {
    this.on = this.frame();
    this.draw();
  }

  async load() {
    try {
      const proposals = await changes.proposals();
      await this.nameDocuments(proposals); // before they are drawn: no button moves from under a pointer
      this.proposals = proposals;
      this.on.trouble.replaceChildren();
      this.draw();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.on.trouble.replaceChildren(notice(problem, () => this.load()));
    }
  }

  /**
   * A removed document has no line in the intake: it stays with its identifier.
   * @param {Proposal[]} proposals
   */
  async nameDocuments(proposals) {
    const ids = proposals.map(({ change }) => /** @type {DocumentChange} */ (change).document_id).filter(Boolean);
    const asked = [...new Set(ids)].filter((id) => !this.rows.has(id)).slice(0, NAMED);
    const rows = await Promise.all(asked.map((id) => registrar.intakeOf(id).catch(absent)));
    for (const row of rows) if (row) this.rows.set(row.document_id, row);
  }

  draw() {
    const { proposals } = this;
    if (!proposals) return;
    const cards = proposals.map((proposal) => ({
      key: proposal.proposal_id,
      value: proposal,
      make: () => this.card(proposal),
    }));
    const none = { key: "none", value: null, make: () => h("p", { class: "waiting" }, say("none")) };
    keyed(this.on.list, cards.length ? cards : [none]);
  }

  /** @param {Proposal} proposal */
  card(proposal) {
    const { proposal_id: id, proposed_by: by, proposed_at: at, reason, change } = proposal;
    const own = by === this.person.username;
    const effect = h("div", { class: "effect-place" });
    const row = this.rows.get(/** @type {DocumentChange} */ (change).document_id);
    const heading = h("h2", { id: `proposal-${id}` }, headingOf(proposal));
    const previews = proposal.kind === "access" && this.person.actions.includes("preview");
    const presses = own
      ? [button({ class: "button", onclick: () => this.refuse(proposal, true) }, say("takeBack"))]
      : [
          button({ class: "button primary", onclick: () => this.approve(proposal) }, say("approve")),
          button({ class: "button", onclick: () => this.refuse(proposal, false) }, say("reject")),
        ];
    return h(
      "article",
      { class: "card proposal", "aria-labelledby": heading.id },
      h("div", { class: "proposal-head" }, heading, own && h("span", { class: "badge quiet" }, say("yours"))),
      h("p", { class: "small" }, say("proposed", { by, at: moment(at) })),
      changeOf(proposal, row, this.scheme),
      h("p", {}, h("strong", {}, say("because"), ": "), h("bdi", {}, reason)),
      effect,
      h("p", { class: "buttons" }, presses, previews && button({ class: "button", onclick: () => this.preview(proposal, effect) }, t("effectShow"))),
    );
  }

  /** @param {Proposal} proposal @param {HTMLElement} place */
  async preview({ change }, place) {
    try {
      place.replaceChildren(effectTable(await changes.preview(/** @type {AccessChange} */ (change)), this.scheme));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      place.replaceChildren(notice(problem));
    }
  }

  /** @param {Proposal} proposal */
  async approve(proposal) {
    /** @type {string | null} */
    let code = null;
    const done = await ask({
      title: say("approveTitle"),
      parts: [h("p", {}, h("strong", {}, headingOf(proposal)))],
      press: say("approve"),
      submit: async () => {
        ({ code } = await changes.approve(proposal.proposal_id));
      },
    });
    if (!done) return;
    if (code) await tell(say("codeTitle"), [h("p", {}, say("codeLead")), h("p", { class: "codeword" }, code)]);
    await this.decided(say("approved"));
  }

  /** @param {Proposal} proposal @param {boolean} own */
  async refuse(proposal, own) {
    const reason = reasonField();
    const title = say(own ? "takeBackTitle" : "rejectTitle");
    const done = await ask({
      title,
      parts: [h("p", {}, h("strong", {}, headingOf(proposal))), reason.node],
      press: title,
      submit: () => changes.refuse(proposal.proposal_id, reason.value()),
    });
    if (done) await this.decided(say("rejected"));
  }

  /** @param {string} words */
  async decided(words) {
    this.on.outcome.textContent = words;
    announce(words);
    await this.load();
    byId("proposals-title").focus();
  }
}

/** @param {unknown} problem @returns {null} where there is no such document for this person */
function absent(problem) {
  if (problem instanceof Problem && problem.status === 404) return null;
  throw problem;
}
