// Papers that are each other's translation: those that a machine proposes, those that stand; confirming, rejecting, making.

import { moment, number, t } from "../languages/language.js";
import { ask } from "../parts/dialog.js";
import { titles } from "../parts/document-facts.js";
import { announce, button, byId, h } from "../parts/dom.js";
import { choiceField, lineField, reasonField } from "../parts/fields.js";
import { notice } from "../parts/notice.js";
import { table } from "../parts/table.js";
import { Problem } from "../service/problem.js";
import * as pairs from "../service/pairs.js";
import { address, place } from "../state/router.js";
import { say } from "./strings.js";

/** @import { Lending, Pair, Person } from "../service/answers.js" */

const PAGE = 50;
/** @type {("" | Pair["state"])[]} */
const STATES = ["", "proposed", "confirmed", "rejected"];
/** @type {Lending[]} */
const LENDINGS = ["excluded", "ordinary", "preferred"];

/** @param {{ person: Person }} given */
export function pairsView({ person }) {
  return new PairsView(person);
}

class PairsView {
  /** @param {Person} person */
  constructor(person) {
    this.edits = person.actions.includes("edit");
    this.node = h("section", { class: "work pairs", "aria-labelledby": "pairs-title" });
    this.asked = { state: "", offset: 0, limit: PAGE };
    this.total = 0;
    /** @type {Pair[]} */
    this.rows = [];
    this.on = this.frame();
  }

  frame() {
    const outcome = h("p", { class: "outcome", role: "status" });
    const trouble = h("div", {});
    const states = STATES.map((state) => /** @type {[string, string]} */ ([state, say(state ? `state_${state}` : "stand")]));
    const onchange = () => this.ask({ state: chosen.value(), offset: 0 });
    const chosen = choiceField("pairs-state", say("show"), states, this.asked.state, { onchange });
    const making = this.edits && button({ class: "button", id: "make-pair", onclick: () => this.make() }, say("make"));
    const list = this.table();
    const paging = h("p", { class: "buttons" });
    const head = h("div", { class: "work-head" }, h("h1", { id: "pairs-title", tabindex: "-1" }, t("titlePairs")), making, h("p", {}, say("lead")));
    this.node.replaceChildren(head, outcome, h("div", { class: "abreast filters" }, chosen.node), trouble, list.node, paging);
    return { outcome, trouble, list, paging };
  }

  table() {
    return table({
      id: "pairs",
      caption: t("titlePairs"),
      filter: false,
      key: (/** @type {Pair} */ { pair_id: id }) => id,
      columns: [
        { head: say("english"), cell: (pair) => paperCell(pair, 0) },
        { head: say("russian"), cell: (pair) => paperCell(pair, 1) },
        { head: say("likeness"), cell: ({ likeness }) => say("percent", { n: Math.round(likeness * 100) }) },
        { head: say("state"), cell: stateCell },
        { head: say("acts"), cell: (pair) => this.acts(pair) },
      ],
    });
  }

  async enter() {
    byId("pairs-title").focus();
    await this.load();
  }

  leave() {
    Object.assign(this, { rows: [], total: 0 });
    this.on = this.frame(); // no title stays on the page
  }

  redraw() {
    const said = this.on.outcome.textContent;
    this.on = this.frame();
    this.on.outcome.textContent = said;
    this.show();
  }

  /** @param {Partial<PairsView["asked"]>} change */
  ask(change) {
    this.asked = { ...this.asked, ...change };
    return this.load();
  }

  async load() {
    const { asked } = this;
    try {
      const { total, pairs: rows } = await pairs.listed(asked);
      if (asked !== this.asked) return;
      Object.assign(this, { total, rows });
      this.on.trouble.replaceChildren();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.on.trouble.replaceChildren(notice(problem, () => this.load()));
    }
    this.show();
  }

  show() {
    const { offset } = this.asked;
    this.on.list.fill(this.rows);
    const before = offset > 0 && button({ class: "button", onclick: () => this.ask({ offset: Math.max(0, offset - PAGE) }) }, say("earlierPairs"));
    const after = offset + PAGE < this.total && button({ class: "button", onclick: () => this.ask({ offset: offset + PAGE }) }, say("laterPairs"));
    const all = this.total > PAGE && h("span", { class: "small" }, say("ofAll", { n: number(this.total) }));
    this.on.paging.replaceChildren(...[before, after, all].filter((part) => part !== false));
  }

  /** @param {Pair} pair */
  acts(pair) {
    const { pair_id: id, state, aligned, decided_by: by } = pair;
    const settled = state === "confirmed" && by !== "";
    const confirms = this.edits && !settled && button({ class: state === "proposed" ? "button slim primary" : "button slim", onclick: () => this.decide("confirm", pair) }, say("confirm"));
    const rejects = this.edits && state !== "rejected" && button({ class: "button slim", onclick: () => this.decide("reject", pair) }, say("reject"));
    const lends = this.edits && state === "confirmed" && button({ class: "button slim", onclick: () => this.lend(pair) }, say("lending"));
    const ways = aligned && state !== "rejected";
    return h(
      "div",
      { class: "buttons pair-acts" },
      ways && [h("a", { href: `#/alignment/${encodeURIComponent(id)}` }, say("alignment")), h("a", { href: `#/differences/${encodeURIComponent(id)}` }, say("differences"))],
      confirms,
      rejects,
      lends,
    );
  }

  /** @param {"confirm" | "reject"} act @param {Pair} pair */
  async decide(act, pair) {
    const reason = reasonField();
    const submit = () => pairs[act](pair.pair_id, reason.value());
    if (await ask({ title: say(`title_${act}`), parts: [...named(pair), reason.node], press: say(act), submit })) await this.done(say(`done_${act}`));
  }

  /** @param {Pair} pair */
  async lend(pair) {
    const chosen = choiceField("pair-lending", say("lendingChoice"), LENDINGS.map((each) => [each, say(`lending_${each}`)]), pair.lending);
    const reason = reasonField();
    const submit = () => pairs.setLending(pair.pair_id, LENDINGS.find((each) => each === chosen.value()) ?? pair.lending, reason.value());
    const parts = [...named(pair), h("p", { class: "hint" }, say("lendingHint")), chosen.node, reason.node];
    if (await ask({ title: say("lendingTitle"), parts, press: say("lendingPress"), submit })) await this.done(say("done_lending"));
  }

  async make() {
    const english = lineField("pair-en", say("english"), { required: true, hint: say("makeHint"), spellcheck: "false" });
    const russian = lineField("pair-ru", say("russian"), { required: true, spellcheck: "false" });
    const reason = reasonField();
    const submit = () => pairs.make([documentIn(english.value()), documentIn(russian.value())], reason.value());
    const parts = [english.node, russian.node, reason.node];
    if (await ask({ title: say("makeTitle"), parts, press: say("makePress"), submit })) await this.done(say("done_confirm"));
  }

  /** @param {string} words */
  async done(words) {
    this.on.outcome.textContent = words;
    announce(words);
    await this.load();
    byId("pairs-title").focus();
  }
}

/**
 * A document's identifier, out of what somebody gives: that itself, or the address of the reader.
 * @param {string} text
 */
function documentIn(text) {
  const at = text.indexOf("#/");
  return at < 0 ? text : place(text.slice(at)).id;
}

/** @param {Pair} pair */
const named = ({ papers }) => papers.map(({ title, language }) => h("p", { lang: language }, titles(title, language)[0].text));

/** @param {Pair} pair @param {number} at */
function paperCell({ papers }, at) {
  const paper = papers[at];
  return paper && h("a", { href: address(paper.document_id, 1), lang: paper.language }, h("bdi", {}, paper.title[paper.language] ?? titles(paper.title, paper.language)[0].text));
}

/** @param {Pair} pair */
function stateCell({ state, decided_by: by, decided_at: at, aligned, lending }) {
  const who = by ? say("decided", { by, at: moment(at) }) : say("byMachine");
  return [
    h("span", { class: "badge quiet" }, say(`state_${state}`)),
    state === "confirmed" && lending !== "ordinary" && [" ", h("span", { class: "badge quiet" }, say(`lending_${lending}`))],
    h("div", { class: "quiet-line" }, h("bdi", {}, who)),
    !aligned && h("div", { class: "quiet-line" }, say("notAligned")),
  ];
}
