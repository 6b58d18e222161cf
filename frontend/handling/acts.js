// What a registrar may do to a document, each asked for in a dialog with a reason; gives what became of it, or null.

import { day, languageName, t, tOr } from "../languages/language.js";
import { ask } from "../parts/dialog.js";
import { titles } from "../parts/document-facts.js";
import { h } from "../parts/dom.js";
import { choiceField, dayField, lineField, momentField, reasonField, row } from "../parts/fields.js";
import { labelFields } from "../parts/label-fields.js";
import { answerName, keptFor, questionWords } from "../parts/value-names.js";
import * as registrar from "../service/registrar.js";
import { say } from "./strings.js";

/**
 * @import { Child } from "../parts/dom.js"
 * @import { Agency, DueDocument, IntakeRow, LabelChange, Outcome, Paper, Person, RegistrarQuestion, Scheme } from "../service/answers.js"
 */

const LANGUAGES = ["en", "ru", "kk", "ky", "tg", "uz", "other"];
const KINDS = ["agenda", "statement", "report", "recommendations", "resolution", "other"];

/**
 * Ask for a reason and whatever else, then do it.
 * @param {{ title: string, lead: string, press: string, parts?: Child[], grave?: boolean }} words
 * @param {(reason: string) => Promise<Outcome>} doing
 * @returns {Promise<Outcome | null>}
 */
async function because({ title, lead, press, parts = [], grave = false }, doing) {
  const reason = reasonField();
  /** @type {Outcome | null} */
  let outcome = null;
  await ask({
    title,
    parts: [h("p", { class: "tagline" }, lead), ...parts, reason.node],
    press,
    grave,
    submit: async () => {
      outcome = await doing(reason.value());
    },
  });
  return outcome;
}

/** @param {{ row: IntakeRow, agencies: Agency[], person: Person, scheme: Scheme }} given */
export function relabelling({ row: old, agencies, person, scheme }) {
  const label = labelFields({ id: "new", person, scheme, agencies, label: old.label });
  const { embargo_until: embargo, expires_at: expiry, review_on: review } = old.times;
  const times = {
    embargo_until: momentField("new-embargo", t("askEmbargo"), embargo),
    expires_at: momentField("new-expiry", t("askExpiry"), expiry),
    review_on: dayField("new-review", t("askReview"), { value: review ?? "" }),
  };
  const before = Object.fromEntries(Object.entries(times).map(([name, field]) => [name, field.value()]));
  /** @param {string} reason @returns {LabelChange} what was changed, and no more */
  const change = (reason) => {
    const asked = label.value();
    const named = Object.entries(asked).filter(([name, value]) => {
      return JSON.stringify(value) !== JSON.stringify(old.label[/** @type {keyof typeof asked} */ (name)]);
    });
    const moved = Object.entries(times).filter(([name, field]) => field.value() !== before[name]);
    return { reason, ...Object.fromEntries(named), ...Object.fromEntries(moved.map(([name, field]) => [name, field.value() || null])) };
  };
  const parts = [...label.nodes, row(...Object.values(times).map(({ node }) => node))];
  const words = { title: say("relabelTitle"), lead: say("relabelLead"), press: say("relabelPress"), parts };
  return because(words, (reason) => registrar.relabel(old.document_id, change(reason)));
}

/** @param {Paper} paper */
export function correcting(paper) {
  const kinds = KINDS.map((kind) => /** @type {[string, string]} */ ([kind, tOr(`kind_${kind}`, kind)]));
  const languages = ["", ...LANGUAGES].map(
    (code) => /** @type {[string, string]} */ ([code, code ? languageName(code) : say("languageOfText")]),
  );
  const fields = {
    language: choiceField("new-language", say("paperLanguage"), languages, paper.language ?? ""),
    title_en: lineField("new-title-en", say("titleEn"), { value: paper.title.en ?? "", lang: "en" }),
    title_ru: lineField("new-title-ru", say("titleRu"), { value: paper.title.ru ?? "", lang: "ru" }),
    symbol: lineField("new-symbol", say("symbol"), { value: paper.symbol }),
    date: dayField("new-date", say("date"), { value: paper.date ?? "" }),
    kind: choiceField("new-kind", say("kind"), kinds, paper.kind),
    meeting: lineField("new-meeting", say("meeting"), { value: paper.meeting }),
    body: lineField("new-body", say("body"), { value: paper.body }),
    countries: lineField("new-countries", say("countries"), { value: paper.countries.join(","), hint: say("countriesHint") }),
    keywords: lineField("new-keywords", say("keywords"), { value: paper.keywords.join(","), hint: say("byCommas") }),
  };
  const before = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value()]));
  /** @param {string} reason */
  const change = (reason) => {
    const moved = Object.entries(fields).filter(([name, field]) => field.value() !== before[name]);
    return { reason, ...Object.fromEntries(moved.map(([name, field]) => [name, field.value() || null])) };
  };
  const { language, title_en, title_ru, symbol, date, kind, meeting, body, countries, keywords } = fields;
  const parts = [
    title_en.node,
    title_ru.node,
    row(symbol.node, date.node),
    row(kind.node, language.node),
    row(meeting.node, body.node),
    row(countries.node, keywords.node),
  ];
  const words = { title: say("correctTitle"), lead: say("correctLead"), press: say("correctPress"), parts };
  return because(words, (reason) => registrar.describe(paper.document_id, change(reason)));
}

/** @param {string} id @param {boolean} held what it is to be */
export function holding(id, held) {
  const title = say(held ? "hold" : "release").replace("…", "");
  const words = { title, lead: say(held ? "holdLead" : "releaseLead"), press: title };
  return because(words, (reason) => registrar.hold(id, held, reason));
}

/** @param {string} id */
export function removing(id) {
  const words = { title: say("removePress"), lead: say("removeLead"), press: say("removePress"), grave: true };
  return because(words, (reason) => registrar.remove(id, reason));
}

/** @param {DueDocument} due */
export function disposing({ document_id: id, title, kept_since: since, schedule }) {
  const [name] = titles(title, Object.keys(title)[0]);
  const parts = [
    h("p", {}, h("strong", {}, h("bdi", { lang: name.lang }, name.text))),
    h("p", {}, say("dueBy", { since: day(since), years: keptFor(schedule.years) })),
  ];
  const words = { title: say("disposePress"), lead: say("disposeLead"), press: say("disposePress"), parts, grave: true };
  return because(words, (reason) => registrar.dispose(id, reason));
}

/** @param {string} id @param {RegistrarQuestion} asked @param {string} answered */
export function answering(id, asked, answered) {
  const words = { title: answerName(answered), lead: questionWords(asked), press: say("answerPress") };
  return because(words, (reason) => registrar.answer(id, asked.question, answered, reason));
}

/** @param {string} id @param {number} number @param {string} name @returns {Promise<Outcome | null>} */
export async function attaching(id, number, name) {
  const reason = lineField("attachment-reason", say("attachmentWhy"));
  const submit = () => registrar.takeAttachment(id, number, reason.value());
  const parts = [h("p", {}, h("bdi", {}, name)), h("p", { class: "tagline" }, say("attachmentLead")), reason.node];
  const done = await ask({ title: say("attachmentPress"), parts, press: say("attachmentPress"), submit });
  return done ? { state: "done", proposal_id: null } : null;
}

/** @param {string} id */
export function retrying(id) {
  const words = { title: say("retryTitle"), lead: say("holdLead"), press: say("retryTitle") };
  return because(words, (reason) => registrar.retry(id, reason));
}

/** @param {string} id */
export function bringingBack(id) {
  const words = { title: say("backTitle"), lead: say("releaseLead"), press: say("backPress") };
  return because(words, (reason) => registrar.bringBack(id, reason));
}
