// Prints a document: its pages as images or as texts, all of them fetched first, or the passages collected. Stores none.

import { ask } from "../parts/dialog.js";
import { h } from "../parts/dom.js";
import { choiceField, lineField, row } from "../parts/fields.js";
import { isAborted } from "../parts/notice.js";
import { say } from "./strings.js";

/**
 * @typedef {"images" | "texts" | "passages"} What
 * @typedef {object} OnPrint
 * @property {number} total pages
 * @property {number} collected passages in the dossier
 * @property {(page: number, width: number, signal: AbortSignal) => Promise<Blob>} picture
 * @property {(page: number) => Promise<HTMLElement>} written a page's text
 * @property {() => void} passages print those that are collected
 * @property {(paper: HTMLElement) => void} put where it is printed from
 */

const MOST = { images: 60, texts: 300, passages: Infinity }; // pages at once: each is fetched, and kept until it is printed
const WIDTH = 1600; // pixels: nearly 200 on an inch of A4

/**
 * Ask what is to be printed, fetch it and print it; gives how to let go of it, which happens once it is printed too.
 * @param {OnPrint} on
 * @returns {Promise<() => void>}
 */
export async function printDocument(on) {
  const stop = new AbortController();
  const asked = fieldsOf(on);
  const bar = h("progress", { max: "1", value: "0", "aria-label": say("printing") });
  const said = h("span", { role: "status" });
  const progress = h("p", { class: "small", hidden: true }, bar, " ", said);
  /** @type {HTMLElement[]} */
  const leaves = [];
  const submit = async () => {
    const { what, from, to } = asked.value();
    leaves.length = 0;
    progress.hidden = what === "passages";
    for (let page = from; what !== "passages" && page <= to && !stop.signal.aborted; page += 1) {
      leaves.push(await leafOf(on, what, page, stop.signal));
      bar.value = (page - from + 1) / (to - from + 1);
      said.textContent = say("pageSaid", { page, total: to });
    }
  };
  const quietly = () => submit().catch((problem) => {
    if (!stop.signal.aborted || !isAborted(problem)) throw problem;
  });
  const done = await ask({ title: say("print"), parts: [asked.nodes, progress], press: say("print"), submit: quietly });
  if (!done) stop.abort();
  if (!done || !leaves.length) {
    leaves.forEach(release);
    if (done) on.passages();
    return () => {};
  }
  return printed(on, leaves);
}

/** @param {OnPrint} on */
function fieldsOf({ total, collected }) {
  /** @type {[What, string][]} */
  const kinds = [["images", say("printImages")], ["texts", say("printTexts")]];
  if (collected) kinds.push(["passages", say("printPassages", { n: collected })]);
  const kind = choiceField("print-what", say("printWhat"), kinds);
  /** @param {string} id @param {string} label @param {number} value */
  const number = (id, label, value) => lineField(id, label, { type: "number", min: "1", max: String(total), required: true, value: String(value) });
  const [from, to] = [number("print-from", say("printFrom"), 1), number("print-to", say("printTo"), total)];
  const pages = row(from.node, to.node);
  const value = () => ({ what: /** @type {What} */ (kind.value()), from: Number(from.value()), to: Number(to.value()) });
  const check = () => {
    const { what, from: first, to: last } = value();
    pages.hidden = what === "passages";
    for (const { control } of [from, to]) control.disabled = pages.hidden;
    const most = MOST[what];
    to.control.setCustomValidity(last < first ? say("printNone") : last - first >= most ? say("printMost", { n: most }) : "");
  };
  for (const { control } of [kind, from, to]) control.addEventListener("input", check);
  check();
  const bound = total > MOST.images && h("p", { class: "hint" }, say("printBound", { images: MOST.images, texts: MOST.texts }));
  return { value, nodes: [kind.node, pages, bound] };
}

/** @param {OnPrint} on @param {"images" | "texts"} what @param {number} page @param {AbortSignal} signal */
async function leafOf(on, what, page, signal) {
  if (what === "texts") return on.written(page);
  const image = h("img", { alt: say("pageImage", { page }), src: URL.createObjectURL(await on.picture(page, WIDTH, signal)) });
  await image.decode().catch(() => {});
  return h("div", { class: "print-page" }, image);
}

/** @param {HTMLElement} leaf */
function release(leaf) {
  for (const image of leaf.querySelectorAll("img")) URL.revokeObjectURL(image.src);
}

/** @param {OnPrint} on @param {HTMLElement[]} leaves */
function printed(on, leaves) {
  const paper = h("div", { class: "print-pages" }, leaves);
  const clear = () => {
    paper.remove();
    leaves.forEach(release);
  };
  on.put(paper);
  addEventListener("afterprint", clear, { once: true });
  print();
  return clear;
}
