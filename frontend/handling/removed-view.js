// Removed documents: what is left of them, and the way to bring one back.

import { moment, t } from "../languages/language.js";
import { announce, button, byId, h } from "../parts/dom.js";
import { badges } from "../parts/label.js";
import { notice, outcomeWords } from "../parts/notice.js";
import { table } from "../parts/table.js";
import { Problem } from "../service/problem.js";
import * as registrar from "../service/registrar.js";
import { bringingBack, holding } from "./acts.js";
import { say } from "./strings.js";

/** @import { Outcome, Scheme, Tombstone } from "../service/answers.js" */

/** @param {{ scheme: Scheme }} given */
export function removedView({ scheme }) {
  const node = h("section", { class: "work removed", "aria-labelledby": "removed-title" });
  /** @type {Tombstone[]} */
  let rows = [];
  let drawn = draw();

  function draw() {
    const outcome = h("p", { class: "outcome", role: "status" });
    const trouble = h("div", {});
    const list = removedTable(scheme, act);
    const title = h("h1", { id: "removed-title", tabindex: "-1" }, t("titleRemoved"));
    const head = h("div", { class: "work-head" }, title, h("p", {}, say("removedLead")));
    node.replaceChildren(head, outcome, trouble, list.node);
    return { outcome, trouble, list };
  }

  /** @param {Promise<Outcome | null>} asked */
  async function act(asked) {
    const outcome = await asked;
    if (!outcome) return;
    drawn.outcome.textContent = outcomeWords(outcome);
    announce(outcomeWords(outcome));
    await load();
  }

  async function load() {
    try {
      rows = await registrar.removed();
      drawn.trouble.replaceChildren();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      rows = [];
      drawn.trouble.replaceChildren(notice(problem, load));
    }
    drawn.list.fill(rows);
  }

  const redraw = () => {
    drawn = draw();
    drawn.list.fill(rows);
  };
  const enter = () => {
    byId("removed-title").focus();
    return load();
  };
  return { node, enter, redraw };
}

/** @param {Scheme} scheme @param {(asked: Promise<Outcome | null>) => unknown} act */
function removedTable(scheme, act) {
  /** @param {Tombstone} tombstone */
  const decided = ({ removed_by: by, proposed_by: proposer }) => (proposer ? say("removedProposed", { by, proposer }) : by);
  /** @param {Tombstone} tombstone */
  const because = ({ reason, by_schedule: due }) => [h("bdi", {}, reason), due && h("div", { class: "quiet-line" }, say("removedBySchedule"))];
  /** @param {string} word @param {() => Promise<Outcome | null>} asking */
  const press = (word, asking) => [" ", button({ class: "button slim", onclick: () => act(asking()) }, word)];
  /** @param {Tombstone} tombstone */
  const until = ({ document_id: id, deletes_at: last, legal_hold: held }) =>
    last
      ? [
          held ? say("removedHeld") : moment(last),
          ...press(say("back"), () => bringingBack(id)),
          ...press(say(held ? "release" : "hold"), () => holding(id, !held)),
        ]
      : say("gone");
  return table({
    id: "removed",
    caption: t("titleRemoved"),
    key: (row) => row.document_id,
    columns: [
      { head: say("removedDocument"), cell: (row) => h("code", {}, row.document_id), text: (row) => row.document_id },
      { head: say("removedLabel"), cell: (row) => badges(row.label, scheme), text: (row) => row.label.originators.join(" ") },
      { head: say("removedWhen"), cell: (row) => moment(row.removed_at) },
      { head: say("removedBy"), cell: decided, text: decided },
      { head: say("removedBecause"), cell: because, text: (row) => row.reason },
      { head: say("removedUntil"), cell: until },
    ],
  });
}
