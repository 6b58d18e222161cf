// Asks for a person's translation of a sentence that none has translated yet: it goes to the head of the translators' queue.

import { language } from "../languages/language.js";
import { ask } from "../parts/dialog.js";
import { announce, button, h } from "../parts/dom.js";
import { lineField } from "../parts/fields.js";
import * as api from "../service/api.js";
import { say } from "./strings.js";

/** @import { Code, Segment } from "../service/answers.js" */

/**
 * Whether a person's translation into this language may be asked for: there is none, and it is not written in it.
 * @param {Segment} segment
 * @param {Code} into
 */
const lacksHuman = ({ language: own, translation }, into) => own !== into && (!translation || translation.origin === "machine");

/**
 * The button that asks for it, which shows while its sentence has the focus; nothing where there is nothing to ask.
 * @param {string} id the document's
 * @param {Segment} segment
 * @param {Code} into
 */
export function humanButton(id, segment, into) {
  if (!lacksHuman(segment, into)) return null;
  const onclick = async () => {
    const note = lineField("human-note", say("humanNote"), { maxlength: "2000" });
    const submit = () => api.askForHuman(id, numberOf(segment), note.value());
    only.classList.add("asking"); // shown while the focus is in the dialog, so that it can come back
    const done = await ask({ title: say("humanAsk"), parts: [h("p", {}, say("humanLead")), note.node], press: say("humanPress"), submit });
    only.classList.toggle("asking", done);
    if (!done) return;
    only.textContent = say("humanAsked");
    announce(say("humanAsked"));
  };
  const only = button({ class: "button slim ask-human", lang: language(), onclick }, say("humanAsk"));
  return only;
}

/** @param {{ segment_id: string }} segment its place among the document's sentences, which ends its identifier */
export const numberOf = ({ segment_id: id }) => Number(id.slice(id.lastIndexOf(".s") + 2));
