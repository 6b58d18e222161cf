// What a search asked for in the end, which may be other than what was typed.

/** @import { Answer } from "../service/answers.js" */

/**
 * The query that the hits of an answer were found by: as typed, or as it was mended where nothing was found.
 * @param {Answer} answer
 * @param {string} typed
 */
export function askedQuery({ interpretation }, typed) {
  const mended = interpretation.find(({ parameters }) => parameters?.instead);
  return String(mended?.parameters?.instead ?? typed);
}
