// The keys of the page and of the view that is shown, told when somebody presses "?".

import { tell } from "../parts/dialog.js";
import { h } from "../parts/dom.js";
import { say } from "./strings.js";

/**
 * @import { Route } from "./routes.js"
 * @typedef {Parameters<typeof say>[0]} Said
 * @typedef {[keys: string[], words: Said]} Line
 */

/** @type {Line[]} */
const EVERYWHERE = [
  [["?"], "key_keys"],
  [["Ctrl K", "⌘ K"], "key_goTo"],
  [["Esc"], "key_close"],
];
/** @type {Line[]} */
const WHO_SEARCHES = [[["/"], "key_search"]];
/** @type {Record<string, Line[]>} by view */
const OF_VIEWS = {
  search: [[["↑", "↓"], "key_hits"]],
  document: [
    [["←", "→"], "key_pages"],
    [["+", "−", "0"], "key_zoom"],
    [["T"], "key_strip"],
    [["F"], "key_find"],
    [["N", "P"], "key_results"],
    [["C", "B", "D"], "key_quote"],
    [["Esc"], "key_back"],
  ],
  translate: [
    [["Ctrl Enter"], "key_saveNext"],
    [["Ctrl S"], "key_save"],
    [["Alt Home", "Alt End"], "key_ends"],
    [["Ctrl O"], "key_source"],
    [["Ctrl 1 … 9"], "key_match"],
    [["Ctrl K"], "key_concordance"],
  ],
  alignment: [
    [["↑", "↓", "J", "K"], "key_beads"],
    [["←", "→"], "key_cutEn"],
    [["⇧ ←", "⇧ →"], "key_cutRu"],
    [["S"], "key_split"],
    [["M"], "key_join"],
    [["G", "⇧ G"], "key_give"],
    [["T", "⇧ T"], "key_take"],
    [["X"], "key_unlink"],
    [["U"], "key_undo"],
  ],
};

/**
 * Show them, until they are closed.
 * @param {Route | null} shown
 * @param {boolean} searches whether this person may search
 */
export function showKeys(shown, searches) {
  const own = (shown && OF_VIEWS[shown.view]) ?? [];
  const everywhere = [...(searches ? WHO_SEARCHES : []), ...EVERYWHERE];
  return tell(say("keys"), [own.length > 0 && [h("h3", {}, say("keysHere")), lines(own)], h("h3", {}, say("keysEverywhere")), lines(everywhere)]);
}

/** @param {Line[]} all */
const lines = (all) =>
  h("dl", { class: "keys" }, all.map(([keys, words]) => h("div", {}, h("dt", {}, keys.map((key) => [h("kbd", {}, key), " "])), h("dd", {}, say(words)))));
