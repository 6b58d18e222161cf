// The sentences that wait to be translated or judged, in the service's order, each with the reasons why.

import { day } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { h } from "../parts/dom.js";
import { table } from "../parts/table.js";
import { listed } from "../service/pairs.js";
import * as translator from "../service/translator.js";
import { say } from "./strings.js";

/**
 * @import { WaitingSegment } from "../service/answers.js"
 * @typedef {"all" | "mine" | "review"} Which of those that wait
 */

const SHOWN = 50;
export const MOST = 200; // that the service gives
const MOST_PAIRS = 100; // likewise

/** @param {Which} which @param {string} pair whose papers alone are looked at, or "" @param {number} [limit] */
export async function waiting(which, pair, limit = SHOWN) {
  const wanted = (/** @type {Which} */ one) => (which === one ? "true" : "");
  return (await translator.queue({ mine: wanted("mine"), review: wanted("review"), pair_id: pair, limit })).segments;
}

/** The pairs by which the queue is narrowed, each with its title. @returns {Promise<[id: string, title: string][]>} */
export async function pairChoices() {
  const { pairs } = await listed({ state: "confirmed", offset: 0, limit: MOST_PAIRS });
  return pairs.map(({ pair_id: id, papers }) => [id, titles(Object.assign({}, ...papers.map(({ title }) => title)), papers[0].language)[0].text]);
}

/** @param {(segment: WaitingSegment) => unknown} open */
export function waitingTable(open) {
  return table({
    id: "waiting",
    caption: say("waiting"),
    filter: false,
    key: (/** @type {WaitingSegment} */ one) => `${one.document_id} ${one.number}`,
    columns: [
      { head: say("sentence"), cell: (one) => sentenceCell(one, open) },
      { head: say("why"), cell: (one) => h("span", { class: "badges" }, reasons(one).map((why) => h("span", { class: "badge quiet" }, why))) },
    ],
  });
}

/** @param {WaitingSegment} segment @param {(segment: WaitingSegment) => unknown} open */
function sentenceCell(segment, open) {
  const { document_id: id, title, page, source_text: text } = segment;
  const [name] = titles(title, Object.keys(title)[0] ?? "en");
  /** @param {Event} event */
  const onclick = (event) => {
    event.preventDefault();
    return open(segment);
  };
  return [
    h("a", { href: `#/translate/${encodeURIComponent(id)}`, onclick }, h("bdi", {}, text)),
    h("div", { class: "quiet-line" }, h("bdi", { lang: name.lang }, name.text), ", ", say("onPage", { page })),
  ];
}

/** @param {WaitingSegment} segment */
function reasons({ requested, deadline, doubt, read, assignee, state }) {
  return [
    requested && say("requested"),
    deadline && say("due", { day: day(deadline) }),
    doubt && say(`doubt_${doubt}`),
    read && say(`read_${read}`),
    assignee && say("assigned", { name: assignee.name }),
    state !== "machine" && say(`work_${state}`),
  ].filter((why) => typeof why === "string" && why !== "");
}
