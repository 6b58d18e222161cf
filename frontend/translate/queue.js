// The queue of documents: those that no person has translated, out of what one may search.

import { day, languageName, t } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { h } from "../parts/dom.js";
import { badges } from "../parts/label.js";
import { table } from "../parts/table.js";
import * as api from "../service/api.js";
import { say } from "./strings.js";

/** @import { Hit, Scheme } from "../service/answers.js" */

const MOST = 50;

/** The documents, the latest first. */
export async function untranslated() {
  const question = { query: "", filters: { has_human_translation: ["false"] }, sort: "newest", offset: 0, limit: MOST };
  return (await api.search(question, new AbortController().signal)).hits;
}

/** @param {Scheme} scheme */
export function queueTable(scheme) {
  return table({
    id: "queue",
    caption: t("titleTranslate"),
    key: (/** @type {Hit} */ hit) => hit.document_id,
    columns: [
      { head: say("document"), cell: nameCell, text: (hit) => Object.values(hit.title).join(" ") },
      { head: say("label"), cell: (hit) => badges(hit.label, scheme) },
      { head: say("facts"), cell: (hit) => [languageName(hit.language), ", ", hit.date ? day(hit.date) : t("undated")] },
    ],
  });
}

/** @param {Hit} hit */
function nameCell({ document_id: id, title, language }) {
  const [name] = titles(title, language);
  return h("a", { href: `#/translate/${encodeURIComponent(id)}`, lang: name.lang }, h("bdi", {}, name.text));
}
