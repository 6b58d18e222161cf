// The certificate of a disposal, made of the trail: what was destroyed, by which schedule, by whom and when.

import { day, moment, tOr } from "../languages/language.js";
import { button, h, save } from "../parts/dom.js";
import { lineField } from "../parts/fields.js";
import { badges, levelName } from "../parts/label.js";
import { notice } from "../parts/notice.js";
import { keptFor } from "../parts/value-names.js";
import * as auditor from "../service/administrator.js";
import { Problem } from "../service/problem.js";
import { say } from "./strings.js";

/**
 * @import { Child } from "../parts/dom.js"
 * @import { Certificate, Label, Scheme } from "../service/answers.js"
 */

/**
 * The card, and the way to show in it the certificate of one document. `archive()` is the one that the filters name.
 * @param {Scheme} scheme
 * @param {() => string} archive
 */
export function certificateCard(scheme, archive) {
  const field = lineField("certificate-document", say("certificateOf"), { required: true, maxlength: "64", spellcheck: "false" });
  const answer = h("div", { "aria-live": "polite" });

  async function load() {
    answer.replaceChildren();
    try {
      answer.replaceChildren(shown(await auditor.certificate(field.value(), archive()), scheme));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      answer.replaceChildren(notice(problem, load));
    }
  }
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    return load();
  };
  const node = h(
    "form",
    { class: "card fields", id: "certificate", onsubmit },
    h("h2", {}, say("certificate")),
    h("p", { class: "tagline" }, say("certificateLead")),
    field.node,
    h("p", { class: "buttons" }, h("button", { class: "button primary" }, say("certificateShow"))),
    answer,
  );
  /** @param {string} id */
  const show = async (id) => {
    field.control.value = id;
    await load();
    node.scrollIntoView({ block: "nearest" });
    field.control.focus({ preventScroll: true });
  };
  return { node, show };
}

/** @param {Certificate} certificate @param {Scheme} scheme */
function shown(certificate, scheme) {
  const { document_id: id, schedule, destroyed_at: destroyed } = certificate;
  const papers = tOr(`kind_${schedule.kind}`, schedule.kind);
  const take = () => save({ name: `certificate-${id}.json`, blob: new Blob([`${JSON.stringify(certificate)}\n`], { type: "application/json" }) });
  /** @type {[string, Child][]} */
  const lines = [
    [say("certificateOf"), id],
    [say("certificateLabel"), labelWords(certificate.label, scheme)],
    [say("certificateDigest"), certificate.sha256],
    [say("certificateSince"), day(certificate.kept_since)],
    [say("certificateSchedule"), [papers, levelAt(schedule.level, scheme), keptFor(schedule.years)].join(", ")],
    [say("certificateProposed"), h("bdi", {}, certificate.proposed_by)],
    [say("certificateApproved"), [h("bdi", {}, certificate.approved_by), `, ${moment(certificate.decided_at)}`]],
    [say("certificateDestroyed"), destroyed ? moment(destroyed) : say("certificateNotYet")],
  ];
  const told = h("dl", { class: "told" }, lines.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  return h("div", { class: "fields" }, told, h("p", { class: "buttons" }, button({ class: "button", id: "take-certificate", onclick: take }, say("certificateTake"))));
}

/** @param {number} rank as the level had it then @param {Scheme} scheme */
function levelAt(rank, scheme) {
  const level = scheme.levels.find((each) => each.rank === rank);
  return level ? levelName(level.code, scheme) : String(rank);
}

/**
 * The label as the trail has it: rank, readers and words; where there is no such rank any more, in the trail's own form.
 * @param {string} text
 * @param {Scheme} scheme
 */
function labelWords(text, scheme) {
  /** @type {[number, Label["releasable_to"], string]} */
  const [rank, readers, words] = JSON.parse(text);
  const level = scheme.levels.find((each) => each.rank === rank);
  return level ? badges({ level: level.code, releasable_to: readers, need_to_know: words, originators: [] }, scheme) : text;
}
