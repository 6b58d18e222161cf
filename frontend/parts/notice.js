// Says what went wrong and what to do next, in the interface's language.

import { speaking, t } from "../languages/language.js";
import { REFUSALS } from "../languages/refusals.js";
import { Problem } from "../service/problem.js";
import { button, h } from "./dom.js";

/**
 * A notice for a problem; with `retry`, a button that tries again where that can help.
 * @param {Problem} problem
 * @param {(() => unknown) | null} [retry]
 */
export function notice(problem, retry = null) {
  const again = retry && passing(problem.status) && button({ class: "button", onclick: retry }, t("retry"));
  return h("div", { class: "notice", role: "alert" }, h("p", {}, words(problem)), again);
}

const { sayOr } = speaking(REFUSALS);

/**
 * What to say about a problem: in our own words where its code has some.
 * @param {Problem} problem
 */
export function words(problem) {
  const known = sayOr(problem.code, "", { ...problem.parameters });
  if (known) return known;
  const status = problem.status;
  if (status === 0) return t(navigator.onLine ? "errorNoAnswer" : "errorOffline");
  if (status === 401) return t("errorSession");
  if (status === 403) return t("errorForbidden");
  if (status === 404) return t("errorNotFound");
  if (status === 422) return t("errorWrong", { detail: problem.message });
  if (status === 409) return t("errorConflict", { detail: problem.message });
  if (status === 413) return t("errorTooLarge");
  if (status === 429) return t("errorOften");
  return t(status === 502 || status === 503 || status === 504 ? "errorUnavailable" : "errorUnforeseen");
}

/** @param {number} status */
const passing = (status) => !status || status === 429 || status >= 500;

/**
 * Whether it is no problem at all but a request that we ended ourselves. Programming errors are thrown on.
 * @param {unknown} error
 * @returns {boolean}
 */
export function isAborted(error) {
  if (error instanceof DOMException && error.name === "AbortError") return true;
  if (!(error instanceof Problem)) throw error;
  return false;
}

/**
 * What became of a change: done, or waiting for a second person.
 * @param {{ state: string }} outcome
 */
export const outcomeWords = ({ state }) => t(state === "waiting" ? "outcomeWaits" : "outcomeDone");
