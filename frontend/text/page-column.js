// Which pages of a column are in sight, and which of them somebody reads: what flies past, or moves by itself, is not read.

/**
 * @typedef {object} OnPages
 * @property {() => boolean} isOpen whether a page was turned to at all
 * @property {(pages: number[]) => Promise<unknown>[]} draw these stay in sight
 * @property {(page: number) => void} seen somebody scrolled to this page
 * @property {(problem: unknown) => void} failed what was drawn did not come
 */

const LOOK = 100; // milliseconds between two looks at what is in sight: what flies past is not opened
const BY_HAND = ["wheel", "touchmove", "pointerdown", "keydown"];

export class PageColumn {
  /**
   * @param {HTMLElement} node that scrolls
   * @param {HTMLElement[]} leaves one a page, below one another
   * @param {OnPages} on
   */
  constructor(node, leaves, on) {
    this.node = node;
    this.leaves = leaves;
    this.on = on;
    this.byHand = false; // whether what moves the pages is a hand on this column
    this.timer = 0;
    this.last = { top: -1, pages: /** @type {number[]} */ ([]) };
    for (const sign of BY_HAND) node.addEventListener(sign, () => void (this.byHand = true), { passive: true });
    node.addEventListener("scroll", () => this.lookSoon(), { passive: true });
  }

  /** From now on the pages move without a hand on them. */
  hold() {
    this.byHand = false;
  }

  /** Look no more. */
  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
  }

  /** The page at a height of the column. @param {number} y */
  pageAt(y) {
    let [low, high] = [0, this.leaves.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.leaves[middle].offsetTop <= y) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  pagesInSight() {
    const { scrollTop, clientHeight } = this.node;
    const [first, last] = [this.pageAt(scrollTop), this.pageAt(scrollTop + clientHeight)];
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  }

  lookSoon() {
    if (!this.timer) this.timer = setTimeout(() => this.look(), LOOK);
  }

  /** Draw what has been in sight for two looks, and once all is at rest, whatever is in sight. */
  look() {
    this.timer = 0;
    if (!this.node.isConnected || !this.on.isOpen()) return;
    const { scrollTop } = this.node;
    const pages = this.pagesInSight();
    const resting = scrollTop === this.last.top;
    const stayed = pages.filter((page) => resting || this.last.pages.includes(page));
    this.last = { top: scrollTop, pages };
    for (const drawing of this.on.draw(stayed)) drawing.catch(this.on.failed);
    if (!resting) return this.lookSoon();
    if (this.byHand) this.on.seen(this.pageRead());
  }

  /** The page at a third of the height; at either end of the column the one there, however short it is. */
  pageRead() {
    const { scrollTop, clientHeight, scrollHeight } = this.node;
    if (scrollTop <= 0) return 1;
    return this.pageAt(scrollTop + clientHeight >= scrollHeight - 2 ? scrollHeight : scrollTop + clientHeight / 3);
  }
}

/**
 * Of the pages that are drawn, those to let go of: what is farthest from what is in sight, once there are too many.
 * @param {number[]} drawn
 * @param {number[]} inSight
 * @param {number} current that stays
 * @param {number} kept how many may stay; two more than are in sight may in any case
 */
export function farFrom(drawn, inSight, current, kept) {
  const middle = inSight[Math.floor(inSight.length / 2)] ?? current;
  const far = (/** @type {number} */ page) => Math.abs(page - middle);
  const spare = drawn.filter((page) => page !== current && !inSight.includes(page));
  const most = Math.max(kept, inSight.length + 2);
  return spare.sort((a, b) => far(b) - far(a)).slice(0, Math.max(0, drawn.length - most));
}
