// A line of the intake: the document, its state with what to do, its label and its times.

import { day, moment, t } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { button, h } from "../parts/dom.js";
import { badges } from "../parts/label.js";
import { table } from "../parts/table.js";
import { questionWords, stateName, troubleWords } from "../parts/value-names.js";
import { say } from "./strings.js";

/** @import { IntakeRow, Scheme, Times } from "../service/answers.js" */

/**
 * The table of the intake. `retry` is called for a document that failed.
 * @param {Scheme} scheme
 * @param {(failed: IntakeRow) => unknown} retry
 */
export function intakeTable(scheme, retry) {
  return table({
    id: "intake",
    caption: t("titleIntake"),
    key: (row) => row.document_id,
    columns: [
      { head: say("document"), cell: nameCell, text: (row) => Object.values(row.title).join(" ") + row.filename },
      { head: say("state"), cell: (row) => stateCell(row, retry), text: (row) => stateName(row.state) + troubleWords(row) + open(row).join(" ") },
      { head: say("label"), cell: (row) => badges(row.label, scheme), text: (row) => row.label.originators.join(" ") },
      { head: say("takenAt"), cell: ({ taken_at: at }) => h("time", { datetime: at }, moment(at)) },
      { head: say("times"), cell: ({ times, legal_hold: held }) => timesCell(times, held) },
    ],
  });
}

/** @param {IntakeRow} row */
function nameCell(row) {
  const { title, filename } = row;
  const [name] = titles(title, Object.keys(title)[0] ?? "en");
  const link = h("a", { href: handling(row), lang: name.lang }, h("bdi", {}, name.text));
  return [link, name.text === filename ? null : h("div", { class: "quiet-line" }, h("bdi", {}, filename))];
}

/** @param {IntakeRow} row @param {(failed: IntakeRow) => unknown} retry */
function stateCell(row, retry) {
  const trouble = troubleWords(row);
  const again = row.code && row.stage !== "intake" && button({ class: "button slim", onclick: () => retry(row) }, say("retry"));
  const asked = open(row).map((question) => h("p", { class: "asked-of-it" }, question, " ", h("a", { href: handling(row) }, say("toAnswer"))));
  return [stateName(row.state), trouble && h("p", { class: "quiet-line" }, trouble), again, asked];
}

/** @param {IntakeRow} row the questions that nobody answered yet */
const open = ({ questions }) => questions.filter(({ answer }) => !answer).map(questionWords);

/** @param {IntakeRow} row */
const handling = ({ document_id: id }) => `#/handling/${encodeURIComponent(id)}`;

/** @param {Times} times @param {boolean} held */
function timesCell({ published, embargo_until: embargo, expires_at: expiry, review_on: review }, held) {
  const lines = [
    held && say("hold"),
    !published && say("hidden"),
    embargo && say("embargo", { moment: moment(embargo) }),
    expiry && say("expiry", { moment: moment(expiry) }),
    review && say("review", { day: day(review) }),
  ].filter(Boolean);
  return lines.length ? lines.map((line) => h("div", {}, line)) : "–";
}
