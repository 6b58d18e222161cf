// Joins the panes: under the pointer or the focus, a sentence, its translation and its boxes light each other.

/**
 * Light what belongs together under these panes.
 * @param {HTMLElement} panes
 */
export function connect(panes) {
  /** @type {string | null} */
  let lit = null;
  /** @param {string | null} id */
  const light = (id) => {
    if (id === lit) return;
    for (const node of panes.querySelectorAll("[data-segment].active")) node.classList.remove("active");
    if (id) for (const node of belonging(panes, id)) node.classList.add("active");
    lit = id;
  };
  /** @param {Event} event @returns {string | null} */
  const idAt = (event) => {
    const node = event.target instanceof Element ? event.target.closest("[data-segment]") : null;
    return node instanceof HTMLElement ? (node.dataset.segment ?? null) : null;
  };
  panes.addEventListener("pointerover", (event) => light(idAt(event)));
  panes.addEventListener("pointerleave", () => light(null));
  panes.addEventListener("focusin", (event) => {
    light(idAt(event));
    if (lit) show(panes, lit);
  });
  panes.addEventListener("click", (event) => {
    const id = idAt(event);
    if (id && getSelection()?.isCollapsed) show(panes, id);
  });
}

/** @param {Element} panes @param {string} id */
const belonging = (panes, id) => panes.querySelectorAll(`[data-segment="${CSS.escape(id)}"]`);

/**
 * Bring a sentence and its first box into view, each in its own pane.
 * @param {HTMLElement} panes
 * @param {string} id
 */
export function show(panes, id) {
  const parts = `[data-segment="${CSS.escape(id)}"]`;
  for (const pane of panes.querySelectorAll(".scrolls")) {
    scrollWithin(pane, firstShown(pane.querySelectorAll(parts)), true);
  }
}

/**
 * The first of these that is not hidden.
 * @param {Iterable<Element>} nodes
 */
export function firstShown(nodes) {
  return [...nodes].find((node) => node.getClientRects().length > 0);
}

/**
 * Scroll a pane so that one of its parts is in the middle; the window itself stays. `gently`: only if out of sight.
 * @param {Element} pane
 * @param {Element | null | undefined} part
 * @param {boolean} [gently]
 */
export function scrollWithin(pane, part, gently = false) {
  if (!part) return;
  const [outer, inner] = [pane.getBoundingClientRect(), part.getBoundingClientRect()];
  if (gently && inner.top >= outer.top && inner.bottom <= outer.bottom) return;
  pane.scrollTop += inner.top - outer.top - Math.max(0, (outer.height - inner.height) / 2);
  const aside = inner.left < outer.left || inner.right > outer.right;
  if (aside) pane.scrollLeft += inner.left - outer.left - 16;
}
