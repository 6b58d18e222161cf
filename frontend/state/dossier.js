// The passages that somebody collects: where they stand and what is said of them, in order; their texts are the service's.

export const MOST_PASSAGES = 200; // that the service takes

/**
 * @typedef {object} Collected
 * @property {number} key its own for as long as the dossier lasts
 * @property {string} document_id
 * @property {number} first number of its first sentence in the document
 * @property {number} last
 * @property {string} comment
 */

/** Kept in memory alone, and dropped with the session. */
export class Dossier {
  constructor() {
    /** @type {Collected[]} */
    this.passages = [];
    this.title = "";
    this.isTaken = true; // nothing would be lost with it
    this.made = 0;
  }

  /**
   * Collect a passage; gives whether there was room and it was not there.
   * @param {string} documentId
   * @param {number} first
   * @param {number} last
   */
  add(documentId, first, last) {
    const there = this.passages.some((each) => each.document_id === documentId && each.first === first && each.last === last);
    if (there || this.passages.length >= MOST_PASSAGES) return false;
    this.passages.push({ key: (this.made += 1), document_id: documentId, first, last, comment: "" });
    this.isTaken = false;
    return true;
  }

  /**
   * Move a passage one place; at an end it stays.
   * @param {number} key
   * @param {1 | -1} by
   */
  move(key, by) {
    const at = this.passages.findIndex((each) => each.key === key);
    const to = at + by;
    if (at < 0 || to < 0 || to >= this.passages.length) return;
    const [passage] = this.passages.splice(at, 1);
    this.passages.splice(to, 0, passage);
    this.isTaken = false;
  }

  /** @param {number} key */
  remove(key) {
    this.passages = this.passages.filter((each) => each.key !== key);
    this.isTaken = this.passages.length === 0;
  }

  /** @param {number} key @param {string} comment */
  comment(key, comment) {
    const passage = this.passages.find((each) => each.key === key);
    if (!passage) return;
    passage.comment = comment;
    this.isTaken = false;
  }

  /** What the service is asked for, in order. */
  asked() {
    return this.passages.map(({ document_id, first, last, comment }) => ({ document_id, first, last, comment }));
  }
}
