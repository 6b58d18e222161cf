// Sends files one after the other and follows what becomes of each, until it is searchable or needs a hand.

import { button, h, keyed } from "../parts/dom.js";
import { ask } from "../parts/dialog.js";
import { reasonField } from "../parts/fields.js";
import { badges } from "../parts/label.js";
import { words } from "../parts/notice.js";
import { stateName, troubleWords } from "../parts/value-names.js";
import { Problem } from "../service/problem.js";
import * as registrar from "../service/registrar.js";
import { current } from "../service/session.js";
import { say } from "./strings.js";

/**
 * @import { Receipt, Scheme } from "../service/answers.js"
 * @typedef {object} Sent a file on its way
 * @property {number} number
 * @property {File} file
 * @property {Record<string, string>} form
 * @property {"waiting" | "sending" | "refused" | "taken"} stage
 * @property {Receipt | null} receipt
 * @property {Problem | null} problem
 * @property {Record<string, string>} reasons why it is right all the same, by what was asked
 */

const SOON = 2_000; // milliseconds until the first look at what became of a file
const LATEST = 20_000;
const ENDS = ["translated", "quarantined"];

export class Sending {
  /** @param {Scheme} scheme */
  constructor(scheme) {
    this.scheme = scheme;
    /** @type {Sent[]} */
    this.files = [];
    this.busy = false;
    this.session = current();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.wait = SOON;
    this.resting = true;
    this.bar = h("progress", { max: "1", value: "0", "aria-labelledby": "sent" });
    this.count = h("p", { id: "sent", class: "small", role: "status" });
    this.body = h("tbody", {});
    this.heads = h("tr", {});
    const rows = h("table", { class: "rows" }, h("thead", {}, this.heads), this.body);
    this.node = h("div", { class: "sending", hidden: true }, this.count, this.bar, rows);
  }

  /**
   * Files to be sent under what the form says now.
   * @param {File[]} files
   * @param {Record<string, string>} form
   */
  add(files, form) {
    for (const file of files) {
      this.files.push({ number: this.files.length, file, form, stage: "waiting", receipt: null, problem: null, reasons: {} });
    }
    this.draw();
    return this.send();
  }

  async send() {
    if (this.busy) return;
    this.busy = true;
    for (let next = this.next(); next; next = this.next()) await this.bring(next);
    this.busy = false;
  }

  /** The next that waits: none once somebody else is signed in, whose files these are not. */
  next() {
    if (current() !== this.session) return undefined;
    return this.files.find(({ stage }) => stage === "waiting");
  }

  /** @param {Sent} sent */
  async bring(sent) {
    Object.assign(sent, { stage: "sending", problem: null });
    this.draw();
    try {
      sent.receipt = await registrar.takeIn(formOf(sent));
      sent.stage = "taken";
      this.wait = SOON;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      Object.assign(sent, { stage: "refused", problem });
    }
    this.draw();
    this.watch();
  }

  /** Look now and then at what becomes of the files, while somebody looks at the page. */
  watch() {
    this.resting = false;
    clearTimeout(this.timer);
    if (this.under().length) this.timer = setTimeout(() => this.look(), this.wait);
  }

  rest() {
    this.resting = true;
    clearTimeout(this.timer);
  }

  under() {
    return this.files.filter(({ receipt }) => receipt && !ENDS.includes(receipt.state));
  }

  async look() {
    try {
      const rows = await registrar.intake({ offset: 0, limit: 200, state: "", review_by: "" });
      const found = new Map(rows.map((row) => [row.document_id, row]));
      for (const sent of this.under()) {
        const id = sent.receipt?.document_id ?? "";
        sent.receipt = found.get(id) ?? (await registrar.intakeOf(id));
      }
      this.wait = Math.min(LATEST, this.wait * 1.5);
      this.draw();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.wait = LATEST; // the next look may succeed
    }
    if (!this.resting) this.watch();
  }

  draw() {
    const heads = [say("file"), say("under"), say("fares")];
    this.heads.replaceChildren(...heads.map((head) => h("th", { scope: "col" }, head)));
    const over = this.files.filter(({ stage }) => stage === "taken" || stage === "refused").length;
    this.node.hidden = this.files.length === 0;
    this.bar.max = Math.max(1, this.files.length);
    this.bar.value = over;
    this.count.textContent = say("progress", { n: over, total: this.files.length });
    const rows = this.files.map((sent) => ({
      key: String(sent.number),
      value: [sent.stage, sent.receipt, sent.problem && words(sent.problem), heads],
      make: () => this.row(sent, heads),
    }));
    keyed(this.body, rows);
  }

  /** @param {Sent} sent @param {string[]} heads */
  row(sent, heads) {
    const { level, releasable_to: to, need_to_know: need, originator } = sent.form;
    const label = { level, releasable_to: to === "ALL" ? /** @type {const} */ ("ALL") : to.split(",").filter(Boolean), need_to_know: need, originators: [originator] };
    return h(
      "tr",
      {},
      h("th", { scope: "row", "data-head": heads[0] }, h("bdi", {}, sent.file.name)),
      h("td", { "data-head": heads[1] }, badges(label, this.scheme)),
      h("td", { "data-head": heads[2] }, this.fares(sent)),
    );
  }

  /** @param {Sent} sent */
  fares(sent) {
    const { stage, receipt, problem } = sent;
    if (receipt) {
      const trouble = troubleWords(receipt);
      const link = h("a", { href: `#/handling/${encodeURIComponent(receipt.document_id)}` }, say("open"));
      const known = receipt.duplicate ? `${say("duplicate")}, ` : "";
      return [h("span", {}, known, stateName(receipt.state)), trouble && h("p", { class: "quiet-line" }, trouble), " ", link];
    }
    if (!problem) return say(stage === "sending" ? "file_sending" : "file_waiting");
    const again =
      problem.code === "alike" || problem.code === "marking"
        ? button({ class: "button slim", onclick: () => this.confirm(sent) }, say("confirm"))
        : button({ class: "button slim", onclick: () => this.bring(sent) }, say("again"));
    return [h("strong", {}, say("file_refused")), h("p", { class: "quiet-line" }, words(problem)), again];
  }

  /** @param {Sent} sent */
  async confirm(sent) {
    const { problem } = sent;
    if (!problem) return;
    const reason = reasonField();
    const done = await ask({
      title: say(problem.code === "alike" ? "confirmTitle" : "markingTitle"),
      parts: [...confirmParts(problem), reason.node],
      press: say("confirmPress"),
      submit: async () => {
        sent.reasons[`${problem.code}_reason`] = reason.value();
      },
    });
    if (done) await this.bring(sent); // which may ask the other question too
  }
}

/** @param {Problem} problem what must be looked at before it is confirmed */
function confirmParts(problem) {
  if (problem.code === "marking") return [h("p", {}, words(problem)), h("p", {}, say("markingLead"))];
  const ids = String(problem.parameters.documents ?? "").split(", ");
  const links = ids.map((id) => h("li", {}, h("a", { href: `#/document/${encodeURIComponent(id)}/1`, target: "_blank" }, id)));
  return [h("p", {}, say("confirmLead")), h("ul", { class: "alike" }, links)];
}

/** @param {Sent} sent */
function formOf({ file, form, reasons }) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...form, ...reasons })) if (value) body.set(name, value);
  body.set("file", file, file.name);
  return body;
}
