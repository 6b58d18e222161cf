// Over a page's image: its boxes, lit where something was found, and its words, unseen, so that they can be selected.

import { h, restyle } from "../parts/dom.js";
import { runningText } from "../text/quote.js";
import { clippedText } from "../text/selection.js";
import { shares } from "../text/shares.js";

/**
 * @import { PageContent, PlacedBox, Segment } from "../service/answers.js"
 * @import { PageMatches } from "../text/page-matches.js"
 */

const MEASURED = 100; // pixels: the size of the letters that are measured

/**
 * The words of a page: for those who see the image; the text beside it is what is read aloud. Copied without line breaks.
 * @param {PageContent} content
 */
export function textLayer(content) {
  const pen = h("canvas").getContext("2d");
  if (pen) pen.font = `${MEASURED}px serif`;
  /** @param {Segment} segment */
  const lines = ({ segment_id: id, text, boxes }) => {
    const parts = shares(text, boxes.map(({ box: [x0, , x1] }) => x1 - x0));
    return boxes.flatMap(({ page, box }, at) =>
      page === content.number && parts[at].trim() ? line(content, box, id, parts[at].trim(), pen?.measureText(parts[at].trim()).width ?? 0) : [],
    );
  };
  const node = h("div", { class: "layer", "aria-hidden": "true" }, content.segments.map(lines));
  node.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const pieces = [...node.children].map((child) => ({ text: clippedText(child, range), begins: false }));
    event.preventDefault();
    event.clipboardData?.setData("text/plain", runningText(pieces.filter(({ text }) => text)));
  });
  return node;
}

/**
 * Words in their box; sizes are in parts of the sheet's width, so that they hold at any zoom.
 * @param {{ width: number, height: number }} page
 * @param {PlacedBox["box"]} box
 * @param {string} id
 * @param {string} words
 * @param {number} measured how wide they are at MEASURED pixels
 */
function line({ width, height }, [x0, y0, x1, y1], id, words, measured) {
  const size = (y1 - y0) * 0.8; // of letters in a line of this height
  const stretch = measured ? ((x1 - x0) * MEASURED) / (measured * size) : 1;
  return restyle(h("span", { class: "line", "data-segment": id }, words), {
    left: `${(100 * x0) / width}%`,
    top: `${(100 * y0) / height}%`,
    "font-size": `${(100 * size) / width}cqw`,
    "line-height": `${(100 * (y1 - y0)) / width}cqw`,
    transform: `scaleX(${stretch.toFixed(4)})`,
  });
}

/**
 * The boxes of a page's sentences. Boxes are laid in percent of the page, so they hold at any zoom.
 * @param {PageContent} content
 * @param {PageMatches} match
 */
export function boxesOf(content, match) {
  /** @param {PageContent["segments"][number]} segment */
  const own = ({ segment_id: id, boxes }) =>
    boxes.filter(({ page }) => page === content.number).map(({ box }) => boxNode(content, box, id, match.lit.has(id)));
  return [...content.segments.flatMap(own), ...match.loose.map(({ box }) => boxNode(content, box, null, true))];
}

/**
 * @param {PageContent} content
 * @param {PlacedBox["box"]} box
 * @param {string | null} id
 * @param {boolean} lit
 */
function boxNode({ width, height }, [x0, y0, x1, y1], id, lit) {
  /** @param {number} part @param {number} whole */
  const percent = (part, whole) => `${((100 * part) / whole).toFixed(3)}%`;
  const node = h("div", { class: lit ? "box lit" : "box", "data-segment": id, "aria-hidden": "true" });
  const corner = { left: percent(x0, width), top: percent(y0, height) };
  return restyle(node, { ...corner, width: percent(x1 - x0, width), height: percent(y1 - y0, height) });
}
