// Oneself: roles and sessions, the password, the second factor, signing out everywhere. Shows no secret but a new one.

import { t } from "../languages/language.js";
import { announce, button, byId, h, keepTyped } from "../parts/dom.js";
import { notice } from "../parts/notice.js";
import * as api from "../service/api.js";
import { Problem } from "../service/problem.js";
import { factorView } from "./factor-view.js";
import { grantsTable, sessionsTable } from "./holdings.js";
import { passkeyParts } from "./passkeys-view.js";
import { passwordView } from "./password-view.js";
import { say } from "./strings.js";

/**
 * @import { Grant, OwnFactors, OwnSession, Person, Scheme } from "../service/answers.js"
 * @import { Child } from "../parts/dom.js"
 * @typedef {{ person: Person, scheme: Scheme, changed: () => unknown, left: () => void }} AccountGiven
 */

/**
 * The view. `changed` is called when what the person may do has changed, `left` when no session is left.
 * @param {AccountGiven} given
 */
export function accountView(given) {
  const node = h("section", { class: "own" });
  const held = h("div", { class: "held" });
  const factors = h("div", { class: "held" });
  /** @type {[Grant[], OwnSession[], OwnFactors] | null} */
  let holdings = null;

  const fill = () => {
    if (!holdings) return;
    const [grants, sessions, own] = holdings;
    held.replaceChildren(...heldParts(grants, sessions, given.scheme));
    factors.replaceChildren(...factorCards(own, given.changed));
  };
  const draw = () => {
    fill();
    node.replaceChildren(...parts({ ...given, redraw: draw, held, factors }));
  };
  const redraw = () => keepTyped(node, draw);

  async function load() {
    try {
      holdings = await Promise.all([api.ownGrants(), api.ownSessions(), api.ownFactors()]);
      fill();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      held.replaceChildren(notice(problem, load));
    }
  }

  draw();
  const enter = () => {
    draw();
    byId("account-title").focus();
    return load();
  };
  return { node, redraw, enter };
}

/** @param {Grant[]} grants @param {OwnSession[]} sessions @param {Scheme} scheme */
const heldParts = (grants, sessions, scheme) => [
  part(say("grants"), grantsTable(grants, scheme)),
  part(say("sessions"), sessionsTable(sessions)),
];

/**
 * The cards of the second factors: digits, and passkeys where there can be any.
 * @param {OwnFactors} own
 * @param {() => unknown} changed
 */
const factorCards = (own, changed) => [
  own.code
    ? part(say("factorName"), h("p", {}, say("factorOn")))
    : h("section", { class: "card" }, factorView({ must: false, heading: "h2", done: changed }).node),
  ...(own.origin || own.passkeys.length ? [part(say("passkeys"), ...passkeyParts(own, changed))] : []),
];

/** @param {AccountGiven & { redraw: () => void, held: HTMLElement, factors: HTMLElement }} given */
function parts({ person, redraw, held, factors, left }) {
  return [
    h("h1", { tabindex: "-1", id: "account-title" }, t("titleAccount")),
    held,
    part(say("passwordChange"), passwordPart(person, redraw), h("p", { class: "small" }, say("forgotten"))),
    factors,
    part(say("everywhereTitle"), h("p", {}, say("everywhereLead")), everywhere(left)),
  ];
}

/** @param {string} title @param {...Child} children */
const part = (title, ...children) => h("section", { class: "card" }, h("h2", {}, title), children);

/** @param {Person} person @param {() => void} redraw */
function passwordPart(person, redraw) {
  const done = () => {
    redraw();
    byId("account-title").focus();
    announce(say("passwordSet"));
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
  return [button({ class: "button leave-all", id: "everywhere", onclick: leave }, say("everywhere")), said];
}
