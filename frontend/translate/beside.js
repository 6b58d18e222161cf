// What stands beside the text of a sentence: machine, memory, checks, history, the difference, and two texts in conflict.

import { moment, t, tOr } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { button, h } from "../parts/dom.js";
import { difference } from "../text/difference.js";
import { say, sayOr } from "./strings.js";

/**
 * @import { Child } from "../parts/dom.js"
 * @import { Act, Finding, MemoryMatch, WorkSegment } from "../service/answers.js"
 * @typedef {((text: string) => void) | null} Take puts a text into the editor; null: one may not edit
 */

/** @param {WorkSegment} segment the language that it is translated into */
const targetOf = ({ source_language: language }) => (language === "en" ? "ru" : "en");

/** @param {WorkSegment} segment @param {Take} take */
export function machinePart(segment, take) {
  const { machine, machine_changed: changed } = segment;
  if (!machine) return part(say("machine"), h("p", { class: "small" }, say("noMachine")));
  const doubt = machine.doubt && h("p", { class: "hint" }, tOr(`doubt_${machine.doubt}`, t("doubt_other")));
  const text = machine.text;
  return part(
    say("machine"),
    h("p", { lang: targetOf(segment) }, text),
    doubt,
    changed && h("p", { class: "hint" }, say("machineChanged")),
    take && button({ class: "button slim", onclick: () => take(text) }, say("take")),
  );
}

/** @param {MemoryMatch[]} matches @param {WorkSegment} segment @param {Take} take */
export function matchesPart(matches, segment, take) {
  if (!matches.length) return part(say("matches"), h("p", { class: "small" }, say("noMatches")));
  const lines = matches.map(({ percent, preferred, source_text: source, target_text: text, title }) => {
    const [name] = titles(title, segment.source_language);
    return h(
      "li",
      {},
      h("strong", {}, say("percent", { n: percent })),
      preferred && [" ", h("span", { class: "badge quiet" }, say("preferred"))],
      " ",
      h("span", { lang: targetOf(segment) }, text),
      h("div", { class: "quiet-line", lang: segment.source_language }, differing(source, segment.source_text)),
      h("div", { class: "quiet-line" }, h("bdi", { lang: name.lang }, name.text)),
      take && button({ class: "button slim", onclick: () => take(text) }, say("take")),
    );
  });
  return part(say("matches"), h("ol", { class: "matches" }, lines));
}

/** @param {Finding[]} checks @param {((finding: Finding) => unknown) | null} waive */
export function checksPart(checks, waive) {
  if (!checks.length) return part(say("checks"), h("p", { class: "small" }, say("noChecks")));
  const lines = checks.map((finding) => {
    const { code, about, waiver } = finding;
    const told = tOr(`doubt_${code}`, t("doubt_other"));
    const why = waiver
      ? h("div", { class: "quiet-line" }, say("waived", { reason: waiver.reason, name: waiver.by.name }))
      : waive && button({ class: "button slim", onclick: () => waive(finding) }, say("waive"));
    return h("li", { class: waiver ? null : "open-finding" }, told, about && [" ", h("bdi", {}, about)], " ", why);
  });
  return part(say("checks"), h("ul", { class: "plain" }, lines));
}

/** @param {Act[]} history @param {WorkSegment} segment @param {(text: string) => Promise<unknown>} comment */
export function historyPart(history, segment, comment) {
  const lines = history.map(({ kind, by, at, text, note }) =>
    h(
      "li",
      {},
      h("span", { class: "quiet-line" }, `${moment(at)}, ${by.name}: ${sayOr(`act_${kind}`, kind)}`),
      text && h("div", { lang: targetOf(segment) }, text),
      note && h("div", {}, h("bdi", {}, note)),
    ),
  );
  const box = h("textarea", { id: "remark", rows: "2", maxlength: "2000" });
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    return box.value.trim() ? comment(box.value.trim()) : null;
  };
  const form = h("form", { class: "fields", onsubmit }, h("div", { class: "field" }, h("label", { for: "remark" }, say("comment")), box), h("p", {}, h("button", { class: "button slim" }, say("addComment"))));
  return part(say("history"), h("ol", { class: "plain history" }, lines), form);
}

/** @param {WorkSegment} segment what people made of the machine's text */
export function differencePart(segment) {
  return part(say("difference"), h("p", { lang: targetOf(segment) }, differing(segment.machine?.text ?? "", segment.text)));
}

/**
 * Two texts, of which one is to be chosen.
 * @param {string} theirs
 * @param {string} yours
 * @param {{ take: () => unknown, keep: () => unknown }} choosing
 */
export function conflictPart(theirs, yours, { take, keep }) {
  return h(
    "div",
    { class: "conflict", role: "alert" },
    h("h3", {}, say("conflict")),
    h("h4", {}, say("theirs")),
    h("p", { id: "theirs" }, theirs),
    h("h4", {}, say("yours")),
    h("p", { id: "yours" }, differing(theirs, yours)),
    h("p", { class: "buttons" }, button({ class: "button", id: "take-theirs", onclick: take }, say("takeTheirs")), button({ class: "button", id: "keep-yours", onclick: keep }, say("keepYours"))),
  );
}

/** @param {string} before @param {string} after @returns {Child[]} */
function differing(before, after) {
  const parts = difference(before, after) ?? [{ kind: "same", text: after }];
  return parts.map(({ kind, text }) => (kind === "same" ? text : h(kind === "in" ? "ins" : "del", {}, text)));
}

/** @param {string} title @param {...Child} children */
const part = (title, ...children) => h("section", { class: "beside-part" }, h("h3", {}, title), children);
