// Tells what a proposal would change, in words and, for a label, side by side.

import { day, moment, t, tOr } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { h } from "../parts/dom.js";
import { badges, levelName } from "../parts/label.js";
import { keptFor, roleName } from "../parts/value-names.js";
import { say, sayOr } from "./strings.js";

/** @import { AccessChange, DocumentChange, Handling, IntakeRow, Proposal, ScheduleChange, Scheme, Terms } from "../service/answers.js" */

/**
 * The proposal's heading.
 * @param {Proposal} proposal
 */
export function headingOf({ kind, change }) {
  const named = kind === "access" ? change.kind : kind;
  const { username = "", name = "", agency = "", code = "" } = /** @type {AccessChange} */ (change);
  return sayOr(`kind_${named}`, named, { username, name, agency, code });
}

/**
 * What it would change. `row` is the document's line of the intake, where it has one for this person.
 * @param {Proposal} proposal
 * @param {IntakeRow | undefined} row
 * @param {Scheme} scheme
 */
export function changeOf({ kind, change }, row, scheme) {
  if (kind === "access") return h("ul", { class: "change" }, accessLines(/** @type {AccessChange} */ (change), scheme).map((line) => h("li", {}, line)));
  if (kind === "schedule") return h("p", {}, scheduleWords(/** @type {ScheduleChange} */ (change), scheme));
  const { document_id: id, old, new: next } = /** @type {DocumentChange} */ (change);
  const [name] = row ? titles(row.title, Object.keys(row.title)[0]) : [{ text: say("document", { id }), lang: null }];
  const link = row && h("a", { href: `#/handling/${encodeURIComponent(id)}` }, say("itsHandling"));
  const about = h("p", {}, h("bdi", { lang: name.lang }, name.text), " ", row ? badges(row.label, scheme) : null, " ", link);
  const lead = kind === "dispose" && h("p", { class: "small" }, say("disposeLead"));
  return [about, lead, old && next && difference(old, next, scheme)];
}

/** @param {ScheduleChange} change @param {Scheme} scheme */
function scheduleWords({ papers, level, old_years: before, years }, scheme) {
  return say("schedule", { papers: tOr(`kind_${papers}`, papers), level: levelName(level, scheme), years: keptFor(years), before: keptFor(before) });
}

/** @param {AccessChange} change @param {Scheme} scheme @returns {string[]} */
function accessLines(change, scheme) {
  const { kind, grants, name_en: en, name_ru: ru, ceiling, active, grant_id: id, subject, issuer = "" } = change;
  if (kind === "add_grant") return [termsWords(/** @type {Terms} */ (change), scheme)];
  return [
    ...(grants ?? []).map((terms) => termsWords(terms, scheme)),
    id && say("grantId", { id }),
    subject && say("linkedAs", { subject, issuer }),
    en && say("nameEn", { name: en }),
    ru && say("nameRu", { name: ru }),
    ceiling && say("ceiling", { level: levelName(ceiling, scheme) }),
    typeof active === "boolean" && say(active ? "active" : "inactive"),
  ].filter((line) => typeof line === "string" && line !== "").map(String);
}

/** @param {Terms} terms @param {Scheme} scheme */
function termsWords({ role, clearance, need_to_know: needed, starts, ends }, scheme) {
  const words = needed.length ? `, ${needed.join(", ")}` : "";
  const span = [starts && `${t("since")} ${moment(starts)}`, ends && `${t("until")} ${moment(ends)}`].filter(Boolean).join(" ");
  return say("grant", { role: roleName(role), level: levelName(clearance, scheme), words, span: span && `, ${span}` });
}

/**
 * @param {Handling} old
 * @param {Handling} next
 * @param {Scheme} scheme
 */
function difference(old, next, scheme) {
  /** @param {string | null} at */
  const shown = (at) => (at ? moment(at) : "–");
  const lines = [
    [say("label"), badges(old.label, scheme), badges(next.label, scheme), JSON.stringify(old.label) !== JSON.stringify(next.label)],
    [say("embargo"), shown(old.times.embargo_until), shown(next.times.embargo_until), old.times.embargo_until !== next.times.embargo_until],
    [say("expiry"), shown(old.times.expires_at), shown(next.times.expires_at), old.times.expires_at !== next.times.expires_at],
    [say("review"), dayOr(old.times.review_on), dayOr(next.times.review_on), old.times.review_on !== next.times.review_on],
  ];
  const changed = lines.filter(([, , , differs]) => differs);
  return h(
    "table",
    { class: "rows difference" },
    h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, say("now")), h("th", { scope: "col" }, say("then")))),
    h("tbody", {}, changed.map(([name, before, after]) => {
      return h("tr", {}, h("th", { scope: "row" }, name), h("td", { "data-head": say("now") }, before), h("td", { "data-head": say("then") }, after));
    })),
  );
}

/** @param {string | null} iso */
const dayOr = (iso) => (iso ? day(iso) : "–");
