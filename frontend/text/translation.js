// Says in words what a translation is: where it comes from, why it is doubted, why there is none. Judges none itself.

import { t, tOr } from "../languages/language.js";

/** The language that a text is translated into. */
export const OTHER = { en: "ru", ru: "en" };

/** Where a translation comes from, for the head of its column. */
export function byLine({ origin, engine }) {
  return engine || origin !== "machine" ? tOr(`by_${origin}`, origin, { engine }) : t("by_unnamed");
}

/** Why a sentence's translation should not be trusted. */
export function doubtWords(code) {
  return tOr(`doubt_${code}`, t("doubt_other"));
}

/** Why a document in this language has no translation. */
export function absence(standing, own) {
  const direction = tOr(`direction_${own}`, "");
  return tOr(`absent_${standing?.reason}`, t("absent_unread"), { direction });
}

/** Whether there is a translation to show beside a page's text; a document may have got one since it was opened. */
export function isTranslated(about, content) {
  return about.translation?.reason === "" || content.segments.some((segment) => segment.translation);
}

/** The different makers of a page's translations: [{origin, engine}]; the document's own where the page has none. */
export function makersOf(about, content) {
  const made = content.segments.map((segment) => segment.translation).filter(Boolean);
  const each = new Map(made.map(({ origin, engine }) => [`${origin} ${engine}`, { origin, engine }]));
  const whole = about.translation?.engine ? [{ origin: "machine", engine: about.translation.engine }] : [];
  return each.size ? [...each.values()] : whole;
}
