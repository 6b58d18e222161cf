// The line above everything: the name, who is signed in, the language switch, signing out.

import { h } from "./dom.js";
import { LANGUAGES, language, t } from "./language.js";
import { levelBadge, levelName } from "./label.js";

/** The children of the header. `person` and `scheme` are null while nobody is signed in. */
export function headerParts({ person, scheme, onLanguage, onSignOut }) {
  return [
    h("a", { class: "brand", href: "#/", "aria-label": t("home") }, h("img", { src: "/static/favicon.svg", alt: "", width: "28", height: "28" }), h("span", {}, t("product"))),
    h("div", { class: "grow" }),
    person && account(person, scheme),
    languages(onLanguage),
    person && h("button", { type: "button", class: "button slim", id: "sign-out", onclick: onSignOut }, t("signOut")),
  ].filter(Boolean);
}

function account(person, scheme) {
  const clearance = levelBadge(person.clearance, scheme);
  clearance.title = t("clearance", { level: levelName(person.clearance, scheme) });
  return h(
    "p",
    { class: "account" },
    h("span", { class: "unseen" }, t("account"), " "),
    h("span", { class: "person" }, person.name),
    " ",
    h("span", { class: "agency" }, person.agency),
    " ",
    h("span", { class: "unseen" }, t("clearance", { level: "" })),
    clearance,
  );
}

const SHORT = { en: "EN", ru: "РУ" };
const LONG = { en: "English", ru: "Русский" };

function languages(onLanguage) {
  const choice = (code) =>
    h("button", { type: "button", lang: code, "data-key": `speak-${code}`, "aria-label": LONG[code], "aria-pressed": String(code === language()), onclick: () => onLanguage(code) }, SHORT[code]);
  return h("div", { class: "languages", role: "group", "aria-label": t("interfaceLanguage") }, LANGUAGES.map(choice));
}
