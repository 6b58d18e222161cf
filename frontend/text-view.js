// The page's text beside its image: sentences that can be walked through by keyboard, the matched ones lit.

import { h } from "./dom.js";
import { t } from "./language.js";
import { scrollWithin } from "./lighting.js";
import { marked } from "./hits.js";

/** The pane; `fill` shows the text of a page. */
export function textPane() {
  const body = h("div", { class: "text-body" });
  const named = { role: "region", "aria-label": t("pageText") };
  const node = h("div", { class: "text-pane", ...named, onkeydown: (event) => step(event, body) }, body);
  return { node, fill: (content, match) => fill(node, body, content, match) };
}

function fill(node, body, content, match) {
  const sentences = content.segments.map((segment) => sentence(segment, match));
  if (sentences.length) body.replaceChildren(...paragraphs(content.segments, sentences));
  else body.replaceChildren(h("p", { class: "small" }, t("pageEmpty")));
  const first = body.querySelector(".sentence.lit") ?? sentences[0];
  first?.setAttribute("tabindex", "0");
  node.scrollTop = 0;
  scrollWithin(node, body.querySelector(".sentence.lit"));
}

function sentence(segment, match) {
  const lit = match.lit.has(segment.segment_id);
  const kind = ["sentence", lit && "lit", segment.furniture && "furniture"].filter(Boolean).join(" ");
  const said = lit && h("span", { class: "unseen" }, t("matched"), " "); // what the colour says to those who see
  const words = marked(segment.text, match.spans.get(segment.segment_id) ?? []);
  const props = { class: kind, lang: segment.language, "data-segment": segment.segment_id, tabindex: "-1" };
  return h("span", props, said, words);
}

/** Sentences gathered as they stand on the page: a gap between lines, or a jump upwards, begins a new paragraph. */
function paragraphs(segments, sentences) {
  const made = [];
  segments.forEach((segment, at) => {
    if (at === 0 || breaks(segments[at - 1], segment)) made.push(h("p", {}));
    made[made.length - 1].append(sentences[at], " ");
  });
  return made;
}

function breaks(before, after) {
  const start = after.boxes[0];
  const end = before.boxes.findLast((placed) => placed.page === start?.page);
  if (!end || before.furniture !== after.furniture) return true;
  const height = start.box[3] - start.box[1];
  const gap = start.box[1] - end.box[3];
  return gap > height * 0.45 || gap < -2.5 * height;
}

/** Up and down walk from sentence to sentence; one of them is in the order of Tab. */
function step(event, body) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = event.target.closest(".sentence");
  if (!by || !from) return;
  const all = [...body.querySelectorAll(".sentence")];
  const to = all[all.indexOf(from) + by];
  if (!to) return;
  event.preventDefault();
  from.setAttribute("tabindex", "-1");
  to.setAttribute("tabindex", "0");
  to.focus();
}
