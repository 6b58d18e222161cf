// The termbase: terms are looked up; translators propose, reviewers decide and bring files in. One term has its own page.

import { number, t } from "../languages/language.js";
import { announce, button, byId, h } from "../parts/dom.js";
import { choiceField, lineField } from "../parts/fields.js";
import { badges } from "../parts/label.js";
import { notice } from "../parts/notice.js";
import { table } from "../parts/table.js";
import { Problem } from "../service/problem.js";
import * as terms from "../service/terms.js";
import { deciding, importing, proposing } from "./acts.js";
import { say, sayOr } from "./strings.js";
import { termCard, wordsOf } from "./term.js";

/** @import { Person, Scheme, Term, TermState } from "../service/answers.js" */

const PAGE = 50;
const LONGEST = 300; // characters that are looked up
/** @type {TermState[]} */
const STATES = ["approved", "proposed", "rejected", "withdrawn", "replaced"];

/** @param {{ person: Person, scheme: Scheme }} given */
export function termsView({ person, scheme }) {
  return new TermsView(person, scheme);
}

class TermsView {
  /** @param {Person} person @param {Scheme} scheme */
  constructor(person, scheme) {
    this.person = person;
    this.scheme = scheme;
    this.edits = person.actions.includes("edit");
    this.judges = person.actions.includes("approve");
    this.node = h("section", { class: "work terms", "aria-labelledby": "terms-title" });
    this.id = "";
    this.asked = { query: "", state: /** @type {TermState} */ ("approved"), offset: 0, limit: PAGE };
    this.total = 0;
    /** @type {Term[]} */
    this.found = [];
    /** @type {Term | null} */
    this.term = null;
    this.on = this.frame();
  }

  frame() {
    const outcome = h("p", { class: "outcome", role: "status" });
    const body = h("div", {});
    const presses = [
      this.edits && button({ class: "button primary", id: "propose-term", onclick: () => this.propose(null) }, say("propose")),
      this.judges && button({ class: "button", id: "import-terms", onclick: () => this.bringIn() }, say("bringIn")),
    ];
    const title = h("h1", { id: "terms-title", tabindex: "-1" }, t("titleTerms"));
    const head = h("div", { class: "work-head" }, title, h("div", { class: "buttons" }, presses), h("p", {}, say("lead")));
    this.node.replaceChildren(head, outcome, body);
    return { outcome, body };
  }

  /** @param {{ id: string }} to */
  async enter({ id }) {
    Object.assign(this, { id, term: null });
    this.redraw();
    byId("terms-title").focus();
    await this.load();
  }

  leave() {
    Object.assign(this, { id: "", term: null });
    this.on = this.frame(); // nothing of a term stays on the page
  }

  redraw() {
    const said = this.on.outcome.textContent;
    this.on = this.frame();
    this.on.outcome.textContent = said;
    if (this.id) this.drawOne();
    else this.drawList();
  }

  async load() {
    const { id } = this;
    try {
      if (id) {
        const term = await terms.termOf(id);
        if (id === this.id) this.term = term;
        this.drawOne();
      } else await this.look();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.on.body.replaceChildren(this.back(), notice(problem, () => this.load()));
    }
  }

  async look() {
    const { asked } = this;
    const { total, terms: found } = await terms.find(asked);
    if (asked !== this.asked || this.id) return; // somebody has asked for something else meanwhile
    Object.assign(this, { total, found });
    if (this.rows) this.show();
    else this.drawList();
  }

  /** @param {Partial<TermsView["asked"]>} change */
  async ask(change) {
    this.asked = { ...this.asked, offset: 0, ...change };
    await this.load();
  }

  drawList() {
    const line = lineField("terms-query", say("query"), { type: "search", maxlength: String(LONGEST), value: this.asked.query });
    const states = STATES.map((state) => /** @type {[string, string]} */ ([state, say(`state_${state}`)]));
    const onchange = () => this.ask({ state: /** @type {TermState} */ (chosen.value()) });
    const chosen = choiceField("terms-state", say("state"), states, this.asked.state, { onchange });
    const onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      return this.ask({ query: line.value() });
    };
    const works = this.edits || this.judges;
    const press = h("button", { class: "button" }, say("find"));
    const form = h("form", { class: "abreast term-search", role: "search", onsubmit }, line.node, works && chosen.node, h("p", {}, press));
    this.rows = termTable(this.scheme);
    this.paging = h("div", { class: "buttons" });
    this.on.body.replaceChildren(form, this.rows.node, this.paging);
    this.show();
  }

  show() {
    const { offset } = this.asked;
    this.rows?.fill(this.found);
    const before = offset > 0 && button({ class: "button", onclick: () => this.ask({ offset: Math.max(0, offset - PAGE) }) }, say("earlier"));
    const after = offset + PAGE < this.total && button({ class: "button", onclick: () => this.ask({ offset: offset + PAGE }) }, say("later"));
    const span = this.total > 0 && h("span", { class: "small" }, say("span", { from: number(offset + 1), to: number(offset + this.found.length), n: this.total }));
    this.paging?.replaceChildren(...[before, after, span].filter((part) => part !== false));
  }

  back() {
    return this.id ? h("p", {}, h("a", { class: "button", id: "to-terms", href: "#/terms" }, say("toTerms"))) : "";
  }

  drawOne() {
    const { term } = this;
    this.rows = undefined;
    const shown = term ? [termCard(term, this.scheme), h("p", { class: "buttons" }, this.presses(term))] : [h("p", { class: "waiting", "aria-busy": "true" }, t("loading"))];
    this.on.body.replaceChildren(this.back(), ...shown);
  }

  /** @param {Term} term what this person may do with it */
  presses(term) {
    const { state, shipped, history } = term;
    const own = history.find(({ act }) => act === "proposed")?.by === this.person.username;
    const waits = state === "proposed";
    /** @param {"approve" | "reject" | "withdraw"} act */
    const press = (act) => button({ class: act === "approve" ? "button primary" : "button", id: `${act}-term`, onclick: () => this.decide(act, term) }, say(act));
    return [
      waits && this.judges && !own && [press("approve"), press("reject")],
      waits && this.edits && own && press("withdraw"),
      state === "approved" && !shipped && this.edits && button({ class: "button", id: "replace-term", onclick: () => this.propose(term) }, say("replace")),
    ];
  }

  /** @param {Term | null} replaced */
  async propose(replaced) {
    const id = await proposing(this.person, this.scheme, replaced);
    if (!id) return;
    this.tell(say("proposed"));
    location.hash = `#/terms/${encodeURIComponent(id)}`;
  }

  async bringIn() {
    const imported = await importing(this.person, this.scheme);
    if (!imported) return;
    this.tell(say("imported", { n: imported.entries, name: imported.name }));
    await this.load();
  }

  /** @param {"approve" | "reject" | "withdraw"} act @param {Term} term */
  async decide(act, term) {
    if (!(await deciding(act, term))) return;
    this.tell(say(`done_${act}`));
    await this.load();
    byId("terms-title").focus();
  }

  /** @param {string} words */
  tell(words) {
    this.on.outcome.textContent = words;
    announce(words);
  }
}

/** @param {Scheme} scheme */
function termTable(scheme) {
  /** @param {Term} term */
  const about = ({ domain, note }) => h("bdi", { class: "quiet-line" }, [domain && sayOr(`domain_${domain}`, domain), note].filter(Boolean).join(" · "));
  return table({
    id: "terms",
    caption: t("titleTerms"),
    filter: false,
    key: (/** @type {Term} */ { term_id: id }) => id,
    columns: [
      { head: say("english"), cell: (term) => h("a", { href: `#/terms/${encodeURIComponent(term.term_id)}` }, wordsOf(term, "en")) },
      { head: say("russian"), cell: (term) => wordsOf(term, "ru") },
      { head: say("about"), cell: about },
      { head: say("label"), cell: ({ label }) => (label ? badges(label, scheme) : h("span", { class: "badge quiet" }, say("shipped"))) },
    ],
  });
}
