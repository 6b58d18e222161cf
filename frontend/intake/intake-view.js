// The intake: what was brought in, filtered by state and review date; what failed, why, and the way to try it again.

import { t } from "../languages/language.js";
import { ask } from "../parts/dialog.js";
import { announce, button, byId, h, keepTyped } from "../parts/dom.js";
import { choiceField, dayField, reasonField, row } from "../parts/fields.js";
import { notice, outcomeWords } from "../parts/notice.js";
import { stateName } from "../parts/value-names.js";
import { Problem } from "../service/problem.js";
import * as registrar from "../service/registrar.js";
import { keepInAddress } from "../state/router.js";
import { intakeTable } from "./rows.js";
import { say } from "./strings.js";

/** @import { IntakeRow, Scheme } from "../service/answers.js" */

export const PAGE = 50;
const STATES = ["received", "extracted", "indexed", "translated", "quarantined"];

/** @param {{ scheme: Scheme }} given */
export function intakeView({ scheme }) {
  return new IntakeView(scheme);
}

class IntakeView {
  /** @param {Scheme} scheme */
  constructor(scheme) {
    this.scheme = scheme;
    this.node = h("section", { class: "work intake", "aria-labelledby": "intake-title" });
    this.offset = 0;
    this.asked = 0;
    /** @type {IntakeRow[]} */
    this.rows = [];
    this.on = this.draw();
  }

  /**
   * Shown: a state may stand in the address.
   * @param {{ id: string }} to
   */
  enter({ id }) {
    this.on.state.control.value = STATES.includes(id) ? id : "";
    byId("intake-title").focus();
    return this.load(0);
  }

  redraw() {
    keepTyped(this.node, () => (this.on = this.draw()));
    this.show();
  }

  draw() {
    const again = () => {
      keepInAddress("intake", state.value());
      return this.load(0);
    };
    /** @type {[string, string][]} */
    const states = STATES.map((state) => [state, stateName(state)]);
    const state = choiceField("intake-state", say("shownState"), [["", say("everyState")], ...states], "", { onchange: again });
    const review = dayField("intake-review", say("reviewBy"), { onchange: again });
    const rows = intakeTable(this.scheme, (failed) => this.retry(failed));
    const outcome = h("p", { class: "outcome", role: "status" });
    const trouble = h("div", {});
    const paging = h("nav", { class: "buttons", "aria-label": say("pages") });
    this.node.replaceChildren(
      h(
        "div",
        { class: "work-head" },
        h("h1", { id: "intake-title", tabindex: "-1" }, t("titleIntake")),
        h("a", { class: "button primary", href: "#/add" }, say("bring")),
        h("p", {}, say("lead")),
      ),
      row(state.node, review.node),
      outcome,
      trouble,
      rows.node,
      paging,
    );
    return { state, review, rows, outcome, trouble, paging };
  }

  /** @param {number} offset */
  async load(offset) {
    this.asked += 1;
    const asked = this.asked;
    this.node.setAttribute("aria-busy", "true");
    try {
      const query = { offset, limit: PAGE + 1, state: this.on.state.value(), review_by: this.on.review.value() };
      const rows = await registrar.intake(query);
      if (asked !== this.asked) return; // a later one is under way
      Object.assign(this, { rows, offset });
      this.on.trouble.replaceChildren();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.rows = [];
      this.on.trouble.replaceChildren(notice(problem, () => this.load(offset)));
    }
    this.node.removeAttribute("aria-busy");
    this.show();
  }

  show() {
    this.on.rows.fill(this.rows.slice(0, PAGE));
    const before = this.offset > 0 && button({ class: "button", onclick: () => this.load(this.offset - PAGE) }, say("earlier"));
    const after = this.rows.length > PAGE && button({ class: "button", onclick: () => this.load(this.offset + PAGE) }, say("later"));
    this.on.paging.replaceChildren(...[before, after].filter((part) => part !== false));
  }

  /** @param {IntakeRow} failed */
  async retry(failed) {
    const reason = reasonField();
    const done = await ask({
      title: say("retryTitle"),
      parts: [h("p", {}, say("retryLead")), reason.node],
      press: say("retryTitle"),
      submit: () => registrar.retry(failed.document_id, reason.value()),
    });
    if (!done) return;
    this.on.outcome.textContent = outcomeWords({ state: "done" });
    announce(outcomeWords({ state: "done" }));
    await this.load(this.offset);
  }
}
