// What a call can end with instead of an answer.

/** What went wrong. `status` is HTTP's, or 0 when no answer came; `position` counts characters of a query. */
export class Problem extends Error {
  /** @param {number} status @param {string} [detail] @param {number | null} [position] */
  constructor(status, detail = "", position = null) {
    super(detail);
    this.status = status;
    this.position = position;
  }
}
