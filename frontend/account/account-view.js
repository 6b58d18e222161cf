// One's own sign-in: the password, the second factor, signing out everywhere. Shows no secret but a new one.

import { t } from "../languages/language.js";
import { announce, button, byId, h } from "../parts/dom.js";
import { notice } from "../parts/notice.js";
import * as api from "../service/api.js";
import { Problem } from "../service/problem.js";
import { factorView } from "./factor-view.js";
import { passwordView } from "./password-view.js";

/**
 * @import { Person } from "../service/answers.js"
 * @import { Child } from "../parts/dom.js"
 */

/**
 * The view. `changed` is called when what the person may do has changed, `left` when no session is left.
 * @param {{ person: Person, changed: () => unknown, left: () => void }} given
 */
export function accountView({ person, changed, left }) {
  const node = h("section", { class: "own" });
  const redraw = () => node.replaceChildren(...parts({ person, redraw, changed, left }));
  redraw();
  return { node, redraw };
}

/** @param {{ person: Person, redraw: () => void, changed: () => unknown, left: () => void }} given */
function parts({ person, redraw, changed, left }) {
  return [
    h("h1", { tabindex: "-1", id: "account-title" }, t("titleAccount")),
    part(t("passwordChange"), passwordPart(person, redraw)),
    person.second_factor
      ? part(t("factorName"), h("p", {}, t("factorOn")))
      : h("section", { class: "card" }, factorView({ must: false, heading: "h2", done: changed }).node),
    part(t("everywhereTitle"), h("p", {}, t("everywhereLead")), everywhere(left)),
  ];
}

/** @param {string} title @param {...Child} children */
const part = (title, ...children) => h("section", { class: "card" }, h("h2", {}, title), children);

/** @param {Person} person @param {() => void} redraw */
function passwordPart(person, redraw) {
  const done = () => {
    redraw();
    byId("account-title").focus();
    announce(t("passwordSet"));
  };
  return passwordView({ person, first: false, done }).node;
}

/** @param {() => void} left */
function everywhere(left) {
  const said = h("div", {});
  const leave = async () => {
    try {
      await api.signOutEverywhere();
      left();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.replaceChildren(notice(problem, leave));
    }
  };
  return [button({ class: "button leave-all", id: "everywhere", onclick: leave }, t("everywhere")), said];
}
