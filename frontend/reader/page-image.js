// The page's image with boxes lit over it. Boxes are laid in percent of the page, so they hold at any zoom.

import { t } from "../languages/language.js";
import { h, restyle } from "../parts/dom.js";
import { scrollWithin } from "./linked-highlight.js";
import { textLayer } from "./text-layer.js";

/**
 * @import { PageContent, PlacedBox } from "../service/answers.js"
 * @import { PageMatches } from "../text/page-matches.js"
 */

/**
 * @typedef {(width: number) => Promise<Blob>} Fetch
 * @typedef {object} Pane
 * @property {HTMLElement} node
 * @property {HTMLElement} sheet
 * @property {string | null} shown the address of the picture that is shown
 * @property {HTMLImageElement | null} image
 * @property {number} width of the picture, in pixels
 * @property {Fetch | null} fetch
 */

const STEP = 400; // pixels between the widths that are asked for
const WIDEST = 2400; // pixels: the service draws no wider

/**
 * The pane; `fill` shows a page, `resize` zooms, `clear` lets go of the image.
 * @param {number} zoom
 */
export function imagePane(zoom) {
  const sheet = h("div", { class: "sheet" });
  const named = { role: "region", "aria-label": t("pageLabel") };
  const node = h("div", { class: "image-pane scrolls", tabindex: "0", ...named }, sheet);
  /** @type {Pane} */
  const pane = { node, sheet, shown: null, image: null, width: 0, fetch: null };
  resize(pane, zoom);
  return {
    node,
    fill: (/** @type {PageContent} */ content, /** @type {PageMatches} */ match, /** @type {Fetch} */ fetch) =>
      fill(pane, content, match, fetch),
    resize: (/** @type {number} */ factor) => {
      resize(pane, factor);
      return pane.shown && widthFor(pane) > pane.width ? picture(pane) : null;
    },
    clear: () => clear(pane),
  };
}

/** @param {Pane} pane @param {PageContent} content @param {PageMatches} match @param {Fetch} fetch */
async function fill(pane, content, match, fetch) {
  clear(pane);
  pane.fetch = fetch;
  restyle(pane.sheet, { "--ratio": String(content.width / content.height) });
  pane.image = h("img", { alt: t("pageImage", { page: content.number }), draggable: "false" });
  pane.sheet.replaceChildren(pane.image, ...boxesOf(content, match), textLayer(content));
  pane.node.setAttribute("aria-label", t("pageImage", { page: content.number }));
  scrollWithin(pane.node, pane.sheet.querySelector(".box.lit"));
  await picture(pane);
}

/** @param {Pane} pane */
async function picture(pane) {
  const { image } = pane;
  const width = widthFor(pane);
  if (!image || !pane.fetch) return;
  const blob = await pane.fetch(width);
  if (pane.image !== image) return; // another page was opened meanwhile
  const old = pane.shown;
  const address = URL.createObjectURL(blob);
  Object.assign(pane, { shown: address, width });
  image.src = address;
  await image.decode().catch(() => {});
  if (old) URL.revokeObjectURL(old);
}

/**
 * The sheet's width on this screen, rounded up so that small changes need no new picture.
 * @param {Pane} pane
 */
function widthFor(pane) {
  const pixels = (pane.sheet.clientWidth || 800) * Math.min(devicePixelRatio, 2);
  return Math.min(WIDEST, Math.max(STEP * 2, Math.ceil(pixels / STEP) * STEP));
}

/**
 * Zoom around the middle of what is seen.
 * @param {{ node: HTMLElement }} pane
 * @param {number} zoom
 */
function resize({ node }, zoom) {
  /** @param {number} scroll @param {number} client @param {number} whole */
  const middle = (scroll, client, whole) => (scroll + client / 2) / (whole || 1);
  const x = middle(node.scrollLeft, node.clientWidth, node.scrollWidth);
  const y = middle(node.scrollTop, node.clientHeight, node.scrollHeight);
  restyle(node, { "--zoom": String(zoom) });
  node.scrollTo(x * node.scrollWidth - node.clientWidth / 2, y * node.scrollHeight - node.clientHeight / 2);
}

/** @param {Pane} pane */
function clear(pane) {
  if (pane.shown) URL.revokeObjectURL(pane.shown);
  Object.assign(pane, { shown: null, image: null });
  pane.sheet.replaceChildren();
}

/** @param {PageContent} content @param {PageMatches} match */
function boxesOf(content, match) {
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
