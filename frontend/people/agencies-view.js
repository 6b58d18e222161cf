// Agencies: their names, their ceilings, whether they take part; adding and changing one.

import { language, t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { levelDot, levelName } from "../parts/label.js";
import { table } from "../parts/table.js";
import * as registrar from "../service/registrar.js";
import { board } from "./board.js";
import { addingAgency, changingAgency } from "./changing.js";
import { say } from "./strings.js";

/**
 * @import { Agency, Scheme } from "../service/answers.js"
 * @import { Doing } from "./board.js"
 */

/** @param {{ scheme: Scheme }} given */
export function agenciesView({ scheme }) {
  return board({
    id: "agencies",
    words: () => ({ title: t("titleAgencies"), lead: say("agenciesLead") }),
    load: registrar.agencies,
    table: (doing) => agenciesTable(scheme, doing),
    head: (doing) => [button({ class: "button primary", onclick: () => doing(() => addingAgency(scheme)) }, say("addAgency"))],
  });
}

/** @param {Scheme} scheme @param {Doing} doing */
function agenciesTable(scheme, doing) {
  /** @param {Agency} row */
  const names = ({ name_en: en, name_ru: ru }) => (language() === "ru" ? [ru, en] : [en, ru]);
  /** @param {Agency} row */
  const nameCell = (row) => {
    const [first, second] = names(row);
    const [own, other] = language() === "ru" ? ["ru", "en"] : ["en", "ru"];
    return [h("span", { lang: own }, first), h("div", { class: "quiet-line", lang: other }, second)];
  };
  /** @param {Agency} row */
  const change = (row) => button({ class: "button slim", onclick: () => doing(() => changingAgency(scheme, row)) }, say("change"), h("span", { class: "unseen" }, ` ${row.code}`));
  return table({
    id: "agencies",
    caption: t("titleAgencies"),
    key: (/** @type {Agency} */ row) => row.code,
    columns: [
      { head: say("code"), cell: (row) => h("bdi", {}, row.code), text: (row) => row.code },
      { head: say("name"), cell: nameCell, text: (row) => names(row).join(" ") },
      { head: say("ceiling"), cell: ({ ceiling }) => ceiling && levelDot(ceiling, scheme, levelName(ceiling, scheme)), text: ({ ceiling }) => (ceiling ? levelName(ceiling, scheme) : "") },
      { head: say("state"), cell: (row) => say(row.active ? "takesPart" : "leftOut") },
      { head: say("acts"), cell: change },
    ],
  });
}
