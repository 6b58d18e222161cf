// The searches that somebody keeps: listed below the search box with their news, run and deleted there; the service seals them.

import { moment } from "../languages/language.js";
import { ask } from "../parts/dialog.js";
import { announce, button, h, refill } from "../parts/dom.js";
import { lineField } from "../parts/fields.js";
import { notice } from "../parts/notice.js";
import * as api from "../service/expert.js";
import { Problem } from "../service/problem.js";
import { askable } from "../state/kept.js";
import { say } from "./strings.js";

/**
 * @import { KeptSearch } from "../service/answers.js"
 * @import { Kept } from "../service/expert.js"
 */

/**
 * The list, fetched when it is unfolded. `run` is called with a search that was chosen.
 * @param {(search: Kept) => unknown} run
 */
export function keptSearches(run) {
  const list = h("div", {});
  const toggled = () => node.open && load();
  const node = h("details", { class: "help kept", ontoggle: toggled }, h("summary", {}, say("kept")), list);

  async function load() {
    try {
      draw(await api.keptSearches());
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      list.replaceChildren(notice(problem, load));
    }
  }

  /** @param {KeptSearch[]} searches */
  function draw(searches) {
    if (!searches.length) return refill(list, h("p", { class: "small" }, say("keptNone")));
    refill(list, h("ul", { class: "kept-list" }, searches.map(line)));
  }

  /** @param {KeptSearch} kept */
  function line(kept) {
    const { search_id: id, name, saved_at: at, news } = kept;
    const use = name
      ? button({ class: "link", "data-key": `run-${id}`, onclick: () => look(kept) }, h("bdi", {}, name))
      : h("span", {}, say("keptSealed"));
    const came = news?.new ? h("strong", { class: "small" }, say("keptNew", { count: news.new })) : null;
    const named = say("forget", { name: name || say("keptSealed") });
    const gone = button({ class: "link", "data-key": `forget-${id}`, "aria-label": named, title: named, onclick: () => forget(kept) }, "×");
    return h("li", {}, use, " ", came, " ", h("span", { class: "small" }, moment(at)), " ", gone);
  }

  /** Run a search; what was told to be new of it has been seen then. @param {KeptSearch} kept */
  async function look({ search_id: id, search, news }) {
    run(askable(search));
    if (!news || (news.code && news.code !== "not_looked") || (!news.code && !news.new)) return;
    try {
      await api.lookAtSearch(id, news.papers.map(({ document_id }) => document_id));
      if (node.open) await load();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem; // then it stays new
    }
  }

  /** @param {KeptSearch} kept */
  async function forget({ search_id: id, name }) {
    const parts = [h("p", {}, say("forgetLead", { name: name || say("keptSealed") }))];
    const done = await ask({ title: say("forgetTitle"), parts, press: say("forgetPress"), grave: true, submit: () => api.forgetSearch(id) });
    if (!done) return;
    announce(say("forgotten"));
    await load();
    node.querySelector("summary")?.focus();
  }

  return { node, renew: () => node.open && load() };
}

/**
 * Ask for a name and keep a search under it; gives whether it is kept.
 * @param {Kept} search
 */
export async function keep(search) {
  const name = lineField("kept-name", say("keptName"), { required: true, maxlength: "200", value: search.query.slice(0, 200) });
  const submit = () => api.keepSearch(name.value(), search);
  const done = await ask({ title: say("keep"), parts: [name.node], press: say("keepPress"), submit });
  if (done) announce(say("isKept"));
  return done;
}

/** The button that keeps what is asked. @param {() => unknown} onclick */
export const keepButton = (onclick) => button({ class: "link", "data-key": "keep", onclick }, say("keep"));

