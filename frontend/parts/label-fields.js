// Asks for a label: level, who may read, need to know. Offers no level above one's own.

import { language, t } from "../languages/language.js";
import { h } from "./dom.js";
import { choiceField, lineField, row } from "./fields.js";
import { levelName } from "./label.js";

/**
 * @import { Agency, Label, Person, Scheme } from "../service/answers.js"
 * @typedef {{ level: string, releasable_to: "ALL" | string[], need_to_know: string }} AskedRule
 *
 * @typedef {object} LabelGiven
 * @property {string} id what the identifiers of its fields begin with: no two forms of the page share one
 * @property {Person} person
 * @property {Scheme} scheme
 * @property {Agency[]} agencies
 * @property {Label | null} [label] what stands there from the beginning
 * @property {boolean} [all] every level, not only those that one may read oneself
 */

/**
 * The fields of a reading rule; `value()` is what they say.
 * @param {LabelGiven} given
 */
export function labelFields({ id, person, scheme, agencies, label = null, all = false }) {
  const level = choiceField(`${id}-level`, t("askLevel"), levels(person, scheme, all), label?.level ?? "", { required: true });
  const words = lineField(`${id}-words`, t("askWords"), { value: label?.need_to_know ?? "", hint: t("askWordsHint"), spellcheck: "false" });
  const readers = readersField(id, agencies, label?.releasable_to ?? "ALL");
  return {
    nodes: [row(level.node, words.node), readers.node],
    /** @returns {AskedRule} */
    value: () => ({ level: level.value(), releasable_to: readers.value(), need_to_know: words.value() }),
  };
}

/**
 * @param {Person} person
 * @param {Scheme} scheme
 * @param {boolean} all
 * @returns {[string, string][]}
 */
function levels(person, scheme, all) {
  const highest = scheme.levels.find(({ code }) => code === person.clearance)?.rank ?? 0;
  const open = scheme.levels.filter(({ rank }) => all || rank <= highest);
  return [["", t("choose")], ...open.map(({ code }) => /** @type {[string, string]} */ ([code, levelName(code, scheme)]))];
}

/** @param {string} id @param {Agency[]} agencies @param {Label["releasable_to"]} chosen */
function readersField(id, agencies, chosen) {
  const listed = Array.isArray(chosen) ? chosen : [];
  const boxes = agencies.map((agency) =>
    h("input", { type: "checkbox", id: `${id}-to-${agency.code}`, value: agency.code, checked: listed.includes(agency.code) }),
  );
  const list = h("div", { class: "checks" }, boxes.map((box, at) => h("label", { for: box.id }, box, agencyName(agencies[at]))));
  /** @param {string} which @param {boolean} checked */
  const radio = (which, checked) => h("input", { type: "radio", name: `${id}-readers`, id: `${id}-${which}`, checked, onchange: follow });
  const everyone = radio("to-all", !Array.isArray(chosen));
  const some = radio("to-some", Array.isArray(chosen));
  function follow() {
    list.hidden = !some.checked;
  }
  list.hidden = !Array.isArray(chosen);
  const node = h(
    "fieldset",
    { class: "field" },
    h("legend", {}, t("askReleasable")),
    h("label", { class: "check", for: everyone.id }, everyone, t("askToAll")),
    h("label", { class: "check", for: some.id }, some, t("askToSome")),
    list,
  );
  /** @returns {"ALL" | string[]} */
  const value = () => (some.checked ? boxes.filter((box) => box.checked).map((box) => box.value) : "ALL");
  return { node, value };
}

/**
 * An agency's code and its name in the interface's language.
 * @param {Agency} agency
 */
export function agencyName(agency) {
  return `${agency.code} · ${language() === "ru" ? agency.name_ru : agency.name_en}`;
}
