// Why somebody may do something under a label or to a document, or may not: a sentence, and the rules behind it.

import { language, moment, t } from "../languages/language.js";
import { button, byId, h, keepTyped } from "../parts/dom.js";
import { choiceField, lineField, row } from "../parts/fields.js";
import { agencyName, labelFields } from "../parts/label-fields.js";
import { levelDot, levelName } from "../parts/label.js";
import { notice } from "../parts/notice.js";
import { roleName } from "../parts/value-names.js";
import * as changes from "../service/changes.js";
import { Problem } from "../service/problem.js";
import * as registrar from "../service/registrar.js";
import { say, sayOr } from "./strings.js";

/** @import { Agency, Explanation, Person, Scheme } from "../service/answers.js" */

const ACTIONS = ["read", "search", "download", "intake", "label", "remove", "edit", "approve"];

/** @param {{ person: Person, scheme: Scheme }} given */
export function explainView({ person, scheme }) {
  const node = h("section", { class: "work explain", "aria-labelledby": "explain-title" });
  const answer = h("div", { class: "answer", "aria-live": "polite" });
  /** @type {Agency[]} */
  let agencies = [];
  /** @type {Explanation | null} */
  let explanation = null;

  function draw() {
    const title = h("h1", { id: "explain-title", tabindex: "-1" }, t("titleExplain"));
    const head = h("div", { class: "work-head" }, title, h("p", {}, say("lead")));
    node.replaceChildren(head, questions({ person, scheme, agencies }, ask), answer);
  }

  function show() {
    answer.replaceChildren(...(explanation ? answered(explanation, scheme) : []));
  }

  /** @param {object} question */
  async function ask(question) {
    try {
      explanation = await changes.explain(question);
      show();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      explanation = null;
      answer.replaceChildren(notice(problem));
    }
  }

  async function enter() {
    byId("explain-title").focus();
    if (agencies.length) return;
    try {
      agencies = await registrar.agencies();
      keepTyped(node, draw);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      answer.replaceChildren(notice(problem, enter));
    }
  }

  draw();
  return {
    node,
    enter,
    redraw: () => {
      keepTyped(node, draw);
      show();
    },
  };
}

/**
 * @param {{ person: Person, scheme: Scheme, agencies: Agency[] }} given
 * @param {(question: object) => Promise<void>} ask
 */
function questions({ person, scheme, agencies }, ask) {
  const actions = ACTIONS.map((action) => /** @type {[string, string]} */ ([action, sayOr(`action_${action}`, action)]));
  const username = lineField("explain-username", say("username"), { required: true, autocapitalize: "none", maxlength: "64" });
  const action = choiceField("explain-action", say("action"), actions, "read");
  const about = choiceField("explain-about", say("about"), [["label", say("aLabel")], ["document", say("aDocument")]], "label", { onchange: follow });
  const label = labelFields({ id: "explain", person, scheme, agencies, all: true });
  const named = agencies.map((agency) => /** @type {[string, string]} */ ([agency.code, agencyName(agency)]));
  const originator = choiceField("explain-originator", t("askOriginator"), [["", "–"], ...named]);
  const id = lineField("explain-document", say("documentId"), { maxlength: "64", spellcheck: "false", required: true });
  const underLabel = h("fieldset", { class: "fields" }, h("legend", { class: "unseen" }, say("aLabel")), label.nodes, originator.node);
  const ofDocument = h("fieldset", { class: "fields" }, h("legend", { class: "unseen" }, say("aDocument")), id.node);
  function follow() {
    const asksLabel = about.value() === "label";
    underLabel.hidden = underLabel.disabled = !asksLabel;
    ofDocument.hidden = ofDocument.disabled = asksLabel;
  }
  follow();
  /** @param {SubmitEvent} event */
  const onsubmit = (event) => {
    event.preventDefault();
    const who = { username: username.value(), action: action.value() };
    const originators = originator.value() ? [originator.value()] : [];
    return ask(about.value() === "label" ? { ...who, label: { ...label.value(), originators } } : { ...who, document_id: id.value() });
  };
  const press = h("p", { class: "buttons" }, button({ type: "submit", class: "button primary" }, say("ask")));
  const form = h("form", { class: "card fields", onsubmit }, row(username.node, action.node, about.node), underLabel, ofDocument, press);
  form.addEventListener("input", follow);
  return form;
}

/** @param {Explanation} explanation @param {Scheme} scheme */
function answered({ username, allowed, steps, considered }, scheme) {
  const deciding = steps.find(({ passed }) => !passed) ?? steps[steps.length - 1];
  const sentence = [h("strong", {}, say(allowed ? "allowed" : "refused", { username })), " ", deciding ? deciding[language()] : ""];
  const lines = steps.map((step) => {
    const verdict = h("span", { class: step.passed ? "verdict" : "verdict no" }, say(step.passed ? "passed" : "stopped"));
    return h("li", {}, verdict, " ", step[language()], " ", h("code", { class: "small" }, step.rule));
  });
  return [
    h("p", { class: allowed ? "sentence-said yes" : "sentence-said" }, sentence),
    h("h2", {}, say("rules")),
    h("ol", { class: "rules" }, lines),
    considered.length ? h("h2", {}, say("considered")) : "",
    considered.length ? consideredTable(considered, scheme) : "",
  ];
}

/** @param {Explanation["considered"]} considered @param {Scheme} scheme */
function consideredTable(considered, scheme) {
  const heads = [say("grant"), say("words"), say("span"), say("refusedBy")];
  const lines = considered.map(({ role, clearance, need_to_know: words, ends, refused_by: rules }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row", "data-head": heads[0] }, roleName(role), " ", levelDot(clearance, scheme, levelName(clearance, scheme))),
      h("td", { "data-head": heads[1] }, words.join(", ") || "–"),
      h("td", { "data-head": heads[2] }, ends ? moment(ends) : t("always")),
      h("td", { "data-head": heads[3] }, rules.length ? h("code", {}, rules.join(", ")) : say("fits")),
    ),
  );
  const head = h("tr", {}, heads.map((words) => h("th", { scope: "col" }, words)));
  return h("table", { class: "rows" }, h("thead", {}, head), h("tbody", {}, lines));
}
