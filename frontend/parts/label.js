// Shows labels: the level in the scheme's own words and colour, who may read, whence it comes. Translates no marking.

import { language, t } from "../languages/language.js";
import { h, restyle } from "./dom.js";

/** @import { Label, Scheme } from "../service/answers.js" */

const FALLBACK = "#4a4f57";

/**
 * A level as a small badge.
 * @param {string} code
 * @param {Scheme} scheme
 */
export function levelBadge(code, scheme) {
  return coloured(h("span", { class: "badge" }, levelName(code, scheme)), code, scheme);
}

/**
 * Words about a level beside a dot of its colour: for what is no marking, such as a person's clearance.
 * @param {string} code
 * @param {Scheme} scheme
 * @param {string} words
 */
export function levelDot(code, scheme, words) {
  return coloured(h("span", { class: "dotted" }, words), code, scheme);
}

/**
 * A label as badges, for a line of a list.
 * @param {Label} label
 * @param {Scheme} scheme
 */
export function badges(label, scheme) {
  const quiet = limits(label).map((text) => h("bdi", { class: "badge quiet" }, text));
  return h("span", { class: "badges" }, levelBadge(label.level, scheme), quiet);
}

/**
 * A label as a banner across the page.
 * @param {Label} label
 * @param {Scheme} scheme
 */
export function banner(label, scheme) {
  const parts = [...limits(label), t("labelOriginators", { list: label.originators.join(", ") })];
  const level = h("strong", {}, bannerText(label.level, scheme));
  const rest = parts.map((part) => [" ", h("bdi", {}, part)]);
  const shown = h("p", { class: "banner", role: "note", "aria-label": t("labelBanner") }, level, rest);
  return coloured(shown, label.level, scheme);
}

/**
 * A label in one line of plain words, for what is copied.
 * @param {Label} label
 * @param {Scheme} scheme
 */
export const markingWords = (label, scheme) => [bannerText(label.level, scheme), ...limits(label)].join(" · ");

/**
 * The name of a level in the interface's language, as the scheme has it.
 * @param {string} code
 * @param {Scheme} scheme
 */
export function levelName(code, scheme) {
  return find(code, scheme)?.[language() === "ru" ? "name_ru" : "name_en"] ?? code;
}

/** @param {string} code @param {Scheme} scheme */
function bannerText(code, scheme) {
  return find(code, scheme)?.[language() === "ru" ? "banner_ru" : "banner_en"] ?? code.toUpperCase();
}

/** @param {Label} label @returns {string[]} */
function limits(label) {
  const words = label.need_to_know ? t("labelNeedToKnow", { words: spaced(label.need_to_know) }) : "";
  return [releasable(label.releasable_to), words].filter((limit) => limit !== "");
}

/** @param {Label["releasable_to"]} to */
function releasable(to) {
  if (to === "ALL") return t("labelAll");
  return to.length ? t("labelReleasable", { list: to.join(", ") }) : t("labelNobody");
}

/** @param {string} expression */
const spaced = (expression) => expression.replace(/\s*([&|])\s*/g, " $1 ");

/** @param {string} code @param {Scheme} scheme */
const find = (code, scheme) => scheme.levels.find((level) => level.code === code);

/** @template {HTMLElement} N @param {N} node @param {string} code @param {Scheme} scheme */
function coloured(node, code, scheme) {
  const given = find(code, scheme)?.colour ?? "";
  const colour = /^#[0-9a-f]{6}$/i.test(given) ? given : FALLBACK;
  return restyle(node, { "--level": colour, "--on-level": onColour(colour) });
}

/**
 * Black or white, whichever stands out more on a colour: relative luminance as WCAG 2 defines it.
 * @param {string} hex
 */
export function onColour(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255));
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#000000";
}

/** @param {number} value */
const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
