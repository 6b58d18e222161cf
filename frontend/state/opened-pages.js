// The pages of the open document that are near: each is asked for once, and dropped when it is left.

/**
 * @template T what is asked for of a page
 */
export class OpenedPages {
  /** @param {(number: number, signal: AbortSignal) => Promise<T>} ask */
  constructor(ask) {
    this.ask = ask;
    /** @type {Map<number, { told: Promise<T>, stop: AbortController }>} */
    this.near = new Map();
  }

  /**
   * A page; one that did not come is asked for anew.
   * @param {number} number
   * @returns {Promise<T>}
   */
  of(number) {
    const there = this.near.get(number);
    if (there) return there.told;
    const stop = new AbortController();
    const asked = { stop, told: this.ask(number, stop.signal) };
    this.near.set(number, asked);
    asked.told.catch(() => this.near.get(number) === asked && this.near.delete(number));
    return asked.told;
  }

  /** @param {number} number a page that nobody looks at any more: whatever is under way for it ends */
  drop(number) {
    this.near.get(number)?.stop.abort();
    this.near.delete(number);
  }

  /** Drop all. */
  clear() {
    for (const number of [...this.near.keys()]) this.drop(number);
  }
}
