// The dossier: passages collected while reading, ordered, commented and taken out under the label of all together.

import { day, language, t, tOr } from "../languages/language.js";
import { titles } from "../parts/document-facts.js";
import { announce, button, byId, h, keyed, save } from "../parts/dom.js";
import { lineField } from "../parts/fields.js";
import { badges, banner } from "../parts/label.js";
import { isAborted, notice } from "../parts/notice.js";
import * as api from "../service/expert.js";
import { address, keepInAddress } from "../state/router.js";
import { OTHER } from "../text/translation.js";
import { say } from "./strings.js";

/**
 * @import { DossierContent, DossierPassage, Scheme } from "../service/answers.js"
 * @import { Problem } from "../service/problem.js"
 * @import { Collected, Dossier } from "../state/dossier.js"
 */

/** @param {{ scheme: Scheme, dossier: Dossier }} given */
export function dossierView({ scheme, dossier }) {
  return new DossierView(scheme, dossier);
}

class DossierView {
  /** @param {Scheme} scheme @param {Dossier} dossier */
  constructor(scheme, dossier) {
    this.scheme = scheme;
    this.dossier = dossier;
    this.node = h("section", { class: "work dossier", "aria-labelledby": "dossier-title" });
    /** @type {Map<number, DossierPassage | null>} what may be read, by the key of its passage */
    this.texts = new Map();
    /** @type {DossierContent["label"]} */
    this.label = null;
    this.redraw();
  }

  /** Shown, and printed at once where the address says so. @param {{ id: string }} to */
  async enter({ id }) {
    byId("dossier-title").focus();
    await this.load();
    if (id !== "print" || !this.label || !this.node.isConnected || this.node.hidden) return;
    keepInAddress("dossier", ""); // a reload prints nothing again
    print();
  }

  leave() {
    this.texts.clear();
    this.label = null;
    this.fill();
  }

  /** Draw everything anew, as after a change of language. */
  redraw() {
    const { dossier } = this;
    this.above = h("div", { class: "dossier-label" });
    this.below = h("div", { class: "dossier-label" });
    this.trouble = h("div", {});
    this.said = h("p", { class: "outcome dossier-tools", role: "status" });
    this.list = h("ol", { class: "passages", "aria-label": say("passages") });
    const typed = (/** @type {Event & { target: HTMLInputElement }} */ { target }) => dossier.entitle(target.value);
    const title = lineField("dossier-name", say("title"), { maxlength: "300", value: dossier.title, oninput: typed });
    this.presses = h(
      "p",
      { class: "buttons dossier-tools" },
      button({ class: "button primary", onclick: () => this.take("html") }, say("take")),
      button({ class: "button", onclick: () => this.take("docx") }, say("takeWord")),
      button({ class: "button", onclick: () => print() }, say("print")),
    );
    const head = h("div", { class: "work-head" }, h("h1", { id: "dossier-title", tabindex: "-1" }, t("titleDossier")), h("p", { class: "dossier-tools" }, say("lead")));
    this.none = h("p", { class: "notice" }, say("none"));
    this.node.replaceChildren(this.above, head, title.node, this.presses, this.said, this.trouble, this.none, this.list, this.below);
    this.fill();
  }

  /** Ask anew what of the passages may be read now, and show that. */
  async load() {
    try {
      await this.dossier.restore();
      const name = byId("dossier-name");
      if (name instanceof HTMLInputElement) name.value = this.dossier.title;
      const collected = [...this.dossier.passages];
      const content = await api.dossier(this.dossier.asked());
      this.texts = new Map(collected.map(({ key }, at) => [key, content.passages[at]]));
      this.label = content.label;
      this.trouble?.replaceChildren();
    } catch (problem) {
      if (!isAborted(problem)) this.trouble?.replaceChildren(notice(/** @type {Problem} */ (problem), () => this.load()));
    }
    this.fill();
  }

  fill() {
    const { list, above, below, none, presses } = this;
    if (!list || !above || !below || !none || !presses) return;
    const shown = this.dossier.passages.filter(({ key }) => this.texts.has(key));
    keyed(list, shown.map((each) => ({ key: String(each.key), value: [language(), this.texts.get(each.key)], make: () => this.card(each) })));
    for (const place of [above, below]) place.replaceChildren(...(this.label ? [banner(this.label, this.scheme)] : []));
    none.hidden = this.dossier.passages.length > 0;
    presses.hidden = !none.hidden;
  }

  /** @param {Collected} collected */
  card({ key, comment }) {
    const passage = this.texts.get(key) ?? null;
    const title = passage ? titles(passage.title, passage.language)[0].text : say("absentTitle");
    /** @param {"up" | "down" | "remove"} act @param {string} sign @param {() => unknown} onclick */
    const press = (act, sign, onclick) => {
      const said = say(act, { title });
      return button({ class: "button slim", "data-key": `${act}-${key}`, "aria-label": said, title: said, onclick }, sign);
    };
    const id = `comment-${key}`;
    const oninput = (/** @type {Event & { target: HTMLTextAreaElement }} */ { target }) => this.dossier.comment(key, target.value);
    const field = h("textarea", { id, rows: "2", maxlength: "2000", oninput }, comment);
    return h(
      "li",
      { class: "card" },
      passage ? quoted(passage, this.scheme) : h("p", { class: "quiet-line" }, say("absent")),
      h("div", { class: "field" }, h("label", { for: id }, say("comment")), field),
      h(
        "p",
        { class: "buttons dossier-tools" },
        press("up", "↑", () => this.move(key, -1, "up")),
        press("down", "↓", () => this.move(key, 1, "down")),
        press("remove", "×", () => this.remove(key)),
      ),
    );
  }

  /** @param {number} key @param {1 | -1} by @param {"up" | "down"} act */
  move(key, by, act) {
    this.dossier.move(key, by);
    this.fill();
    const again = this.list?.querySelector(`[data-key="${act}-${key}"]`);
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {number} key */
  async remove(key) {
    this.dossier.remove(key);
    byId("dossier-title").focus();
    await this.load(); // the label of the others may be weaker
  }

  /** @param {"html" | "docx"} format */
  async take(format) {
    try {
      const title = this.dossier.title.trim() || say("titleFirst");
      save(await api.dossierFile(this.dossier.asked(), title, language(), format));
      if (this.said) this.said.textContent = say("taken");
      announce(say("taken"));
    } catch (problem) {
      if (!isAborted(problem)) this.trouble?.replaceChildren(notice(/** @type {Problem} */ (problem), () => this.take(format)));
    }
  }
}

/** @param {DossierPassage} passage @param {Scheme} scheme */
function quoted({ document_id: id, title, symbol, date, language: own, page, label, sentences }, scheme) {
  const [name] = titles(title, own);
  const translated = sentences.filter(({ translation }) => translation !== null);
  const origins = [...new Set(translated.map(({ origin }) => tOr(`origin_${origin}`, origin)))].join("; ");
  const known = [symbol, t("page", { n: page }), date && day(date)].filter(Boolean).join(" · ");
  return [
    h("h2", {}, h("a", { href: address(id, page), lang: name.lang }, h("bdi", {}, name.text))),
    h("p", { class: "facts" }, badges(label, scheme), h("bdi", {}, known)),
    h("blockquote", { lang: own }, sentences.map(({ text }) => text).join(" ")),
    translated.length > 0 && [
      h("p", { class: "small" }, origins),
      h("blockquote", { lang: OTHER[own] }, translated.map(({ translation }) => translation).join(" ")),
    ],
  ];
}
