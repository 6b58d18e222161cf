// Bringing files in: the label first, then the files, each with its progress. Sends one file at a time.

import { t, tOr } from "../languages/language.js";
import { byId, h, keepTyped } from "../parts/dom.js";
import { choiceField, dayField, lineField, momentField, row } from "../parts/fields.js";
import { agencyName, labelFields } from "../parts/label-fields.js";
import { notice } from "../parts/notice.js";
import { Problem } from "../service/problem.js";
import * as registrar from "../service/registrar.js";
import { dropZone } from "./drop-zone.js";
import { Sending } from "./sending.js";
import { say } from "./strings.js";

/** @import { Agency, Person, Scheme } from "../service/answers.js" */

const KINDS = ["agenda", "statement", "report", "recommendations", "resolution", "other"];

/** @param {{ person: Person, scheme: Scheme }} given */
export function addView({ person, scheme }) {
  return new AddView(person, scheme);
}

class AddView {
  /** @param {Person} person @param {Scheme} scheme */
  constructor(person, scheme) {
    this.person = person;
    this.scheme = scheme;
    this.node = h("section", { class: "work add", "aria-labelledby": "add-title" });
    /** @type {Agency[] | null} */
    this.agencies = null;
    this.sending = new Sending(scheme);
    this.drawFrame([]);
  }

  async enter() {
    byId("add-title").focus();
    this.sending.watch();
    if (this.agencies) return;
    try {
      this.agencies = await registrar.agencies();
      this.redraw();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.drawFrame([notice(problem, () => this.enter())]);
    }
  }

  leave() {
    this.sending.rest();
  }

  redraw() {
    const { agencies } = this;
    if (!agencies) return this.drawFrame([]);
    keepTyped(this.node, () => this.drawFrame(this.fields(agencies)));
    this.sending.draw();
  }

  /** @param {HTMLElement[]} parts */
  drawFrame(parts) {
    const head = h(
      "div",
      { class: "work-head" },
      h("h1", { id: "add-title", tabindex: "-1" }, t("titleAdd")),
      h("p", {}, say("addLead")),
    );
    this.node.replaceChildren(head, ...parts);
  }

  /** @param {Agency[]} agencies */
  fields(agencies) {
    const { person, scheme } = this;
    const label = labelFields({ id: "add", person, scheme, agencies });
    const from = agencies.map((agency) => /** @type {[string, string]} */ ([agency.code, agencyName(agency)]));
    const originator = choiceField("add-originator", t("askOriginator"), [["", t("choose")], ...from], person.agency, { required: true });
    const times = [momentField("add-embargo", t("askEmbargo")), momentField("add-expiry", t("askExpiry")), dayField("add-review", t("askReview"))];
    const about = aboutFields();
    /** @returns {Record<string, string> | null} what a file is taken in under; null while there is no label */
    const under = () => {
      const { level, releasable_to: to, need_to_know: words } = label.value();
      if (!level || !originator.value()) return null;
      const [embargo, expiry, review] = times.map((field) => field.value());
      const said = { originator: originator.value(), level, releasable_to: to === "ALL" ? to : to.join(",") || originator.value(), need_to_know: words };
      return { ...said, ...about.value(), embargo_until: embargo, expires_at: expiry, review_on: review };
    };
    const zone = dropZone(under, (files, form) => this.sending.add(files, form));
    const form = h("form", { class: "fields", onsubmit: (/** @type {Event} */ event) => event.preventDefault(), onchange: zone.follow });
    form.append(
      step(say("addLabel"), originator.node, ...label.nodes, h("details", {}, h("summary", {}, say("times2")), row(...times.map((field) => field.node)))),
      step(say("addAbout"), ...about.nodes),
      step(say("addFiles"), zone.node, this.sending.node),
    );
    zone.follow();
    return [form];
  }
}

/** @param {string} title @param {...HTMLElement} parts */
const step = (title, ...parts) => h("fieldset", { class: "card fields" }, h("legend", { class: "step" }, title), parts);

function aboutFields() {
  const kinds = KINDS.map((kind) => /** @type {[string, string]} */ ([kind, tOr(`kind_${kind}`, kind)]));
  const fields = {
    kind: choiceField("add-kind", say("kind"), kinds, "other"),
    date: dayField("add-date", say("date")),
    meeting: lineField("add-meeting", say("meeting"), { maxlength: "200" }),
    body: lineField("add-body", say("body"), { maxlength: "200" }),
  };
  const value = () => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value()]));
  return { nodes: [row(fields.kind.node, fields.date.node), row(fields.meeting.node, fields.body.node)], value };
}
