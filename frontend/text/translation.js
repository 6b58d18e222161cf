// Says in words what a translation is: where it comes from, why it is doubted, why there is none. Judges none itself.

import { t, tOr } from "../languages/language.js";

/** @import { Code, PageContent, Paper, Standing } from "../service/answers.js" */

/**
 * The language that a text is translated into; one in any other language is not translated.
 * @type {Partial<Record<string, Code>>}
 */
export const OTHER = { en: "ru", ru: "en" };

/**
 * Where a translation comes from, for the head of its column.
 * @param {{ origin: string, engine: string }} maker
 */
export function byLine({ origin, engine }) {
  return engine || origin !== "machine" ? tOr(`by_${origin}`, origin, { engine }) : t("by_unnamed");
}

/**
 * Why a sentence's translation should not be trusted.
 * @param {string} code
 */
export function doubtWords(code) {
  return tOr(`doubt_${code}`, t("doubt_other"));
}

/**
 * Why a document in this language has no translation.
 * @param {Standing | null} standing
 * @param {string} own
 */
export function absence(standing, own) {
  const direction = tOr(`direction_${own}`, "");
  return tOr(`absent_${standing?.reason ?? ""}`, t("absent_unread"), { direction });
}

/**
 * Whether there is a translation to show beside a page's text; a document may have got one since it was opened.
 * @param {Paper} about
 * @param {PageContent} content
 */
export function isTranslated(about, content) {
  if (!OTHER[about.language]) return false;
  return about.translation?.reason === "" || content.segments.some((segment) => segment.translation);
}

/**
 * The different makers of a page's translations: [{origin, engine}]; the document's own where the page has none.
 * @param {Paper} about
 * @param {PageContent} content
 */
export function makersOf(about, content) {
  const made = content.segments.flatMap((segment) => segment.translation ?? []);
  const each = new Map(made.map(({ origin, engine }) => [`${origin} ${engine}`, { origin, engine }]));
  const whole = about.translation?.engine ? [{ origin: "machine", engine: about.translation.engine }] : [];
  return each.size ? [...each.values()] : whole;
}
