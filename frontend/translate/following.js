// Which sentence of the queue comes after one. Imports nothing.

/** @import { WaitingSegment } from "../service/answers.js" */

/**
 * The sentence after this one in the queue as it stands now; the first where this one waits no more.
 * @param {WaitingSegment[]} segments
 * @param {string} id
 * @param {number} number
 */
export function following(segments, id, number) {
  const at = segments.findIndex((one) => one.document_id === id && one.number === number);
  return segments[at + 1];
}
