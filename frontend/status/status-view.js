// How the service fares: queue, index, models, disk; and the scheme of markings.

import { languageName, number, t } from "../languages/language.js";
import { button, byId, h } from "../parts/dom.js";
import { levelBadge } from "../parts/label.js";
import { notice } from "../parts/notice.js";
import { stateName } from "../parts/value-names.js";
import * as administrator from "../service/administrator.js";
import { Problem } from "../service/problem.js";
import { say } from "./strings.js";

/**
 * @import { Child } from "../parts/dom.js"
 * @import { Scheme, Status } from "../service/answers.js"
 */

const STATES = ["received", "extracted", "indexed", "translating", "translated", "quarantined", "removing"];

/** @param {{ scheme: Scheme }} given */
export function statusView({ scheme }) {
  const node = h("section", { class: "work status", "aria-labelledby": "status-title" });
  /** @type {Status | null} */
  let status = null;
  /** @type {Problem | null} */
  let problem = null;

  function redraw() {
    const title = h("h1", { id: "status-title", tabindex: "-1" }, t("titleStatus"));
    const again = button({ class: "button", id: "status-again", onclick: load }, say("again"));
    node.replaceChildren(
      h("div", { class: "work-head" }, title, again, h("p", {}, say("lead"))),
      problem ? notice(problem, load) : h("div", { class: "gauges", "aria-busy": String(!status) }, status ? gauges(status) : null),
      schemeTable(scheme),
    );
  }

  async function load() {
    try {
      [status, problem] = [await administrator.status(), null];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem = error;
    }
    const focused = document.activeElement?.id;
    redraw();
    if (focused === "status-again" || focused === "status-title") byId(focused).focus({ preventScroll: true });
  }

  const enter = () => {
    redraw();
    byId("status-title").focus();
    return load();
  };
  return { node, enter, redraw };
}

/** @param {Status} status */
function gauges({ documents, index_due: due, engine, models, translation_paused: paused, translation_waits: waits, translation_ends: ends, vectors_wait: vectors, disk_lasts: lasts }) {
  const states = STATES.filter((state) => documents[state]);
  const counted = states.map((state) => /** @type {[string, Child]} */ ([stateName(state), number(documents[state])]));
  const installed = models.map(({ source, target, name }) => h("li", {}, `${languageName(source)} → ${languageName(target)}: `, h("bdi", {}, name)));
  /** @type {[string, Child][]} */
  const search = [[say("engine"), engine], [say("due"), number(due)]];
  if (vectors !== null) search.push([say("vectors"), number(vectors)]);
  return [
    gauge(say("queue"), counted.length ? pairs(counted) : h("p", {}, say("noDocuments"))),
    gauge(say("search"), pairs(search)),
    gauge(say("models"), h("p", {}, say(paused ? "paused" : "running")), pairs([[say("waits"), number(waits)], [say("end"), say(`ends_${ends}`)]]), installed.length ? h("ul", { class: "plain" }, installed) : h("p", {}, say("noModels"))),
    gauge(say("disk"), h("p", {}, say(lasts ? "diskLasts" : "diskFills"))),
  ];
}

/** @param {string} title @param {...Child} parts */
const gauge = (title, ...parts) => h("section", { class: "card" }, h("h2", {}, title), parts);

/** @param {[string, Child][]} lines */
const pairs = (lines) => h("dl", { class: "gauge" }, lines.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));

/** @param {Scheme} scheme */
function schemeTable(scheme) {
  const heads = [say("level"), say("code"), say("banner")];
  const lines = [...scheme.levels].reverse().map((level) =>
    h(
      "tr",
      {},
      h("th", { scope: "row", "data-head": heads[0] }, levelBadge(level.code, scheme)),
      h("td", { "data-head": heads[1] }, h("code", {}, level.code)),
      h("td", { "data-head": heads[2] }, h("div", { lang: "en" }, level.banner_en), h("div", { lang: "ru" }, level.banner_ru)),
    ),
  );
  const head = h("tr", {}, heads.map((words) => h("th", { scope: "col" }, words)));
  return h("div", {}, h("h2", {}, say("scheme")), h("table", { class: "rows" }, h("thead", {}, head), h("tbody", {}, lines)));
}
