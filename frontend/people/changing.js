// Changes to access, each asked for in a dialog with a reason and, before it is made, who would gain and lose what.

import { t } from "../languages/language.js";
import { ask, tell } from "../parts/dialog.js";
import { button, h } from "../parts/dom.js";
import { effectTable } from "../parts/effect.js";
import { choiceField, lineField, momentField, reasonField, row } from "../parts/fields.js";
import { agencyName } from "../parts/label-fields.js";
import { levelName } from "../parts/label.js";
import { notice } from "../parts/notice.js";
import { roleName } from "../parts/value-names.js";
import * as administrator from "../service/administrator.js";
import * as changes from "../service/changes.js";
import { Problem } from "../service/problem.js";
import { say } from "./strings.js";

/**
 * @import { Child } from "../parts/dom.js"
 * @import { AccessChange, Agency, Changed, Grant, Scheme, Terms } from "../service/answers.js"
 */

const ROLES = ["expert", "translator", "reviewer", "registrar", "administrator", "auditor"];

/**
 * @typedef {object} Proposed
 * @property {string} title
 * @property {string} lead
 * @property {string} press
 * @property {Child[]} [parts]
 * @property {boolean} [grave]
 * @property {() => AccessChange} [change] as a preview takes it; none where nobody's rights change
 * @property {(reason: string) => Promise<Changed>} submit
 */

/**
 * Ask for it; gives what became of it, or null. A one-time code is shown this once.
 * @param {Scheme} scheme
 * @param {Proposed} proposed
 * @returns {Promise<Changed | null>}
 */
async function propose(scheme, { title, lead, press, parts = [], grave = false, change, submit }) {
  const reason = reasonField();
  const effect = h("div", { class: "effect-place", "aria-live": "polite" });
  /** @param {() => AccessChange} asked */
  const showing = async (asked) => {
    try {
      effect.replaceChildren(effectTable(await changes.preview(asked()), scheme));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      effect.replaceChildren(notice(problem));
    }
  };
  const preview = change && h("p", { class: "buttons" }, button({ class: "button", onclick: () => showing(change) }, t("effectShow")));
  /** @type {Changed | null} */
  let outcome = null;
  await ask({
    title,
    parts: [h("p", { class: "tagline" }, lead), ...parts, reason.node, preview, effect],
    press,
    grave,
    submit: async () => {
      outcome = await submit(reason.value());
    },
  });
  const made = /** @type {Changed | null} */ (outcome);
  if (made?.code) await tell(say("codeTitle"), [h("p", {}, say("codeLead")), h("p", { class: "codeword" }, made.code)]);
  return made;
}

/** @param {Scheme} scheme @param {Agency[]} agencies */
export function addingPerson(scheme, agencies) {
  const named = agencies.map((one) => /** @type {[string, string]} */ ([one.code, agencyName(one)]));
  const username = lineField("new-username", say("username"), { required: true, hint: say("usernameHint"), maxlength: "64", autocapitalize: "none" });
  const name = lineField("new-name", say("name"), { required: true, maxlength: "300" });
  const agency = choiceField("new-agency", say("agency"), [["", t("choose")], ...named], "", { required: true });
  const terms = termsFields(scheme, false);
  const at = h("input", { type: "checkbox", id: "new-with-grant", onchange: () => void (terms.node.disabled = terms.node.hidden = !at.checked) });
  terms.node.disabled = terms.node.hidden = true;
  const parts = [
    row(username.node, name.node),
    agency.node,
    h("label", { class: "check", for: "new-with-grant" }, at, say("withGrant")),
    terms.node,
  ];
  const person = () => ({
    username: username.value(),
    name: name.value(),
    agency: agency.value(),
    grants: at.checked ? [terms.value()] : [],
  });
  return propose(scheme, {
    title: say("addPersonTitle"),
    lead: say("waitsLead"),
    press: say("addPersonTitle"),
    parts,
    change: () => ({ kind: "add_person", ...person() }),
    submit: (reason) => administrator.addPerson({ ...person(), reason }),
  });
}

/** @param {Scheme} scheme @param {string} username @param {boolean} active what they are to be */
export function switchingPerson(scheme, username, active) {
  const title = say(active ? "enableTitle" : "disableTitle", { username });
  return propose(scheme, {
    title,
    lead: say(active ? "waitsLead" : "disableLead"),
    press: title,
    grave: !active,
    change: () => ({ kind: active ? "enable_person" : "disable_person", username }),
    submit: (reason) => administrator.changePerson(username, active, reason),
  });
}

/** @param {Scheme} scheme @param {string} username */
export function renewing(scheme, username) {
  const title = say("renewTitle", { username });
  return propose(scheme, {
    title,
    lead: say("renewLead"),
    press: title,
    change: () => ({ kind: "renew_sign_in", username }),
    submit: (reason) => administrator.renew(username, reason),
  });
}

/** @param {Scheme} scheme @param {string} username */
export function linking(scheme, username) {
  const subject = lineField("new-subject", say("subject"), { required: true, hint: say("subjectHint"), maxlength: "255", autocapitalize: "none", spellcheck: "false" });
  return propose(scheme, {
    title: say("linkTitle", { username }),
    lead: say("linkLead"),
    press: say("linkPress"),
    parts: [subject.node],
    submit: (reason) => administrator.link(username, subject.value(), reason),
  });
}

/** @param {Scheme} scheme @param {string} username @param {string} subject */
export function unlinking(scheme, username, subject) {
  const title = say("unlinkTitle", { username });
  return propose(scheme, {
    title,
    lead: say("unlinkLead", { subject }),
    press: title,
    grave: true,
    submit: (reason) => administrator.unlink(username, reason),
  });
}

/** @param {Scheme} scheme @param {string} username */
export function granting(scheme, username) {
  const terms = termsFields(scheme, true);
  return propose(scheme, {
    title: say("grantTitle", { username }),
    lead: say("waitsLead"),
    press: say("grantPress"),
    parts: [terms.node],
    change: () => ({ kind: "add_grant", username, ...terms.value() }),
    submit: (reason) => administrator.addGrant({ username, ...terms.value(), reason }),
  });
}

/** @param {Scheme} scheme @param {Grant} grant */
export function ending(scheme, { grant_id: id, username }) {
  const at = momentField("new-end", say("endAt"));
  return propose(scheme, {
    title: say("endTitle", { username }),
    lead: say("endLead"),
    press: say("endPress"),
    parts: [at.node],
    grave: true,
    change: () => ({ kind: "end_grant", grant_id: id, ends: at.value() || null }),
    submit: (reason) => administrator.endGrant(id, at.value() || null, reason),
  });
}

/** @param {Scheme} scheme */
export function addingAgency(scheme) {
  const code = lineField("new-code", say("code"), { required: true, maxlength: "32", hint: say("codeHint"), autocapitalize: "characters" });
  const fields = agencyFields(scheme, { name_en: "", name_ru: "", ceiling: "" });
  const agency = () => ({ code: code.value(), ...fields.value() });
  return propose(scheme, {
    title: say("addAgencyTitle"),
    lead: say("waitsLead"),
    press: say("addAgencyTitle"),
    parts: [code.node, ...fields.nodes],
    change: () => ({ kind: "add_agency", ...agency() }),
    submit: (reason) => administrator.addAgency({ ...agency(), reason }),
  });
}

/** @param {Scheme} scheme @param {Agency} old */
export function changingAgency(scheme, old) {
  const fields = agencyFields(scheme, old);
  const part = h("input", { type: "checkbox", id: "new-active", checked: Boolean(old.active) });
  /** @returns {Record<string, string | boolean>} what differs */
  const change = () => {
    const asked = { ...fields.value(), active: part.checked };
    return Object.fromEntries(Object.entries(asked).filter(([name, value]) => value !== old[/** @type {keyof typeof asked} */ (name)]));
  };
  return propose(scheme, {
    title: say("changeTitle", { code: old.code }),
    lead: say("agenciesLead"),
    press: say("changePress"),
    parts: [...fields.nodes, h("label", { class: "check", for: "new-active" }, part, say("takesPart"))],
    change: () => ({ kind: "change_agency", code: old.code, ...change() }),
    submit: (reason) => administrator.changeAgency(old.code, { ...change(), reason }),
  });
}

/** @param {Scheme} scheme @param {{ name_en: string, name_ru: string, ceiling: string | null }} old */
function agencyFields(scheme, old) {
  const en = lineField("new-name-en", say("nameEn"), { required: true, maxlength: "300", value: old.name_en, lang: "en" });
  const ru = lineField("new-name-ru", say("nameRu"), { required: true, maxlength: "300", value: old.name_ru, lang: "ru" });
  const ceiling = choiceField("new-ceiling", say("ceiling"), levels(scheme), old.ceiling ?? "", { required: true });
  const value = () => ({ name_en: en.value(), name_ru: ru.value(), ceiling: ceiling.value() });
  return { nodes: [row(en.node, ru.node), ceiling.node], value };
}

/** @param {Scheme} scheme @param {boolean} alone whether the dialog asks for nothing else */
function termsFields(scheme, alone) {
  const roles = ROLES.map((role) => /** @type {[string, string]} */ ([role, roleName(role)]));
  const role = choiceField("new-role", t("askRole"), [["", t("choose")], ...roles], "", { required: true });
  const clearance = choiceField("new-clearance", t("askClearance"), levels(scheme), "", { required: true });
  const words = lineField("new-words", t("askGrantWords"), { hint: t("askGrantWordsHint"), spellcheck: "false" });
  const starts = momentField("new-starts", t("askStarts"));
  const ends = momentField("new-ends", t("askEnds"));
  const legend = h("legend", { class: alone ? "unseen" : "" }, say("firstGrant"));
  const node = h("fieldset", { class: "fields" }, legend, row(role.node, clearance.node), words.node, row(starts.node, ends.node));
  /** @returns {Terms} */
  const value = () => ({
    role: role.value(),
    clearance: clearance.value(),
    need_to_know: words.value().split(",").map((word) => word.trim()).filter(Boolean),
    starts: starts.value() || null,
    ends: ends.value() || null,
  });
  return { node, value };
}

/** @param {Scheme} scheme @returns {[string, string][]} */
const levels = (scheme) => [["", t("choose")], ...scheme.levels.map(({ code }) => /** @type {[string, string]} */ ([code, levelName(code, scheme)]))];
