// The audit trail for its auditor: filters, a timeline, entries in words, proof and export, certificates of disposal.

import { t } from "../languages/language.js";
import { announce, button, byId, h, keepTyped, keyed } from "../parts/dom.js";
import { choiceField, lineField, momentField, row } from "../parts/fields.js";
import { notice } from "../parts/notice.js";
import * as auditor from "../service/administrator.js";
import { Problem } from "../service/problem.js";
import { certificateCard } from "./certificate.js";
import { actionName, countWords, entryRow, heads, timeline } from "./entries.js";
import { provingCard } from "./proving.js";
import { say, STRINGS } from "./strings.js";

/** @import { Entry, Scheme, TrailPage, TrailQuery } from "../service/answers.js" */

const PAGE = 50;
const DECISIONS = /** @type {const} */ (["allowed", "refused", "proposed"]);

/** @param {{ scheme: Scheme }} given */
export function trailView({ scheme }) {
  return new TrailView(scheme);
}

class TrailView {
  /** @param {Scheme} scheme */
  constructor(scheme) {
    this.scheme = scheme;
    this.node = h("section", { class: "work trail", "aria-labelledby": "trail-title" });
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {TrailPage["archives"]} */
    this.archives = [];
    /** @type {number | null} */
    this.next = null;
    this.asked = 0;
    this.on = this.draw();
  }

  enter() {
    byId("trail-title").focus();
    return this.find();
  }

  redraw() {
    keepTyped(this.node, () => (this.on = this.draw()));
    this.show();
  }

  draw() {
    const fields = filterFields(this.archives);
    const trouble = h("div", {});
    const when = h("div", {});
    const count = h("p", { class: "small counted", role: "status" });
    const body = h("tbody", {});
    const more = h("p", { class: "buttons" });
    /** @param {Event} event */
    const onsubmit = (event) => {
      event.preventDefault();
      return this.find();
    };
    const clear = () => {
      for (const field of Object.values(fields)) field.control.value = "";
      return this.find();
    };
    const { person, action, object, decision, since, until, archive } = fields;
    const presses = [h("button", { class: "button primary" }, say("find")), button({ class: "button", onclick: clear }, say("clear"))];
    const head = h("tr", {}, heads().map((words) => h("th", { scope: "col" }, words)));
    const certificate = certificateCard(this.scheme, () => archive.value());
    const table = h("table", { class: "rows entries" }, h("thead", {}, head), body);
    this.node.replaceChildren(
      h("div", { class: "work-head" }, h("h1", { id: "trail-title", tabindex: "-1" }, t("titleTrail")), h("p", {}, say("lead"))),
      h(
        "form",
        { class: "card fields", onsubmit },
        row(person.node, action.node, object.node, decision.node),
        row(since.node, until.node, archive.node),
        h("p", { class: "buttons" }, presses),
      ),
      trouble,
      when,
      count,
      table,
      more,
      certificate.node,
      provingCard(() => ({ since: since.value(), until: until.value() })),
    );
    return { fields, trouble, when, count, body, table, more, certificate };
  }

  /** @returns {TrailQuery} */
  query() {
    const { person, action, object, decision, since, until, archive } = this.on.fields;
    return {
      person: person.value(),
      action: action.value(),
      object: object.value(),
      decision: decision.value(),
      since: since.value(),
      until: until.value(),
      archive: archive.value(),
      limit: PAGE,
    };
  }

  find() {
    return this.load(null);
  }

  /** @param {number | null} before null begins anew */
  async load(before) {
    this.asked += 1;
    const asked = this.asked;
    this.on.table.setAttribute("aria-busy", "true");
    try {
      const page = await auditor.trail({ ...this.query(), before });
      if (asked !== this.asked) return;
      this.entries = before === null ? page.entries : [...this.entries, ...page.entries];
      this.next = page.next_before;
      this.on.trouble.replaceChildren();
      this.know(page.archives);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (before === null) Object.assign(this, { entries: [], next: null });
      this.on.trouble.replaceChildren(notice(problem, () => this.load(before)));
    }
    this.on.table.removeAttribute("aria-busy");
    this.show();
    announce(countWords(this.entries.length));
  }

  /**
   * The archives are known from the first answer on.
   * @param {TrailPage["archives"]} archives
   */
  know(archives) {
    if (JSON.stringify(archives) === JSON.stringify(this.archives)) return;
    this.archives = archives;
    this.redraw();
  }

  show() {
    const { when, count, body, table, more } = this.on;
    const words = heads();
    /** @param {"person" | "object"} name @param {string} value */
    const narrow = (name, value) => {
      this.on.fields[name].control.value = value;
      return this.find();
    };
    /** @param {string} id */
    const certify = (id) => this.on.certificate.show(id);
    keyed(body, this.entries.map((entry) => ({ key: String(entry.number), value: words, make: () => entryRow(entry, words, { narrow, certify }) })));
    when.replaceChildren(...(this.entries.length > 1 ? [timeline(this.entries, (since, until) => this.during(since, until))] : []));
    table.hidden = this.entries.length === 0;
    count.textContent = countWords(this.entries.length);
    more.replaceChildren(...(this.next === null ? [] : [button({ class: "button", onclick: () => this.load(this.next) }, say("more"))]));
  }

  /** @param {Date} since @param {Date} until */
  during(since, until) {
    const { fields } = this.on;
    fields.since.control.value = local(since);
    fields.until.control.value = local(until);
    return this.find();
  }
}

/** @param {Date} at as a field of the browser takes it */
const local = (at) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** @param {TrailPage["archives"]} archives */
function filterFields(archives) {
  const actions = Object.keys(STRINGS).filter((key) => key.startsWith("act_")).map((key) => key.slice(4));
  const named = actions.map((action) => /** @type {[string, string]} */ ([action, actionName(action)]));
  named.sort(([, a], [, b]) => a.localeCompare(b));
  const kept = archives.map(({ name, first, last, here }) => {
    return /** @type {[string, string]} */ ([name, say(here ? "archiveName" : "archiveElsewhere", { first, last })]);
  });
  return {
    person: lineField("trail-person", say("person"), { autocapitalize: "none", maxlength: "300" }),
    action: choiceField("trail-action", say("action"), [["", t("all")], ...named]),
    object: lineField("trail-object", say("object"), { spellcheck: "false", maxlength: "300", title: say("objectHint") }),
    decision: choiceField("trail-decision", say("decision"), [["", t("all")], ...DECISIONS.map((one) => /** @type {[string, string]} */ ([one, say(`decision_${one}`)]))]),
    since: momentField("trail-since", say("since")),
    until: momentField("trail-until", say("until")),
    archive: choiceField("trail-archive", say("archive"), [["", say("present")], ...kept]),
  };
}
