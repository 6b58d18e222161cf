// One's own enquiries to other agencies: searched for again, withdrawn. Knows nothing of what became of one.

import { moment, t } from "../languages/language.js";
import { ask } from "../parts/dialog.js";
import { button, h } from "../parts/dom.js";
import { agencyName } from "../parts/label-fields.js";
import { table } from "../parts/table.js";
import * as expert from "../service/expert.js";
import { agencies } from "../service/registrar.js";
import { askable } from "../state/kept.js";
import { askedCell, wordsOf } from "./asked.js";
import { listView } from "./list.js";
import { say } from "./strings.js";

/**
 * @import { Agency, Enquiry, Scheme } from "../service/answers.js"
 * @import { Kept } from "../service/expert.js"
 * @import { Act } from "./list.js"
 * @typedef {{ own: Enquiry[], agencies: Agency[] }} Loaded
 */

/** @param {{ scheme: Scheme, searchFor: (search: Kept) => unknown }} given */
export function enquiriesView({ scheme, searchFor }) {
  return listView({
    id: "enquiries",
    words: () => ({ title: t("titleEnquiries"), lead: [h("p", {}, say("lead"))] }),
    load: async () => {
      const [own, all] = await Promise.all([expert.enquiries(), agencies()]);
      return { own, agencies: all };
    },
    rows: (act) => enquiryTable(scheme, searchFor, act),
  });
}

/** @param {Scheme} scheme @param {(search: Kept) => unknown} searchFor @param {Act} act */
function enquiryTable(scheme, searchFor, act) {
  /** @type {Map<string, string>} */
  const names = new Map();
  /** @param {Enquiry} row */
  const nameOf = ({ agency }) => names.get(agency) ?? agency;
  /** @param {Enquiry} row */
  const acts = (row) =>
    h(
      "p",
      { class: "buttons" },
      row.search.query && button({ class: "button slim", onclick: () => searchFor(askable(row.search)) }, say("again")),
      button({ class: "button slim", onclick: () => act(() => withdrawing(row), () => say("withdrawn")) }, say("withdraw")),
    );
  const { node, fill } = table({
    id: "own-enquiries",
    caption: t("titleEnquiries"),
    filter: false,
    key: (/** @type {Enquiry} */ row) => row.enquiry_id,
    columns: [
      { head: say("search"), cell: (row) => askedCell(row, scheme) },
      { head: say("agency"), cell: (row) => h("bdi", {}, nameOf(row)) },
      { head: say("sent"), cell: (row) => moment(row.sent_at) },
      { head: say("over"), cell: (row) => moment(row.over_at) },
      { head: say("acts"), cell: acts },
    ],
  });
  const none = h("p", { class: "waiting", hidden: true }, say("none"));
  /** @param {Loaded} loaded */
  const show = ({ own, agencies: all }) => {
    for (const agency of all) names.set(agency.code, agencyName(agency));
    none.hidden = own.length > 0;
    node.hidden = own.length === 0;
    fill(own);
  };
  return { node: h("div", {}, none, node), fill: show };
}

/** @param {Enquiry} enquiry */
function withdrawing(enquiry) {
  const parts = [h("p", {}, say("withdrawLead", { query: wordsOf(enquiry), agency: enquiry.agency }))];
  const submit = () => expert.withdrawEnquiry(enquiry.enquiry_id);
  return ask({ title: say("withdrawTitle"), parts, press: say("withdrawTitle"), grave: true, submit });
}
