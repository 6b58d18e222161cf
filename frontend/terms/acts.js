// What is done to terms, each asked for in a dialog: proposing, deciding, taking back, bringing a file in.

import { t } from "../languages/language.js";
import { ask, tell } from "../parts/dialog.js";
import { h } from "../parts/dom.js";
import { choiceField, lineField, reasonField, row } from "../parts/fields.js";
import { agencyName, labelFields } from "../parts/label-fields.js";
import * as registrar from "../service/registrar.js";
import * as terms from "../service/terms.js";
import { say, sayOr } from "./strings.js";
import { wordFields } from "./word-fields.js";

/** @import { Imported, Label, Person, Scheme, Term } from "../service/answers.js" */

const FORMS = { tbx: "tbx", xml: "tbx", tsv: "tsv", rdf: "skos", skos: "skos" }; // by the ending of a file's name

/**
 * The fields of a label and of the agency that a term comes from; `value()` as the service takes them in a form.
 * @param {Person} person
 * @param {Scheme} scheme
 * @param {Label | null} label
 */
async function underLabel(person, scheme, label) {
  const agencies = await registrar.agencies();
  const fields = labelFields({ id: "term", person, scheme, agencies, label });
  const choices = agencies.map((agency) => /** @type {[string, string]} */ ([agency.code, agencyName(agency)]));
  const originator = choiceField("term-originator", t("askOriginator"), choices, label?.originators[0] ?? person.agency, { required: true });
  const value = () => {
    const { level, releasable_to: to, need_to_know: words } = fields.value();
    return { originator: originator.value(), level, releasable_to: to === "ALL" ? to : to.join(","), need_to_know: words };
  };
  return { nodes: [originator.node, ...fields.nodes], value };
}

/**
 * Propose a term, or another in place of one; gives its identifier, or null. One that replaces another has its label.
 * @param {Person} person
 * @param {Scheme} scheme
 * @param {Term | null} replaced
 * @returns {Promise<string | null>}
 */
export async function proposing(person, scheme, replaced) {
  const under = await underLabel(person, scheme, replaced?.label ?? null);
  const english = wordFields("en", replaced);
  const russian = wordFields("ru", replaced);
  const domain = lineField("term-domain", say("domain"), { value: replaced?.domain ?? "", maxlength: "300" });
  const source = lineField("term-source", say("source"), { value: replaced?.source ?? "", maxlength: "300", hint: say("sourceHint") });
  const note = lineField("term-note", say("note"), { value: replaced?.note ?? "" });
  const reason = reasonField();
  let proposedId = "";
  const label = replaced ? h("p", { class: "hint" }, say("sameLabel")) : under.nodes;
  const done = await ask({
    title: say(replaced ? "replaceTitle" : "proposeTitle"),
    parts: [english.node, russian.node, row(domain.node, source.node), note.node, label, reason.node],
    press: say("proposePress"),
    submit: async () => {
      const about = { domain: domain.value(), part_of_speech: replaced?.part_of_speech ?? "", source: source.value(), note: note.value() };
      const words = [...english.value(), ...russian.value()];
      const answer = await terms.propose({ words, ...about, ...under.value(), replaces: replaced?.term_id ?? "", reason: reason.value() });
      proposedId = answer.term_id;
    },
  });
  return done ? proposedId : null;
}

/**
 * Approve, reject or take back; gives whether it was done.
 * @param {"approve" | "reject" | "withdraw"} act
 * @param {Term} term
 */
export function deciding(act, term) {
  const reason = reasonField();
  return ask({ title: say(`title_${act}`), parts: [h("strong", {}, term.words.map(({ text }) => text).join(" · ")), reason.node], press: say(act), submit: () => terms[act](term.term_id, reason.value()) });
}

/**
 * Bring a file of terms in; gives what became of it, or null.
 * @param {Person} person
 * @param {Scheme} scheme
 * @returns {Promise<Imported | null>}
 */
export async function importing(person, scheme) {
  const under = await underLabel(person, scheme, null);
  const form = choiceField("term-form", say("form"), /** @type {const} */ (["tbx", "tsv", "skos"]).map((name) => [name, say(`form_${name}`)]));
  const name = lineField("term-vocabulary", say("vocabulary"), { maxlength: "300" });
  const onchange = () => {
    const given = file.control.files?.[0]?.name ?? "";
    const ending = given.split(".").pop()?.toLowerCase() ?? "";
    form.control.value = Object.entries(FORMS).find(([known]) => known === ending)?.[1] ?? form.control.value;
    name.control.value ||= given;
  };
  const file = lineField("term-file", say("file"), { type: "file", accept: ".tbx,.xml,.tsv,.rdf,.skos", required: true, autocomplete: null, maxlength: null, hint: say("fileHint"), onchange });
  const licence = lineField("term-licence", say("licence"), { maxlength: "2000" });
  /** @type {Imported | null} */
  let imported = null;
  const submit = async () => {
    const body = new FormData();
    const chosen = file.control.files?.[0];
    for (const [key, value] of Object.entries({ form: form.value(), name: name.value(), licence: licence.value(), ...under.value() })) body.set(key, value);
    if (chosen) body.set("file", chosen, chosen.name);
    imported = await terms.bringIn(body);
  };
  const parts = [file.node, row(form.node, name.node), licence.node, ...under.nodes];
  await ask({ title: say("importTitle"), parts, press: say("importPress"), submit });
  const outcome = /** @type {Imported | null} */ (imported);
  if (outcome?.refused) await tell(say("refusedTitle", { n: outcome.refused }), [refusals(outcome)]);
  return outcome;
}

/** @param {Imported} imported the first of what was not taken */
const refusals = ({ refusals: all }) =>
  h("ul", {}, all.map(({ place, reason }) => h("li", {}, h("bdi", {}, place), ": ", sayOr(`refused_${reason}`, reason))));

