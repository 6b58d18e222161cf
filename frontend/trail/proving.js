// Proving the trail, taking a checkpoint or an export away.

import { button, h } from "../parts/dom.js";
import { notice } from "../parts/notice.js";
import * as auditor from "../service/administrator.js";
import { Problem } from "../service/problem.js";
import { say } from "./strings.js";

/**
 * The card. `span()` is the time that the filters name.
 * @param {() => { since: string, until: string }} span
 */
export function provingCard(span) {
  const answer = h("div", { "aria-live": "polite" });
  const file = h("input", { type: "file", id: "kept-checkpoint", accept: ".json,.txt,application/json" });

  /** @param {() => Promise<Node | string>} doing */
  const tried = async (doing) => {
    answer.replaceChildren(h("p", { class: "small" }, say("proving")));
    try {
      answer.replaceChildren(await doing());
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      answer.replaceChildren(notice(problem));
    }
  };
  const prove = () => tried(async () => {
    const kept = await checkpointIn(file.files?.[0]);
    return kept === undefined ? said(say("notCheckpoint"), false) : proven(kept);
  });
  const take = () => tried(async () => {
    const checkpoint = await auditor.checkpoint();
    save(`checkpoint-${checkpoint.number}.json`, new Blob([`${JSON.stringify(checkpoint)}\n`], { type: "application/json" }));
    return "";
  });
  const exporting = () => tried(async () => {
    const { name, blob } = await auditor.exported(span());
    save(name, blob);
    return "";
  });
  return h(
    "section",
    { class: "card fields" },
    h("h2", {}, say("proof")),
    h("p", { class: "tagline" }, say("proofLead")),
    h("div", { class: "field" }, h("label", { for: file.id }, say("kept")), file),
    h(
      "p",
      { class: "buttons" },
      button({ class: "button primary", id: "prove", onclick: prove }, say("prove")),
      button({ class: "button", id: "take-checkpoint", onclick: take }, say("takeCheckpoint")),
      button({ class: "button", id: "take-export", onclick: exporting, "aria-describedby": "export-lead" }, say("takeExport")),
    ),
    h("p", { class: "hint", id: "export-lead" }, say("exportLead")),
    answer,
  );
}

/** @param {{ number: number } | null} kept */
async function proven(kept) {
  const { whole, entries, broken, elsewhere } = await auditor.prove(kept);
  if (!whole) return said(say("broken", { words: broken }), false);
  const more = [kept && say("wholeKept", { n: kept.number }), elsewhere.length && say("elsewhere", { names: elsewhere.join(", ") })];
  return said([say("whole", { n: entries }), ...more.filter(Boolean)].join(" "), true);
}

/** @param {string} words @param {boolean} well */
const said = (words, well) => h("p", { class: well ? "proof-said well" : "proof-said" }, words);

/**
 * The checkpoint of a file; null without a file, undefined where it is none.
 * @param {File | undefined} file
 */
async function checkpointIn(file) {
  if (!file) return null;
  if (file.size > 10_000) return undefined;
  try {
    const read = JSON.parse(await file.text());
    return typeof read?.number === "number" ? read : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} name @param {Blob} blob */
function save(name, blob) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
