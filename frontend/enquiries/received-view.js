// What other agencies ask one's own: searched for by whoever may search, and closed. The asker is told of neither.

import { moment, t } from "../languages/language.js";
import { ask } from "../parts/dialog.js";
import { button, h } from "../parts/dom.js";
import { choiceField } from "../parts/fields.js";
import { table } from "../parts/table.js";
import * as registrar from "../service/registrar.js";
import { askable } from "../state/kept.js";
import { askedCell, wordsOf } from "./asked.js";
import { listView } from "./list.js";
import { say } from "./strings.js";

/**
 * @import { Person, ReceivedEnquiry, Scheme } from "../service/answers.js"
 * @import { Kept } from "../service/expert.js"
 * @import { Act } from "./list.js"
 */

const AT_ONCE = 200; // that the service lists

/** @param {{ person: Person, scheme: Scheme, searchFor: (search: Kept) => unknown }} given */
export function receivedView({ person, scheme, searchFor }) {
  const searches = person.actions.includes("search");
  return listView({
    id: "received",
    words: () => ({
      title: t("titleReceived"),
      lead: [h("p", {}, say("receivedLead")), h("p", {}, say("release")), !searches && h("p", {}, say("noSearch"))],
    }),
    load: () => registrar.receivedEnquiries(0, AT_ONCE),
    rows: (act) => receivedTable(scheme, searches ? searchFor : null, act),
  });
}

/** @param {Scheme} scheme @param {((search: Kept) => unknown) | null} searchFor @param {Act} act */
function receivedTable(scheme, searchFor, act) {
  /** @param {ReceivedEnquiry} row */
  const asker = ({ asker: { username, name, agency } }) => [h("bdi", {}, name), h("div", { class: "quiet-line" }, h("bdi", {}, `${username} · ${agency}`))];
  /** @param {ReceivedEnquiry} row */
  const acts = ({ enquiry }) =>
    h(
      "p",
      { class: "buttons" },
      searchFor && enquiry.search.query && button({ class: "button slim", onclick: () => searchFor(askable(enquiry.search)) }, say("look")),
      button({ class: "button slim", onclick: () => act(() => closing(enquiry), () => say("closed")) }, say("close")),
    );
  const { node, fill } = table({
    id: "received-enquiries",
    caption: t("titleReceived"),
    key: (/** @type {ReceivedEnquiry} */ row) => row.enquiry.enquiry_id,
    columns: [
      { head: say("search"), cell: ({ enquiry }) => askedCell(enquiry, scheme), text: ({ enquiry }) => `${wordsOf(enquiry)} ${enquiry.note}` },
      { head: say("asker"), cell: asker, text: ({ asker: { username, name, agency } }) => `${name} ${username} ${agency}` },
      { head: say("sent"), cell: ({ enquiry }) => moment(enquiry.sent_at) },
      { head: say("over"), cell: ({ enquiry }) => moment(enquiry.over_at) },
      { head: say("acts"), cell: acts },
    ],
  });
  const more = h("p", { class: "small" });
  /** @param {{ total: number, enquiries: ReceivedEnquiry[] }} loaded */
  const show = ({ total, enquiries: rows }) => {
    more.textContent = total > rows.length ? t("rowsShown", { n: rows.length, total }) : "";
    fill(rows);
  };
  return { node: h("div", {}, node, more), fill: show };
}

/** @param {ReceivedEnquiry["enquiry"]} enquiry */
function closing(enquiry) {
  /** @type {[string, string][]} */
  const outcomes = [["nothing", say("outcome_nothing")], ["something", say("outcome_something")]];
  const outcome = choiceField("closed-with", say("outcome"), outcomes, "nothing");
  const parts = [h("p", {}, say("closeLead", { query: wordsOf(enquiry) })), outcome.node];
  const submit = () => registrar.closeEnquiry(enquiry.enquiry_id, outcome.value() === "something");
  return ask({ title: say("closeTitle"), parts, press: say("closeTitle"), submit });
}
