// An entry of the trail as people read it: what it means in words, and all that it holds.

import { moment, t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { say, sayOr } from "./strings.js";

/** @import { Entry } from "../service/answers.js" */

/**
 * @typedef {object} Acts
 * @property {(name: "person" | "object", value: string) => unknown} narrow is called with what a filter is to be set to
 * @property {(id: string) => unknown} certify show the certificate of a document's disposal
 */

/**
 * The rows of entries.
 * @param {Entry} entry
 * @param {string[]} heads
 * @param {Acts} acts
 */
export function entryRow(entry, heads, { narrow, certify }) {
  const { number, at, person, action, object, decision, detail } = entry;
  /** @param {"person" | "object"} name @param {string} value */
  const narrowing = (name, value) => value && button({ class: "link narrowing", onclick: () => narrow(name, value) }, h(name === "object" ? "bdi" : "span", {}, value));
  const disposed = action === "remove" && decision === "allowed" && "schedule" in detail;
  const certificate = () => button({ class: "button slim", onclick: () => certify(object) }, say("certificateShow"), h("span", { class: "unseen" }, ` ${object}`));
  return h(
    "tr",
    { class: decision === "refused" ? "refused" : null },
    h("th", { scope: "row", "data-head": heads[0] }, String(number)),
    h("td", { "data-head": heads[1] }, h("time", { datetime: at }, moment(at))),
    h("td", { "data-head": heads[2] }, narrowing("person", person) || "–"),
    h("td", { "data-head": heads[3] }, h("div", {}, actionName(action)), disposed && certificate(), more(entry)),
    h("td", { "data-head": heads[4] }, narrowing("object", object) || "–"),
    h("td", { "data-head": heads[5] }, h("span", { class: `decision ${decision}` }, sayOr(`decision_${decision}`, decision))),
  );
}

/** @param {string} action */
export const actionName = (action) => sayOr(`act_${action}`, action);

/** @param {Entry} entry */
function more({ origin, action, detail, sealed, digest }) {
  const { shown = [], ...rest } = detail;
  const documents = Array.isArray(shown) ? shown : [];
  /** @type {[string, string][]} */
  const lines = [
    [say("action"), action],
    [say("origin"), origin === "console" ? say("console") : origin],
    ...Object.entries(rest).map(([name, value]) => /** @type {[string, string]} */ ([name, typeof value === "string" ? value : JSON.stringify(value)])),
  ];
  if (documents.length) lines.push([say("shownDocuments"), documents.join(", ")]);
  if (sealed) lines.push([say("sealed"), say("sealedWords")]);
  lines.push([say("digest"), digest]);
  const told = h("dl", { class: "told" }, lines.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  return h("details", {}, h("summary", {}, say("details")), told);
}

/**
 * When the entries were made: a bar for every five minutes, hour or day, by how far they reach. `narrow` takes a span.
 * @param {Entry[]} entries
 * @param {(since: Date, until: Date) => unknown} narrow
 */
export function timeline(entries, narrow) {
  const moments = entries.map(({ at }) => new Date(at).getTime());
  const [first, last] = [Math.min(...moments), Math.max(...moments)];
  const step = STEPS.find((one) => (last - first) / one < MOST_BARS) ?? DAY;
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const at of moments) counts.set(startOf(at, step), (counts.get(startOf(at, step)) ?? 0) + 1);
  const highest = Math.max(...counts.values());
  const bars = [...counts].sort(([a], [b]) => a - b).slice(-MOST_BARS);
  return h("figure", { class: "timeline" }, h("figcaption", { class: "small" }, say("timeline")), h("ol", {}, bars.map(bar)));

  /** @param {[number, number]} counted */
  function bar([at, n]) {
    const span = moment(new Date(at).toISOString());
    const label = say("bar", { span, n });
    const height = h("span", { class: `bar of-${Math.max(1, Math.round((10 * n) / highest))}` });
    return h("li", {}, button({ class: "bar-button", "aria-label": label, title: label, onclick: () => narrow(new Date(at), new Date(at + step)) }, height));
  }
}

const DAY = 86_400_000; // milliseconds
const STEPS = [300_000, 3_600_000, DAY];
const MOST_BARS = 48;

/** @param {number} at @param {number} step the start of its step, in one's own zone */
function startOf(at, step) {
  const zone = new Date(at).getTimezoneOffset() * 60_000;
  return Math.floor((at - zone) / step) * step + zone;
}

/** The words above the columns of entries. */
export const heads = () => [say("number"), say("when"), say("person"), say("what"), say("object"), say("decision")];

/** @param {number} n */
export const countWords = (n) => (n ? say("shown", { n }) : t("noRowsFit"));
