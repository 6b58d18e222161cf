// What a call can end with instead of an answer.

/** What went wrong. `status` is HTTP's, or 0 when no answer came. */
export class Problem extends Error {
  /** @param {number} status @param {string} [detail] */
  constructor(status, detail = "") {
    super(detail);
    this.status = status;
  }
}
