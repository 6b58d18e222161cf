// The line above everything: the name, who is signed in, the language switch, signing out.

import { LANGUAGES, language, t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { levelDot, levelName } from "../parts/label.js";
import { themeSwitch } from "./theme-switch.js";

/**
 * @import { Code, Person, Scheme } from "../service/answers.js"
 * @import { Route } from "./routes.js"
 * @typedef {object} HeaderGiven `person` is null while nobody is signed in, `scheme` until they may go on
 * @property {Person | null} person
 * @property {Scheme | null} scheme
 * @property {Route[]} routes
 * @property {Route | null} shown
 * @property {(code: Code) => void} onLanguage
 * @property {() => void} onSignOut
 */

/**
 * The children of the header.
 * @param {HeaderGiven} given
 */
export function headerParts({ person, scheme, routes, shown, onLanguage, onSignOut }) {
  return [
    h("a", { class: "brand", href: "#/", "aria-label": t("home") }, mark(), h("span", {}, t("product"))),
    h("div", { class: "grow" }),
    person && account(person, scheme),
    themeSwitch(),
    languages(onLanguage),
    person && button({ class: "button slim", id: "sign-out", onclick: onSignOut }, t("signOut")),
    menu(routes, shown),
  ].filter(Boolean);
}

/**
 * The ways to all views that have a word in the menu; none where there is one alone.
 * @param {Route[]} routes
 * @param {Route | null} shown
 */
function menu(routes, shown) {
  const listed = routes.filter(({ lead }) => lead);
  if (listed.length < 2) return null;
  /** @param {Route} route */
  const way = (route) => {
    const current = route === shown ? "page" : null;
    return h("li", {}, h("a", { href: `#/${route.view}`, "data-key": `to-${route.view}`, "aria-current": current }, t(route.title)));
  };
  return h("nav", { class: "menu", "aria-label": t("menu") }, h("ul", {}, listed.map(way)));
}

const mark = () => h("img", { src: new URL("../favicon.svg", import.meta.url).href, alt: "", width: "28", height: "28" });

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
