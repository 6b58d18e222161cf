// Takes a document out in both languages side by side, under its marking, for people who have no Tolmach before them.

import { announce, button, h, save } from "../parts/dom.js";
import { words } from "../parts/notice.js";
import { Problem } from "../service/problem.js";
import * as translator from "../service/translator.js";
import { say } from "./strings.js";

/**
 * The buttons, and where it is said what became of it.
 * @param {string} id of the document
 */
export function takingOut(id) {
  const said = h("span", { class: "outcome", role: "status" });
  /** @param {"html" | "docx"} format */
  const take = (format) => async () => {
    said.textContent = "";
    try {
      save(await translator.bilingual(id, format));
      said.textContent = say("takenOut");
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = words(problem);
    }
    announce(said.textContent);
  };
  return [
    button({ class: "button", id: "take-html", onclick: take("html") }, say("takeHtml")),
    button({ class: "button", id: "take-docx", onclick: take("docx") }, say("takeWord")),
    said,
  ];
}
