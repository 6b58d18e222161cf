// One line of an alignment: sentences of both papers, what can be done with them, and where they would be cut.

import { button, h } from "../parts/dom.js";
import { address } from "../state/router.js";
import { say } from "./strings.js";

/**
 * @import { AlignedSegment, Bead, Code, Correction } from "../service/answers.js"
 * @typedef {{ en: number, ru: number }} Cut after how many sentences of each side
 * @typedef {"join" | "split" | "unlink" | "giveEn" | "giveRu" | "takeEn" | "takeRu"} Act
 * @typedef {{ code: string, shift: boolean, sign: string, change: (bead: Bead, cut: Cut) => Omit<Correction, "version"> }} Doing
 *   the key by its place on the keyboard, and how it is written
 */

/** @type {Record<Act, Doing>} */
export const ACTS = {
  join: { code: "KeyM", shift: false, sign: "M", change: ({ place }) => ({ kind: "join", place, count: 2 }) },
  split: { code: "KeyS", shift: false, sign: "S", change: ({ place }, cut) => ({ kind: "split", place, ...cut }) },
  unlink: { code: "KeyX", shift: false, sign: "X", change: ({ place }) => ({ kind: "unlink", place }) },
  giveEn: { code: "KeyG", shift: false, sign: "G", change: ({ place }) => ({ kind: "move", place, en: 1 }) },
  giveRu: { code: "KeyG", shift: true, sign: "⇧G", change: ({ place }) => ({ kind: "move", place, ru: 1 }) },
  takeEn: { code: "KeyT", shift: false, sign: "T", change: ({ place }) => ({ kind: "move", place, en: -1 }) },
  takeRu: { code: "KeyT", shift: true, sign: "⇧T", change: ({ place }) => ({ kind: "move", place, ru: -1 }) },
};

const DOUBTED = 0.5; // below this confidence a line is said to be doubtful

/**
 * Where a bead is cut unless somebody says otherwise: each side in half, the first half the longer.
 * @param {Bead} bead
 * @returns {Cut}
 */
export const cutAt = ({ sides }) => ({ en: Math.ceil(sides.en.length / 2), ru: Math.ceil(sides.ru.length / 2) });

/**
 * @typedef {object} Row
 * @property {Bead} bead
 * @property {number} total
 * @property {boolean} inHand
 * @property {Cut | null} cut
 * @property {boolean} edits
 * @property {(act: Act) => unknown} onAct
 * @property {(cut: Cut) => unknown} onCut
 * @property {() => unknown} onTake it is taken in hand
 */

/** @param {Row} row */
export function beadRow(row) {
  const { bead, total, inHand, cut, edits, onTake } = row;
  const at = say("bead", { n: bead.place + 1, total });
  return h(
    "li",
    { class: "bead", tabindex: inHand ? "0" : "-1", "data-place": bead.place, "aria-current": inHand ? "true" : null, "aria-label": at, onclick: inHand ? null : onTake },
    h("div", { class: "bead-head small" }, at, marks(bead)),
    h("div", { class: "bead-sides" }, side("en", row), side("ru", row)),
    inHand && edits && cut && h("div", { class: "buttons" }, acts(row)),
  );
}

/** @param {Bead} bead whether a person put it right, and how sure the machine is */
function marks({ decided_by: by, confidence, sides }) {
  const alone = !sides.en.length || !sides.ru.length;
  const said = by ? say("byHand", { by }) : alone ? say("alone") : confidence < DOUBTED ? say("doubtful") : "";
  return said && h("span", { class: by ? "badge quiet by-hand" : "badge quiet" }, h("bdi", {}, said));
}

/** @param {Code} language @param {Row} row */
function side(language, { bead, cut, onCut }) {
  const sentences = bead.sides[language];
  /** @param {number} after */
  const line = (after) => {
    if (!cut || sentences.length < 2 || after < 1 || after >= sentences.length) return null;
    const here = cut[language] === after;
    return button({ class: "cut", "aria-pressed": String(here), onclick: () => onCut({ ...cut, [language]: after }) }, say(here ? "cutHere" : "cut"));
  };
  const parts = sentences.map((sentence, at) => [line(at), sentenceLine(language, sentence)]);
  return h("div", { class: "bead-side", lang: language }, sentences.length ? parts : h("p", { class: "small" }, say("nothing")));
}

/** @param {Code} language @param {AlignedSegment} sentence */
function sentenceLine(language, { segment_id: id, page, text }) {
  const where = h("a", { class: "quiet-line", href: address(id.slice(0, id.lastIndexOf(".s")), page) }, say("page", { page }));
  return h("p", {}, h("span", { lang: language }, text), " ", where);
}

/** @param {Row} row what would change something */
function acts({ bead: { place, sides }, total, onAct }) {
  const last = place + 1 >= total;
  const { en, ru } = sides;
  /** @type {Record<Act, boolean>} */
  const open = {
    join: !last,
    split: en.length + ru.length > 1 && (en.length > 1 || ru.length > 1),
    unlink: en.length > 0 && ru.length > 0,
    giveEn: !last && en.length > 0,
    giveRu: !last && ru.length > 0,
    takeEn: !last,
    takeRu: !last,
  };
  return /** @type {Act[]} */ (Object.keys(ACTS))
    .filter((act) => open[act])
    .map((act) => button({ class: "button slim", id: `act-${act}`, onclick: () => onAct(act) }, say(act), h("kbd", {}, ACTS[act].sign)));
}
