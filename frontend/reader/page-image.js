// The page's image with boxes lit over it. Boxes are laid in percent of the page, so they hold at any zoom.

import { t } from "../languages/language.js";
import { h, restyle } from "../parts/dom.js";
import { scrollWithin } from "./linked-highlight.js";

const STEP = 400; // pixels between the widths that are asked for
const WIDEST = 2400; // pixels: the service draws no wider

/** The pane; `fill` shows a page, `resize` zooms, `clear` lets go of the image. */
export function imagePane(zoom) {
  const sheet = h("div", { class: "sheet" });
  const named = { role: "region", "aria-label": t("pageLabel") };
  const node = h("div", { class: "image-pane scrolls", tabindex: "0", ...named }, sheet);
  const pane = { node, sheet, shown: null, image: null, width: 0, fetch: null };
  resize(pane, zoom);
  return {
    node,
    fill: (content, match, fetch) => fill(pane, content, match, fetch),
    resize: (factor) => {
      resize(pane, factor);
      return pane.shown && widthFor(pane) > pane.width ? picture(pane) : null;
    },
    clear: () => clear(pane),
  };
}

async function fill(pane, content, match, fetch) {
  clear(pane);
  pane.fetch = fetch;
  restyle(pane.sheet, { "--ratio": String(content.width / content.height) });
  pane.image = h("img", { alt: t("pageImage", { page: content.number }), draggable: "false" });
  pane.sheet.replaceChildren(pane.image, ...boxesOf(content, match));
  pane.node.setAttribute("aria-label", t("pageImage", { page: content.number }));
  scrollWithin(pane.node, pane.sheet.querySelector(".box.lit"));
  await picture(pane);
}

async function picture(pane) {
  const { image } = pane;
  const width = widthFor(pane);
  const blob = await pane.fetch(width);
  if (pane.image !== image) return; // another page was opened meanwhile
  const old = pane.shown;
  Object.assign(pane, { shown: URL.createObjectURL(blob), width });
  image.src = pane.shown;
  await image.decode().catch(() => {});
  if (old) URL.revokeObjectURL(old);
}

/** The sheet's width on this screen, rounded up so that small changes need no new picture. */
function widthFor(pane) {
  const wanted = (pane.sheet.clientWidth || 800) * Math.min(devicePixelRatio, 2);
  return Math.min(WIDEST, Math.max(STEP * 2, Math.ceil(wanted / STEP) * STEP));
}

/** Zoom around the middle of what is seen. */
function resize({ node }, zoom) {
  const middle = (scroll, client, whole) => (scroll + client / 2) / (whole || 1);
  const x = middle(node.scrollLeft, node.clientWidth, node.scrollWidth);
  const y = middle(node.scrollTop, node.clientHeight, node.scrollHeight);
  restyle(node, { "--zoom": String(zoom) });
  node.scrollTo(x * node.scrollWidth - node.clientWidth / 2, y * node.scrollHeight - node.clientHeight / 2);
}

function clear(pane) {
  if (pane.shown) URL.revokeObjectURL(pane.shown);
  Object.assign(pane, { shown: null, image: null });
  pane.sheet.replaceChildren();
}

function boxesOf(content, match) {
  const own = ({ segment_id: id, boxes }) =>
    boxes.filter(({ page }) => page === content.number).map(({ box }) => boxNode(content, box, id, match.lit.has(id)));
  return [...content.segments.flatMap(own), ...match.loose.map(({ box }) => boxNode(content, box, null, true))];
}

function boxNode({ width, height }, [x0, y0, x1, y1], id, lit) {
  const percent = (part, whole) => `${((100 * part) / whole).toFixed(3)}%`;
  const node = h("div", { class: lit ? "box lit" : "box", "data-segment": id, "aria-hidden": "true" });
  const corner = { left: percent(x0, width), top: percent(y0, height) };
  return restyle(node, { ...corner, width: percent(x1 - x0, width), height: percent(y1 - y0, height) });
}
