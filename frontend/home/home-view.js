// The first page of whoever does not search: what waits for them, and the ways to all that their roles open.

import { t } from "../languages/language.js";
import { byId, h } from "../parts/dom.js";
import { notice } from "../parts/notice.js";
import { roleName } from "../parts/value-names.js";
import * as changes from "../service/changes.js";
import { Problem } from "../service/problem.js";
import * as registrar from "../service/registrar.js";
import { say } from "./strings.js";

/**
 * @import { Person } from "../service/answers.js"
 * @typedef {import("../languages/language.js").Key} Key
 * @typedef {{ view: string, title: Key, lead?: Key }} Way
 * @typedef {{ words: "proposals" | "received" | "quarantined" | "review" | "due", href: string, n: number, more: boolean }} Waiting
 */

const MOST = 100; // that are counted
const MOST_DUE = 200; // that the service lists

/** @param {{ person: Person, routes: Way[] }} given */
export function homeView({ person, routes }) {
  const node = h("section", { class: "work home", "aria-labelledby": "home-title" });
  /** @type {Waiting[] | null} */
  let waiting = null;
  /** @type {Problem | null} */
  let problem = null;

  const waits = h("div", { class: "waits" });

  function redraw() {
    const roles = person.roles.map(roleName).join(", ");
    node.replaceChildren(
      h(
        "div",
        { class: "work-head" },
        h("h1", { id: "home-title", tabindex: "-1" }, say("hello", { name: person.name })),
        h("p", {}, roles ? say("roles", { roles }) : say("noRoles")),
      ),
      waits,
      h("h2", { class: "unseen" }, say("ways")),
      h("ul", { class: "ways" }, routes.filter(({ lead }) => lead).map(way)),
    );
    show();
  }

  function show() {
    waits.setAttribute("aria-busy", String(!waiting && !problem));
    if (problem) waits.replaceChildren(notice(problem, load));
    else waits.replaceChildren(...(waiting ? waitingParts(waiting) : []));
  }

  async function load() {
    try {
      [waiting, problem] = [await counted(person), null];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem = error;
    }
    show();
  }

  const enter = () => {
    redraw();
    byId("home-title").focus();
    return load();
  };
  return { node, enter, redraw };
}

/** @param {Way} route */
const way = ({ view, title, lead }) =>
  h("li", { class: "way" }, h("a", { href: `#/${view}` }, t(title)), lead && h("p", { class: "small" }, t(lead)));

/** @param {Waiting[]} waiting */
function waitingParts(waiting) {
  const some = waiting.filter(({ n }) => n > 0);
  const lines = some.map(({ words, href, n, more }) => {
    const said = say(words, { n });
    return h("li", {}, h("a", { href }, more ? say("atLeast", { words: said }) : said));
  });
  return [h("h2", {}, say("waits")), lines.length ? h("ul", {}, lines) : h("p", {}, say("nothing"))];
}

/**
 * What waits for a person, by what their roles open.
 * @param {Person} person
 * @returns {Promise<Waiting[]>}
 */
async function counted({ actions }) {
  const decides = ["administer", "label", "remove"].some((action) => actions.includes(action));
  const [brings, receives, removes] = ["intake", "receive", "remove"].map((action) => actions.includes(action));
  const today = new Date().toISOString().slice(0, 10);
  const asked = { offset: 0, limit: MOST, state: "", review_by: "" };
  const [proposals, received, quarantined, review, due] = await Promise.all([
    decides ? changes.proposals() : [],
    receives ? registrar.receivedEnquiries(0, 1) : { total: 0 },
    brings ? registrar.intake({ ...asked, state: "quarantined" }) : [],
    brings ? registrar.intake({ ...asked, review_by: today }) : [],
    removes ? registrar.due() : [],
  ]);
  return [
    { words: "proposals", href: "#/proposals", n: proposals.length, more: false },
    { words: "received", href: "#/received", n: received.total, more: false },
    { words: "quarantined", href: "#/intake/quarantined", n: quarantined.length, more: quarantined.length === MOST },
    { words: "review", href: "#/intake", n: review.length, more: review.length === MOST },
    { words: "due", href: "#/due", n: due.length, more: due.length === MOST_DUE },
  ];
}
