// Asks another agency what it holds on a search: chooses whom, and sends it to their registrars.

import { t } from "../languages/language.js";
import { ask, tell } from "../parts/dialog.js";
import { h } from "../parts/dom.js";
import { choiceField, lineField } from "../parts/fields.js";
import { agencyName } from "../parts/label-fields.js";
import { words } from "../parts/notice.js";
import { filterWords } from "../parts/value-names.js";
import { askAgency } from "../service/expert.js";
import { Problem } from "../service/problem.js";
import { agencies } from "../service/registrar.js";
import { say } from "./strings.js";

/**
 * @import { Agency, Person, Scheme } from "../service/answers.js"
 * @import { Kept } from "../service/expert.js"
 */

/**
 * Ask whom, and what they should know besides; then send it.
 * @param {Kept} search
 * @param {Person} person
 * @param {Scheme} scheme
 */
export async function askingAgency(search, person, scheme) {
  try {
    await askOf(await agencies(), search, person, scheme);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    await tell(say("agencyTitle"), [h("p", { class: "said" }, words(problem))]);
  }
}

/** @param {Agency[]} all @param {Kept} search @param {Person} person @param {Scheme} scheme */
async function askOf(all, search, person, scheme) {
  const others = all.filter(({ code }) => code !== person.agency);
  /** @type {[string, string][]} */
  const choices = [["", t("choose")], ...others.map((agency) => /** @type {[string, string]} */ ([agency.code, agencyName(agency)]))];
  const agency = choiceField("asked-agency", say("agencyWhich"), choices, "", { required: true });
  const note = lineField("asked-note", say("agencyNote"), { maxlength: "1000" });
  const filters = filterWords(search.filters, scheme);
  const shown = [h("bdi", {}, search.query), filters.length > 0 && [" · ", h("bdi", {}, filters.join(" · "))]];
  const parts = [h("p", {}, say("agencyLead")), h("p", {}, h("strong", {}, shown)), agency.node, note.node];
  const submit = () => askAgency(agency.value(), search, note.value());
  if (await ask({ title: say("agencyTitle"), parts, press: say("agencyPress"), submit })) await tell(say("agencySent"), [h("p", {}, say("agencySentLead"))]);
}
