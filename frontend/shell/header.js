// The line above everything: the name, who is signed in, the language switch, signing out.

import { LANGUAGES, language, t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { levelDot, levelName } from "../parts/label.js";

/** @import { Code, Person, Scheme } from "../service/answers.js" */

/**
 * The children of the header. `person` is null while nobody is signed in, `scheme` until they may go on.
 * @param {{ person: Person | null, scheme: Scheme | null, onLanguage: (code: Code) => void, onSignOut: () => void }} given
 */
export function headerParts({ person, scheme, onLanguage, onSignOut }) {
  return [
    h("a", { class: "brand", href: "#/", "aria-label": t("home") }, mark(), h("span", {}, t("product"))),
    h("div", { class: "grow" }),
    person && account(person, scheme),
    languages(onLanguage),
    person && button({ class: "button slim", id: "sign-out", onclick: onSignOut }, t("signOut")),
  ].filter(Boolean);
}

const mark = () => h("img", { src: "/static/favicon.svg", alt: "", width: "28", height: "28" });

/** @param {Person} person @param {Scheme | null} scheme */
function account(person, scheme) {
  const named = h("bdi", {}, person.name);
  return h(
    "p",
    { class: "account" },
    h("span", { class: "unseen" }, t("account"), " "),
    scheme
      ? h("a", { class: "person", href: "#/account", title: t("titleAccount") }, named)
      : h("span", { class: "person" }, named),
    " ",
    h("bdi", { class: "agency" }, person.agency),
    " ",
    scheme && levelDot(person.clearance, scheme, t("clearance", { level: levelName(person.clearance, scheme) })),
  );
}

const SHORT = { en: "EN", ru: "РУ" };
const LONG = { en: "English", ru: "Русский" };

/** @param {(code: Code) => void} onLanguage */
function languages(onLanguage) {
  /** @param {Code} code */
  const choice = (code) => {
    const state = { "aria-label": `${SHORT[code]}, ${LONG[code]}`, "aria-pressed": String(code === language()) };
    return button({ lang: code, "data-key": `speak-${code}`, ...state, onclick: () => onLanguage(code) }, SHORT[code]);
  };
  return h("div", { class: "languages", role: "group", "aria-label": t("interfaceLanguage") }, LANGUAGES.map(choice));
}
