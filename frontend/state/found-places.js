// Every place of the open document that the search found: fetched as far as is read, and which of them is looked at.

/**
 * @import { Place, Places } from "../service/answers.js"
 * @typedef {(id: string, asked: { query: string, offset: number, limit: number }, signal: AbortSignal) => Promise<Places>} Ask
 */

const SOME = 1000; // places that are asked for at once
const MOST = 10_000; // that the service gives of one document

/** The places of one document; none of a document that was not opened from results. */
export class FoundPlaces {
  /**
   * @param {string} id
   * @param {string} query
   * @param {Ask} ask
   */
  constructor(id, query, ask) {
    this.id = id;
    this.query = query;
    this.ask = ask;
    /** @type {Place[]} in the order of the document */
    this.places = [];
    this.total = 0;
    this.at = -1;
    this.whole = query === "";
    /** @type {Promise<void> | null} what is being fetched: two pages that wait for the same places ask once */
    this.coming = null;
  }

  /**
   * Fetch the places up to the end of a page.
   * @param {number} page
   * @param {AbortSignal} signal
   */
  async upTo(page, signal) {
    while (!this.whole && (this.places.at(-1)?.page ?? 0) <= page) await this.more(signal);
  }

  /** @param {AbortSignal} signal */
  more(signal) {
    this.coming ??= this.fetched(signal).finally(() => void (this.coming = null));
    return this.coming;
  }

  /**
   * How many places begin on each page that has any.
   * @param {AbortSignal} signal
   * @returns {Promise<Map<number, number>>}
   */
  async byPage(signal) {
    while (!this.whole) await this.more(signal);
    const counts = new Map();
    for (const { page } of this.places) counts.set(page, (counts.get(page) ?? 0) + 1);
    return counts;
  }

  /** @param {AbortSignal} signal */
  async fetched(signal) {
    const offset = this.places.length;
    const { total, places } = await this.ask(this.id, { query: this.query, offset, limit: SOME }, signal);
    this.places.push(...places);
    this.total = total;
    this.whole = places.length < SOME || this.places.length >= MOST;
  }

  /**
   * The places that have to do with a page: those that begin on it, and those that go on to it.
   * @param {number} page
   */
  on(page) {
    return this.places.filter((place) => place.page === page || place.boxes.some((placed) => placed.page === page));
  }

  /**
   * A page is looked at: of its places the first, unless one of them is looked at already.
   * @param {number} page
   */
  look(page) {
    if (this.current()?.page !== page) this.at = this.places.findIndex((place) => place.page === page);
  }

  /** The place that is looked at, if any. */
  current() {
    return this.places[this.at];
  }

  /**
   * The next place, or the one before; from a page without any, the nearest that way.
   * @param {number} by 1 or -1
   * @param {number} page
   * @param {AbortSignal} signal
   */
  async step(by, page, signal) {
    const after = this.places.findIndex((place) => place.page > page);
    const gap = after < 0 ? this.places.length : after;
    const to = this.at >= 0 ? this.at + by : by > 0 ? gap : gap - 1;
    if (to >= this.places.length && !this.whole) await this.more(signal);
    if (this.places[to]) this.at = to;
    return this.current();
  }
}
