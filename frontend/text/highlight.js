// Turns highlight offsets into pieces of text. The service counts code points, JavaScript counts UTF-16 units.

/** @import { Span } from "../service/answers.js" */

/**
 * Spans in code points → the same spans in UTF-16 units of this text.
 * @param {string} text
 * @param {Span[]} spans
 * @returns {Span[]}
 */
export function inUnits(text, spans) {
  const units = [0];
  for (const character of text) units.push(units[units.length - 1] + character.length);
  /** @param {number} point */
  const at = (point) => units[Math.min(Math.max(point, 0), units.length - 1)];
  return spans.map(([start, end]) => [at(start), at(end)]);
}

/**
 * Those parts of spans that lie between two places, counted from the first of them. All in UTF-16 units.
 * @param {Span[]} spans
 * @param {number} from
 * @param {number} to
 * @returns {Span[]}
 */
export function clipped(spans, from, to) {
  return spans
    .filter(([start, end]) => start < to && end > from)
    .map(([start, end]) => [Math.max(start, from) - from, Math.min(end, to) - from]);
}

/**
 * A text cut at its spans (UTF-16 units, in order): [{text, lit}]; empty pieces are left out.
 * @param {string} text
 * @param {Span[]} spans
 */
export function pieces(text, spans) {
  const parts = [];
  let at = 0;
  for (const [start, end] of spans) {
    parts.push({ text: text.slice(at, start), lit: false });
    parts.push({ text: text.slice(Math.max(at, start), end), lit: true });
    at = Math.max(at, end);
  }
  parts.push({ text: text.slice(at), lit: false });
  return parts.filter((piece) => piece.text);
}

/**
 * The stretch of about `size` units that holds most of the spans: {text, spans}, with … where text is left out.
 * @param {string} text
 * @param {Span[]} spans
 * @param {number} size
 */
export function excerpt(text, spans, size) {
  return cut(text, stretch(text, spans, size), spans);
}

/**
 * Where that stretch is: [from, to].
 * @param {string} text
 * @param {Span[]} spans
 * @param {number} size
 * @returns {Span}
 */
export function stretch(text, spans, size) {
  if (text.length <= size * 1.2) return [0, text.length];
  const from = beginning(text, densest(spans, size), size);
  return [from, from + size >= text.length ? text.length : wordEnd(text, from + size)];
}

/**
 * A stretch of a text and those of the spans that lie in it: {text, spans}, with … where text is left out.
 * @param {string} text
 * @param {Span} place
 * @param {Span[]} spans
 * @returns {{ text: string, spans: Span[] }}
 */
export function cut(text, [from, to], spans) {
  const before = from > 0 ? "… " : "";
  /** @type {(span: Span) => Span} */
  const shift = ([start, end]) => [start + before.length, end + before.length];
  const shifted = clipped(spans, from, to).map(shift);
  return { text: before + text.slice(from, to) + (to < text.length ? " …" : ""), spans: shifted };
}

/**
 * The beginning of the span that has most others in the `size` units after it; 0 when there is none.
 * @param {Span[]} spans
 * @param {number} size
 */
export function densest(spans, size) {
  /** @param {number} start */
  const within = (start) => spans.filter(([a, b]) => a >= start && b <= start + size * 0.8).length;
  return spans.reduce((best, [start]) => (within(start) > within(best) ? start : best), spans[0]?.[0] ?? 0);
}

/**
 * A little before the first span: where its sentence begins if that is near, else between two words.
 * @param {string} text
 * @param {number} start
 * @param {number} size
 */
function beginning(text, start, size) {
  const earliest = Math.max(0, Math.min(start - Math.round(size * 0.2), text.length - size));
  if (earliest === 0) return 0;
  const lead = text.slice(earliest, start);
  const sentence = [...lead.matchAll(/[.!?]\s+/g)].pop();
  if (sentence) return earliest + sentence.index + sentence[0].length;
  const space = lead.search(/\s/);
  return space < 0 ? start : earliest + space + 1;
}

/** @param {string} text @param {number} at */
function wordEnd(text, at) {
  const space = text.slice(0, at).search(/\s\S*$/);
  return space > 0 ? space : at;
}
