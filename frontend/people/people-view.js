// People: who may sign in, with what grants; adding, disabling, enabling, granting, a one-time code, linking to an issuer's account.

import { moment, t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { levelDot, levelName } from "../parts/label.js";
import { table } from "../parts/table.js";
import { roleName } from "../parts/value-names.js";
import * as administrator from "../service/administrator.js";
import * as api from "../service/api.js";
import * as registrar from "../service/registrar.js";
import { board } from "./board.js";
import { addingPerson, granting, linking, renewing, switchingPerson, unlinking } from "./changing.js";
import { say } from "./strings.js";

/**
 * @import { Agency, Colleague, Grant, Scheme } from "../service/answers.js"
 * @import { Doing } from "./board.js"
 * @typedef {Colleague & { links: boolean }} PersonRow `links`: there is an issuer to link somebody to
 */

/** @param {{ scheme: Scheme }} given */
export function peopleView({ scheme }) {
  return board({
    id: "people",
    words: () => ({ title: t("titlePeople"), lead: say("peopleLead") }),
    /** @returns {Promise<[PersonRow[], Agency[]]>} */
    load: async () => {
      const [people, agencies, ways] = await Promise.all([administrator.people(), registrar.agencies(), api.waysToSignIn()]);
      return [people.map((person) => ({ ...person, links: ways.single_sign_on })), agencies];
    },
    table: (doing) => {
      const rows = peopleTable(scheme, doing);
      return { node: rows.node, fill: ([people]) => rows.fill(people) };
    },
    head: (doing, [, agencies]) => [
      button({ class: "button primary", onclick: () => doing(() => addingPerson(scheme, agencies)) }, say("addPerson")),
    ],
  });
}

/** @param {Scheme} scheme @param {Doing} doing */
function peopleTable(scheme, doing) {
  /** @type {(row: Colleague) => string[]} */
  const rolesHeld = (row) => row.grants.filter(({ state }) => state === "holds").map(({ role }) => role);
  const roles = ["expert", "translator", "reviewer", "registrar", "administrator", "auditor"];
  return table({
    id: "people",
    caption: t("titlePeople"),
    key: (/** @type {PersonRow} */ row) => row.username,
    choices: [
      { id: "role", label: say("role"), choices: roles.map((role) => [role, roleName(role)]), values: rolesHeld },
      {
        id: "state",
        label: say("state"),
        choices: [["active", say("active")], ["disabled", say("disabled")]],
        values: (row) => [row.active ? "active" : "disabled"],
      },
    ],
    columns: [
      { head: say("person"), cell: personCell, text: (row) => `${row.name} ${row.username} ${row.subject}` },
      { head: say("agency"), cell: (row) => h("bdi", {}, row.agency), text: (row) => row.agency },
      { head: say("signIn"), cell: signInCell },
      { head: say("grants"), cell: (row) => grantsCell(row.grants, scheme), text: (row) => rolesHeld(row).map(roleName).join(" ") },
      { head: say("acts"), cell: (row) => acts(row, scheme, doing) },
    ],
  });
}

/** @param {Colleague} row */
const personCell = ({ name, username }) => [h("bdi", {}, name), h("div", { class: "quiet-line" }, h("bdi", {}, username))];

/** @param {Colleague} row */
const signInCell = ({ active, second_factor: factor, code_until: until, subject }) => [
  h("div", {}, say(active ? "active" : "disabled")),
  h("div", { class: "quiet-line" }, until ? say("codeUntil", { moment: moment(until) }) : say(factor ? "withFactor" : "withoutFactor")),
  subject && h("div", { class: "quiet-line" }, h("bdi", {}, say("linkedAs", { subject }))),
];

/** @param {Grant[]} grants @param {Scheme} scheme */
function grantsCell(grants, scheme) {
  const open = grants.filter(({ state }) => state !== "over");
  if (!open.length) return say("noGrants");
  return h("ul", { class: "plain" }, open.map((grant) => h("li", {}, grantWords(grant, scheme))));
}

/** @param {Grant} grant @param {Scheme} scheme */
function grantWords({ role, clearance, need_to_know: needed, state, ends }, scheme) {
  const more = [state === "to_come" && t("grant_to_come"), needed.join(", "), ends && `${t("until")} ${moment(ends)}`].filter(Boolean);
  return [roleName(role), " ", levelDot(clearance, scheme, levelName(clearance, scheme)), more.length ? h("div", { class: "quiet-line" }, more.join(" · ")) : null];
}

/** @param {PersonRow} row @param {Scheme} scheme @param {Doing} doing */
function acts({ username, name, active, subject, links }, scheme, doing) {
  /** @typedef {[label: string, act: () => ReturnType<typeof renewing>]} Press */
  /** @type {Press[]} */
  const linked = subject ? [[say("unlink"), () => unlinking(scheme, username, subject)]] : [];
  /** @type {Press[]} */
  const unlinked = links && active && !subject ? [[say("link"), () => linking(scheme, username)]] : [];
  /** @type {Press[]} */
  const presses = active
    ? [
        [say("grant"), () => granting(scheme, username)],
        [say("renew"), () => renewing(scheme, username)],
        [say("disable"), () => switchingPerson(scheme, username, false)],
      ]
    : [[say("enable"), () => switchingPerson(scheme, username, true)]];
  const shown = [...presses, ...unlinked, ...linked].map(([label, act]) => button({ class: "button slim", onclick: () => doing(act) }, label, h("span", { class: "unseen" }, ` ${name}`)));
  return h("div", { class: "buttons" }, shown);
}
