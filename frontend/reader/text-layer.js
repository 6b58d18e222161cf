// Lays the page's words, unseen, over its image, so that they can be selected there. Copies them without line breaks.

import { h, restyle } from "../parts/dom.js";
import { runningText } from "../text/quote.js";
import { clippedText } from "../text/selection.js";
import { shares } from "../text/shares.js";

/**
 * @import { PageContent, PlacedBox, Segment } from "../service/answers.js"
 */

const MEASURED = 100; // pixels: the size of the letters that are measured

/**
 * The layer of a page: for those who see the image; the text beside it is what is read aloud.
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
